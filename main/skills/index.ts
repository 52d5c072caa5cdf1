// SkillPilot's interface for shells: command line, app and MCP server call these and hold no logic of their own.
import { readdir } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts';
import { JobManifest, SkillSummary } from '@genrtl/contracts/skill-run.ts';
import { SKILL_FAILURES } from '@genrtl/contracts/skill-failures.ts';
import { SkillName } from '@genrtl/contracts/skill-contract.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { findSkillFolder, listSkillFolders, readSkill, SHIPPED_SKILLS, type SkillListing } from './catalogue.ts';
import { HOSTS } from './hosts.ts';
import { lintSkill, type SkillLintResult } from './lint.ts';
import {
  environmentOf,
  jobRequestOf,
  runRootOf,
  skillFoldersOf,
  type RunSkillOptions,
  type SkillContext,
} from './options.ts';
import { resumeJob, runJob, type SkillJobResult } from './orchestrator.ts';
import { findRunDir, listRunDirs, runDirAt, type RunDir } from './run-dir.ts';
import { isInstalled } from './session.ts';
import { isTrusted, skillHash, trustSkill } from './skill-trust.ts';
import { readTimeline, stateOf } from './timeline.ts';

export {
  runSkillBatch,
  resumeSkillBatch,
  readBatchPlan,
  type BatchOptions,
  type BatchPlan,
  type BatchResult,
} from './batch.ts';
export { compareRuns, comparisonPasses, parseThreshold, type CompareOptions } from './compare.ts';
export { comparisonCsv, comparisonHtml, comparisonText } from './compare-text.ts';
export { newSkill, type NewSkillOptions } from './scaffold.ts';
export { skillStats, type SkillStats } from './stats.ts';
export { runRootOf, skillFoldersOf, type RunSkillOptions, type SkillContext } from './options.ts';
export { readParameters } from './parameter-text.ts';
export { pathFormatOf } from './parameters.ts';
export type { SkillJobResult } from './orchestrator.ts';
export type { SkillLintResult } from './lint.ts';

/**
 * One job from start to its end or to the choice of a database. Throws SKILL_NOT_FOUND; every later failure is in the
 * result.
 */
export async function runSkillJob(options: RunSkillOptions, context: SkillContext): Promise<SkillJobResult> {
  return runJob(runRootOf(context), await jobRequestOf(options, context), environmentOf(context));
}

/**
 * Goes on after WAITING_SELECTION, or closes what a dead supervisor left. Throws SELECTION_INVALID, RUN_DIR_BUSY,
 * RUN_DIR_NOT_FOUND.
 */
export async function resumeSkillJob(
  jobIdOrRunDir: string,
  selection: string | null,
  context: SkillContext,
): Promise<SkillJobResult> {
  return resumeJob(jobIdOrRunDir, runRootOf(context), selection, environmentOf(context));
}

export interface ListedSkill extends SkillListing {
  /** of contract, metrics and script; null for one that cannot be read */
  readonly sha256: string | null;
  /** false: a skill of the workspace that nobody trusted on this machine as it is now */
  readonly trusted: boolean;
  /** it stands before a skill of the same name that genRTL ships */
  readonly hidesShipped: boolean;
  /** the tool that it needs was found here */
  readonly installed: boolean;
}

/** All skills that can be found, faulty ones with their diagnostics. */
export async function listSkills(context: SkillContext): Promise<ListedSkill[]> {
  const found = await listSkillFolders(skillFoldersOf(context));
  const shipped = new Set((await readdir(SHIPPED_SKILLS)).filter((name) => SkillName.safeParse(name).success));
  return Promise.all(
    found.map(async (each) => ({
      ...each,
      sha256: each.skill === null ? null : skillHash(each.skill),
      trusted: each.origin !== 'workspace' || (each.skill !== null && (await isTrusted(context.env, each.skill))),
      hidesShipped: each.origin !== 'shipped' && shipped.has(each.name),
      installed: each.skill !== null && (await isInstalled(HOSTS[each.skill.contract.host], context.env)),
    })),
  );
}

/**
 * A person trusts a skill of the workspace as it is now; `seen`: the hash that was shown. Throws SKILL_NOT_FOUND,
 * SKILL_INVALID, SKILL_CHANGED.
 */
export async function trustSkillByName(
  name: string,
  seen: string | null,
  context: SkillContext,
): Promise<{ readonly folder: string; readonly sha256: string }> {
  const { folder } = await findSkillFolder(name, skillFoldersOf(context));
  return { folder, sha256: skillHash(await trustSkill(context.env, folder, seen)) };
}

/** The summary of a finished job; null when it has none. */
export async function readSummary(runDir: string): Promise<SkillSummary | null> {
  return readJson(runDirAt(runDir).summaryJson, SkillSummary);
}

/** Checks a skill by name or path, its offline tests included. Throws SKILL_NOT_FOUND. */
export async function lintSkillByName(nameOrPath: string, context: SkillContext): Promise<SkillLintResult> {
  return lintSkill((await findSkillFolder(nameOrPath, skillFoldersOf(context))).folder);
}

async function upToDate(manifest: JobManifest, dir: RunDir): Promise<JobManifest> {
  return manifest.status === 'RUNNING'
    ? { ...manifest, state: stateOf(manifest, await readTimeline(dir.timeline)) }
    : manifest;
}

/** The manifest of a run directory by job id or path. Throws RUN_DIR_NOT_FOUND, STATE_UNREADABLE. */
export async function readManifest(
  jobIdOrRunDir: string,
  context: SkillContext,
): Promise<{ manifest: JobManifest; runDir: string }> {
  const dir = await findRunDir(jobIdOrRunDir, runRootOf(context));
  const manifest = await readJson(dir.manifest, JobManifest);
  if (manifest === null) throw new GenrtlError('RUN_DIR_NOT_FOUND', `${dir.root} holds no job_manifest.json.`);
  return { manifest: await upToDate(manifest, dir), runDir: dir.root };
}

/** Manifests of all run directories, newest first; unreadable ones are left out. */
export async function listRuns(context: SkillContext): Promise<{ manifest: JobManifest; runDir: string }[]> {
  const found: { manifest: JobManifest; runDir: string }[] = [];
  for (const dir of (await listRunDirs(runRootOf(context))).reverse()) {
    const manifest = await readJson(dir.manifest, JobManifest).catch(() => null);
    if (manifest !== null) found.push({ manifest: await upToDate(manifest, dir), runDir: dir.root });
  }
  return found;
}

/** The command line's exit code for a job's end. */
export function exitCodeOfJob(result: Pick<SkillJobResult, 'status' | 'error_type'>): number {
  if (result.status === 'WAITING_SELECTION') return 6;
  if (result.status === 'DONE') return 0;
  return SKILL_FAILURES[result.error_type ?? 'INTERNAL'].exit;
}

/**
 * The JSON Schema of a skill's parameters; of a skill that cannot be read, a schema that takes anything (the job then
 * says why).
 */
export async function parameterSchema(
  nameOrPath: string,
  context: SkillContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { skill } = await readSkill((await findSkillFolder(nameOrPath, skillFoldersOf(context))).folder);
  return skill?.contract.parameters ?? { type: 'object' };
}
