// SkillPilot's interface for shells: command line, app and MCP server call these and hold no logic of their own.
import path from 'node:path';
import { LauncherSettings, SKILL_FAILURES, SkillSummary, type LauncherId, type TimelineEvent } from '@genrtl/contracts';
import { readJson } from '../workspace/files.ts';
import { findSkillFolder, listSkillFolders, SHIPPED_SKILLS, type SkillListing } from './catalogue.ts';
import type { JobEnvironment, JobRequest } from './job.ts';
import { resumeJob, runJob, type SkillJobResult } from './orchestrator.ts';
import { startSession } from './session.ts';
import { runDirAt } from './run-dir.ts';

export { runSkillBatch, resumeSkillBatch, readBatchPlan, type BatchOptions, type BatchResult } from './batch.ts';
export { compareRuns, type CompareOptions } from './compare.ts';
export { comparisonCsv, comparisonHtml, comparisonText } from './compare-text.ts';
export { lintSkill, type SkillLintResult } from './lint.ts';
export { newSkill, type NewSkillOptions } from './scaffold.ts';
export { skillStats, type SkillStats } from './stats.ts';
export type { SkillJobResult } from './orchestrator.ts';
export type { SkillListing } from './catalogue.ts';

/** Where things are and how the caller listens; the same for every call. */
export interface SkillContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** default: `<cwd>/.genRTL/skill-runs` */
  readonly runRoot?: string | undefined;
  /** searched before the shipped skills; default: `<cwd>/skills`, then the folders of GENRTL_SKILLS (separated by `:`) */
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
  readonly launcher?: Partial<LauncherSettings> & { readonly id: LauncherId } | undefined;
  /** executable of the tool; default: GENRTL_TOOL_<HOST>, else the host's names on PATH */
  readonly tool?: string | null | undefined;
  readonly pollMs?: number | undefined;
  readonly heartbeatMs?: number | undefined;
  readonly maxLogBytes?: number | undefined;
}

const DEFAULTS = { pollMs: 200, heartbeatMs: 1000, maxLogBytes: 1024 * 1024 * 1024 } as const;

export function skillFoldersOf(context: SkillContext): string[] {
  const given = context.skillFolders ?? [path.join(context.cwd, 'skills'), ...(context.env['GENRTL_SKILLS'] ?? '').split(':').filter((each) => each !== '')];
  return [...given.map((each) => path.resolve(context.cwd, each)), SHIPPED_SKILLS];
}

export function runRootOf(context: SkillContext): string {
  return path.resolve(context.cwd, context.runRoot ?? path.join('.genRTL', 'skill-runs'));
}

export function environmentOf(context: SkillContext): JobEnvironment {
  return { cwd: context.cwd, env: context.env, signal: context.signal, onEvent: context.onEvent ?? (() => undefined), startSession };
}

/** Options with defaults as a job request. Throws SKILL_NOT_FOUND. */
export async function jobRequestOf(options: RunSkillOptions, context: SkillContext): Promise<JobRequest> {
  const database = options.database ?? null;
  const top = options.parameters?.['top'];
  const stem = database === null ? null : path.basename(database).replace(/\.(enc\.dat|enc|il|v|sdc|mag|spice|tcldb)$/, '');
  return {
    skillFolder: await findSkillFolder(options.skill, skillFoldersOf(context)),
    design: options.design ?? stem ?? (typeof top === 'string' ? top : path.basename(options.skill)),
    database, searchPaths: (options.searchPaths ?? ['.']).map((each) => path.resolve(context.cwd, each)),
    parameters: options.parameters ?? {}, launcher: LauncherSettings.parse(options.launcher ?? { id: 'local' }),
    tool: options.tool ?? null, pollMs: options.pollMs ?? DEFAULTS.pollMs, heartbeatMs: options.heartbeatMs ?? DEFAULTS.heartbeatMs,
    maxLogBytes: options.maxLogBytes ?? DEFAULTS.maxLogBytes, jobId: null,
  };
}

/** One job from start to its end or to the choice of a database. Throws SKILL_NOT_FOUND; every later failure is in the result. */
export async function runSkillJob(options: RunSkillOptions, context: SkillContext): Promise<SkillJobResult> {
  return runJob(runRootOf(context), await jobRequestOf(options, context), environmentOf(context));
}

/** Goes on after WAITING_SELECTION, or closes what a dead supervisor left. Throws SELECTION_INVALID, RUN_DIR_BUSY, RUN_DIR_NOT_FOUND. */
export async function resumeSkillJob(jobIdOrRunDir: string, selection: string | null, context: SkillContext): Promise<SkillJobResult> {
  return resumeJob(jobIdOrRunDir, runRootOf(context), selection, environmentOf(context));
}

/** All skills that can be found, faulty ones with their diagnostics. */
export async function listSkills(context: SkillContext): Promise<SkillListing[]> {
  return listSkillFolders(skillFoldersOf(context));
}

/** The summary of a finished job; null when it has none. */
export async function readSummary(runDir: string): Promise<SkillSummary | null> {
  return readJson(runDirAt(runDir).summaryJson, SkillSummary);
}

/** The command line's exit code for a job's end (design section 7). */
export function exitCodeOfJob(result: Pick<SkillJobResult, 'status' | 'error_type'>): number {
  if (result.status === 'WAITING_SELECTION') return 6;
  if (result.status === 'DONE') return 0;
  return SKILL_FAILURES[result.error_type ?? 'INTERNAL'].exit;
}
