// Options of a caller as inputs of a job: where skills and runs lie, defaults, environment.
import path from 'node:path';
import { LauncherSettings, type TimelineEvent } from '@genrtl/contracts/skill-run.ts';
import type { LauncherId } from '@genrtl/contracts/skill-contract.ts';
import { findSkillFolder, SHIPPED_SKILLS, type SkillFolder } from './catalogue.ts';
import type { JobEnvironment, JobRequest } from './job.ts';
import { startSession } from './session.ts';
import { requireTrusted, skillHash, trustSkill } from './skill-trust.ts';

/** Where things are and how the caller listens; the same for every call. */
export interface SkillContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** default: `<cwd>/.genRTL/skill-runs` */
  readonly runRoot?: string | undefined;
  /**
   * searched before the shipped skills, and trusted; default: `<cwd>/skills`, whose skills need a person's trust, then
   * the folders of GENRTL_SKILLS (separated by `:`)
   */
  readonly skillFolders?: readonly string[] | undefined;
  readonly onEvent?: ((event: TimelineEvent, runDir: string) => void) | undefined;
}

export interface RunSkillOptions {
  /** name of a skill, or a path that contains `/` */
  readonly skill: string;
  /** name of the design in summaries; default: the database's name, the parameter `top`, else the skill */
  readonly design?: string | undefined;
  readonly database?: string | null | undefined;
  readonly searchPaths?: readonly string[] | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly launcher?: (Partial<LauncherSettings> & { readonly id: LauncherId }) | undefined;
  /** executable of the tool; default: GENRTL_TOOL_<HOST>, else the host's names on PATH */
  readonly tool?: string | null | undefined;
  readonly pollMs?: number | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly maxLogBytes?: number | undefined;
  /** the person trusts a skill of the workspace now, as it is */
  readonly trust?: boolean | undefined;
}

const DEFAULTS = { pollMs: 200, heartbeatMs: 1000, maxLogBytes: 1024 * 1024 * 1024 } as const;

/** In the order in which a name is looked for. A workspace's own folder that a person named too is a person's. */
export function skillFoldersOf(context: SkillContext): SkillFolder[] {
  const named = (
    context.skillFolders ?? (context.env['GENRTL_SKILLS'] ?? '').split(':').filter((each) => each !== '')
  ).map((each) => path.resolve(context.cwd, each));
  const own = path.join(context.cwd, 'skills');
  return [
    ...(context.skillFolders === undefined && !named.includes(own)
      ? [{ folder: own, origin: 'workspace' as const }]
      : []),
    ...named.map((folder) => ({ folder, origin: 'site' as const })),
    { folder: SHIPPED_SKILLS, origin: 'shipped' },
  ];
}

export function runRootOf(context: SkillContext): string {
  return path.resolve(context.cwd, context.runRoot ?? path.join('.genRTL', 'skill-runs'));
}

export function environmentOf(context: SkillContext): JobEnvironment {
  return {
    cwd: context.cwd,
    env: context.env,
    signal: context.signal,
    onEvent: context.onEvent ?? (() => undefined),
    startSession,
  };
}

/** GENRTL_SKILL_POLL_MS: a site's own interval, for slow shared file systems or quick tests. */
function sitePollMs(env: NodeJS.ProcessEnv): number | null {
  const value = Number(env['GENRTL_SKILL_POLL_MS'] ?? '');
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Options with defaults as a job request. Throws SKILL_NOT_FOUND, SKILL_UNTRUSTED. */
export async function jobRequestOf(options: RunSkillOptions, context: SkillContext): Promise<JobRequest> {
  const database = options.database ?? null;
  const found = await findSkillFolder(options.skill, skillFoldersOf(context));
  const top = options.parameters?.['top'];
  const stem =
    database === null ? null : path.basename(database).replace(/\.(enc\.dat|enc|il|v|sdc|mag|spice|tcldb)$/, '');
  return {
    skillFolder: found.folder,
    skillSha256:
      options.trust === true && found.origin === 'workspace'
        ? skillHash(await trustSkill(context.env, found.folder, null))
        : await requireTrusted(context.env, found),
    design: options.design ?? stem ?? (typeof top === 'string' ? top : path.basename(options.skill)),
    database,
    searchPaths: (options.searchPaths ?? ['.']).map((each) => path.resolve(context.cwd, each)),
    parameters: options.parameters ?? {},
    launcher: LauncherSettings.parse(options.launcher ?? { id: 'local' }),
    tool: options.tool ?? null,
    pollMs: options.pollMs ?? sitePollMs(context.env) ?? DEFAULTS.pollMs,
    heartbeatMs: options.heartbeatMs ?? DEFAULTS.heartbeatMs,
    maxLogBytes: options.maxLogBytes ?? DEFAULTS.maxLogBytes,
    jobId: null,
  };
}
