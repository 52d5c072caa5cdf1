// Settings of a workspace by precedence: its own file, its project file, the person's, the defaults.
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError, UserSettings, WaiverEntry } from '@genrtl/contracts';
import type { Waiver } from '@genrtl/contracts';
import { genrtlHome } from '../installation/home.ts';
import { readText } from '@genrtl/disk/records.ts';
import { effectiveSettings, effectiveWaivers } from '@genrtl/core/project/precedence.ts';
import { readUserSettings } from '../settings/settings-file.ts';
import { readProjectFile } from './load-project.ts';

/** `.genRTL/settings.json` of a workspace overrides the person's settings for jobs in it, and holds its waivers. */
const WorkspaceSettings = z.object({
  ...UserSettings.pick({
    gates: true,
    max_usd: true,
    max_repairs: true,
    model: true,
    lint_tool: true,
    sim_tool: true,
    min_strength: true,
  }).partial().shape,
  waive: z.array(WaiverEntry).default([]),
});

/** Throws USAGE naming the entry that is wrong. */
async function readWorkspaceSettings(workspace: string): Promise<z.infer<typeof WorkspaceSettings>> {
  const text = await readText(path.join(workspace, '.genRTL', 'settings.json'));
  if (text === null) return { waive: [] };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new GenrtlError('USAGE', '.genRTL/settings.json is no JSON.', { cause });
  }
  const parsed = WorkspaceSettings.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new GenrtlError('USAGE', `.genRTL/settings.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, {
    hint: 'Correct the entry that the message names.',
  });
}

/** Throws USAGE, PROJECT_INVALID. */
export async function readSettings(env: NodeJS.ProcessEnv, workspace: string): Promise<UserSettings> {
  const [user, project, own] = await Promise.all([
    readUserSettings(genrtlHome(env), env['LANG'] ?? 'en'),
    readProjectFile(workspace),
    readWorkspaceSettings(workspace),
  ]);
  return UserSettings.parse(effectiveSettings(user, project, own));
}

/** The waivers that the workspace's own files hold. Throws USAGE, PROJECT_INVALID. */
export async function readWorkspaceWaivers(workspace: string): Promise<Waiver[]> {
  const [project, own] = await Promise.all([readProjectFile(workspace), readWorkspaceSettings(workspace)]);
  return effectiveWaivers(project, own);
}
