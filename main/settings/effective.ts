// Settings by precedence (design section 7): flags are the caller's, then the workspace's file, then the person's, then
// the defaults.
import path from 'node:path';
import { UserSettings } from '@genrtl/contracts';
import { genrtlHome } from '../processes/home.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { readUserSettings } from './settings-file.ts';

/** `.genRTL/settings.json` of a workspace overrides the person's settings for jobs in it. */
const WorkspaceSettings = UserSettings.pick({
  gates: true,
  max_usd: true,
  max_repairs: true,
  model: true,
  lint_tool: true,
  sim_tool: true,
}).partial();

export async function readSettings(env: NodeJS.ProcessEnv, workspace: string): Promise<UserSettings> {
  const user = await readUserSettings(genrtlHome(env), env['LANG'] ?? 'en');
  const own = await readJson(path.join(workspace, '.genRTL', 'settings.json'), WorkspaceSettings);
  return UserSettings.parse({ ...user, ...own });
}
