// Whether code that jobs wrote runs in a sandbox: the person's setting, and the workspaces for which a person agreed to
// go without where none can be had. Both are the machine's; a workspace, which may be a stranger's, has no say in it.
import path from 'node:path';
import { z } from 'zod';
import { UnconfinedReason } from '@genrtl/contracts';
import { readText, writeJson } from '@genrtl/disk/records.ts';
import { canConfine, cannotConfine, probeConfinement } from '@genrtl/eda/runner/sandbox/index.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import type { JobState } from '@genrtl/contracts';
import { genrtlHome } from '../installation/home.ts';
import { readStoredSettings, readUserSettings } from './settings-file.ts';

const Agreements = z.object({
  schema_version: z.literal(1),
  workspaces: z.array(z.object({ path: z.string(), reason: UnconfinedReason, at: z.string() })),
});
type Agreements = z.infer<typeof Agreements>;

/** How runs in a workspace are confined, and the word for it in results. */
export interface WorkspaceConfinement {
  readonly policy: ConfinementPolicy;
  readonly confinement: NonNullable<JobState['confinement']>;
}

const file = (home: string): string => path.join(home, 'unconfined.json');

async function agreements(home: string): Promise<Agreements> {
  const none: Agreements = { schema_version: 1, workspaces: [] };
  try {
    const parsed = Agreements.safeParse(JSON.parse((await readText(file(home))) ?? 'null'));
    return parsed.success ? parsed.data : none;
  } catch {
    return none;
  }
}

/** GENRTL_CONFINEMENT before the setting; anything else than `off` is `auto`. */
export async function confinementSetting(env: NodeJS.ProcessEnv): Promise<'auto' | 'off'> {
  const given = env['GENRTL_CONFINEMENT'];
  if (given !== undefined && given !== '') return given === 'off' ? 'off' : 'auto';
  return (await readUserSettings(genrtlHome(env), env['LANG'] ?? 'en')).confinement;
}

/**
 * `workspace` is absolute; `agreed`: the person says yes now, which is remembered for the workspace. Throws
 * CONFINEMENT_UNAVAILABLE where no sandbox can be had and nobody agreed to go without.
 */
export async function confineWorkspace(
  env: NodeJS.ProcessEnv,
  workspace: string,
  agreed: boolean,
): Promise<WorkspaceConfinement> {
  const home = genrtlHome(env);
  if ((await confinementSetting(env)) === 'off')
    return {
      policy: { mode: 'off' },
      confinement: { confined: 'unconfined', unconfined_reason: 'switched_off' },
    };
  const probe = await canConfine(workspace, env);
  if (probe.works) {
    const others = (await readStoredSettings(home)).recent.filter((other) => other !== workspace);
    return { policy: { mode: 'required', hidden: [home, ...others] }, confinement: { confined: 'bubblewrap' } };
  }
  const known = await agreements(home);
  if (!known.workspaces.some((one) => one.path === workspace)) {
    if (!agreed) throw cannotConfine(probe.reason, probe.detail);
    const mine = { path: workspace, reason: probe.reason, at: new Date().toISOString() };
    await writeJson(file(home), { ...known, workspaces: [...known.workspaces, mine] } satisfies Agreements);
  }
  return {
    policy: { mode: 'preferred' },
    confinement: { confined: 'unconfined', unconfined_reason: probe.reason },
  };
}

/** Why jobs on this machine run without a sandbox; null: they run in one. */
export async function unconfinedHere(env: NodeJS.ProcessEnv): Promise<UnconfinedReason | null> {
  if ((await confinementSetting(env)) === 'off') return 'switched_off';
  const probe = await probeConfinement(env);
  return probe.works ? null : probe.reason;
}

/**
 * One tool on a workspace without a job. Where a job has written, its code is confined like the job's own runs; the
 * person's own code writes into the workspace as it is used to, and runs unconfined without asking where it must.
 */
export async function confineSession(
  env: NodeJS.ProcessEnv,
  workspace: string,
  jobWrote: boolean,
  agreed: boolean,
): Promise<ConfinementPolicy> {
  if (jobWrote) return (await confineWorkspace(env, workspace, agreed)).policy;
  if ((await confinementSetting(env)) === 'off') return { mode: 'off' };
  return { mode: 'preferred', workspace: 'write', hidden: [genrtlHome(env)] };
}
