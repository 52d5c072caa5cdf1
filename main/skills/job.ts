// One job in hand: its run directory, manifest, timeline and settings. Created once, opened again by resume; saved
// after every change.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ContractSnapshot } from '@genrtl/contracts/skill-contract.ts';
import { GenrtlError } from '@genrtl/contracts';
import {
  JobManifest,
  type HostLogRecord,
  type LauncherSettings,
  type SkillRequest,
  type SkillState,
  type TimelineEvent,
} from '@genrtl/contracts/skill-run.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { readJson } from '@genrtl/disk/records.ts';
import { acquireWriterLock, type WriterLock } from '@genrtl/disk/writer-lock.ts';
import { findRunDir, newJobId, replaceJson, runDirAt, type RunDir } from './run-dir.ts';
import type { Session, SessionStarter } from './session.ts';
import type { LogMark } from './host-log.ts';
import type { ValidatedOutput } from './outputs.ts';
import { openTimeline, readTimeline, stateOf, type Timeline, type TimelineListener } from './timeline.ts';

/**
 * What the caller wants; everything has been checked for shape, nothing for sense: that is the job's own work, with
 * evidence.
 */
export interface JobRequest {
  readonly skillFolder: string;
  /** hash under which a person trusted a skill of the workspace; null: it needs no trust */
  readonly skillSha256: string | null;
  readonly design: string;
  /** name or path of the database, or null */
  readonly database: string | null;
  readonly searchPaths: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly launcher: LauncherSettings;
  readonly tool: string | null;
  readonly pollMs: number;
  readonly heartbeatMs: number;
  readonly maxLogBytes: number;
  /** chosen by a batch, which records it first; null: a new one */
  readonly jobId: string | null;
}

/** What surrounds a job in this process; not part of its inputs. */
export interface JobEnvironment {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TimelineEvent, runDir: string) => void;
  /** the real supervisor, or the mock of a skill's offline tests */
  readonly startSession: SessionStarter;
}

export interface Job {
  readonly dir: RunDir;
  readonly manifest: JobManifest;
  readonly timeline: Timeline;
  readonly environment: JobEnvironment;
  readonly lock: WriterLock;
  /** read in PREPARE_RUNDIR, or from contract.json on resume */
  snapshot: ContractSnapshot | null;
  session: Session | null;
  outputs: ValidatedOutput[];
  /** in their order */
  submitted: SkillRequest[];
  /** see JobRequest */
  readonly skillSha256: string | null;
  /** one for each request that was submitted */
  logMarks: LogMark[];
  hostLog: HostLogRecord | null;
  /** `durable` for what must outlive a power cut: the end, a pause, a person's choice */
  save(options?: { durable: boolean }): Promise<void>;
  closeFiles(): Promise<void>;
  log(level: TimelineEvent['level'], event: string, message: string, data?: Record<string, unknown>): Promise<void>;
}

async function lockRunDir(dir: RunDir): Promise<WriterLock> {
  try {
    return await acquireWriterLock(dir.lock);
  } catch (error) {
    if (error instanceof GenrtlError && error.code === 'WORKSPACE_BUSY')
      throw new GenrtlError(
        'RUN_DIR_BUSY',
        `${path.basename(dir.root)}: ${error.message.replace('workspace', 'run directory')}`,
        { cause: error },
      );
    throw error;
  }
}

async function jobOf(
  dir: RunDir,
  manifest: JobManifest,
  lock: WriterLock,
  environment: JobEnvironment,
  skillSha256: string | null,
): Promise<Job> {
  const listener: TimelineListener = (event) => environment.onEvent(event, dir.root);
  const timeline = await openTimeline(dir.timeline, manifest.job_id, listener);
  // for people who look into session/; there is no such folder before PREPARE_RUNDIR, and nothing depends on this file
  let log: number | null = null;
  const note = (text: string): void => {
    if (manifest.state === 'INIT') return;
    try {
      log ??= openSync(path.join(dir.session, 'supervisor.log'), 'a');
      writeFileSync(log, text);
    } catch {
      // the timeline holds it too
    }
  };
  return {
    dir,
    manifest,
    timeline,
    environment,
    lock,
    snapshot: null,
    session: null,
    outputs: [],
    submitted: [],
    skillSha256,
    logMarks: [],
    hostLog: null,
    closeFiles: async () => {
      await timeline.close().catch(() => undefined);
      if (log !== null) closeSync(log);
      log = null;
    },
    save: (options = { durable: false }) => replaceJson(dir.manifest, manifest, options),
    log: async (level, event, message, data) => {
      const { state } = manifest;
      note(`${new Date().toISOString()} ${level} ${state} ${event} ${message}\n`);
      await timeline.append({ level, event, message, state, ...(data ? { data } : {}) });
    },
  };
}

/** Makes a new run directory below `runRoot` with its manifest in INIT. */
export async function createJob(runRoot: string, request: JobRequest, environment: JobEnvironment): Promise<Job> {
  const name = path.basename(path.resolve(request.skillFolder));
  const now = new Date();
  const jobId = request.jobId ?? newJobId(name, now);
  const dir = runDirAt(path.join(path.resolve(runRoot), jobId));
  await mkdir(path.resolve(runRoot), { recursive: true });
  await mkdir(dir.root);
  const lock = await lockRunDir(dir);
  const manifest: JobManifest = {
    schema_version: 1,
    job_id: jobId,
    status: 'RUNNING',
    state: 'INIT',
    skill: { name, version: null, host: null, path: path.resolve(request.skillFolder) },
    design: request.design,
    parameters: { ...request.parameters },
    inputs: {},
    locator: {
      query: request.database,
      search_paths: [...request.searchPaths],
      candidates: [],
      incomplete: [],
      not_searched: [],
      selected: null,
      selection_reason: null,
    },
    restore: null,
    launcher: request.launcher,
    settings: {
      poll_ms: request.pollMs,
      heartbeat_ms: request.heartbeatMs,
      max_log_bytes: request.maxLogBytes,
      tool: request.tool,
    },
    scripts: {},
    versions: { genrtl: packageJson.version, protocol: 1, node: process.versions.node, tool: null, tcl: null },
    error_type: null,
    error: null,
    created_at: now.toISOString(),
    finished_at: null,
  };
  await replaceJson(dir.manifest, manifest);
  const job = await jobOf(dir, manifest, lock, environment, request.skillSha256);
  await job.log('INFO', 'STATE_ENTERED', 'INIT', { skill: name, design: request.design });
  return job;
}

/** Takes over an existing run directory. Throws RUN_DIR_NOT_FOUND, RUN_DIR_BUSY, STATE_UNREADABLE. */
export async function openJob(idOrPath: string, runRoot: string, environment: JobEnvironment): Promise<Job> {
  const dir = await findRunDir(idOrPath, runRoot);
  const lock = await lockRunDir(dir);
  try {
    const manifest = await readJson(dir.manifest, JobManifest);
    if (manifest === null) throw new GenrtlError('RUN_DIR_NOT_FOUND', `${dir.root} holds no job_manifest.json.`);
    manifest.state = stateOf(manifest, await readTimeline(dir.timeline));
    // what the run directory holds was taken from the skill when it was trusted
    const job = await jobOf(dir, manifest, lock, environment, null);
    job.snapshot = await readJson(dir.contract, ContractSnapshot).catch(() => null);
    return job;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

export async function closeJob(job: Job): Promise<void> {
  await job.closeFiles();
  await job.lock.release().catch(() => undefined);
}

/** These take milliseconds and add nothing to the manifest that the next save would not hold; see `stateOf`. */
const PASSING: ReadonlySet<SkillState> = new Set(['PREPARE_RUNDIR', 'VALIDATE_OUTPUTS', 'SUMMARIZE']);

export async function enterState(job: Job, next: SkillState): Promise<void> {
  const { manifest } = job;
  const from = manifest.state;
  manifest.state = next;
  const passing = PASSING.has(next) || (next === 'RESTORE_DB' && manifest.restore === null);
  if (!passing) await job.save({ durable: next === 'DONE' });
  await job.log('INFO', 'STATE_ENTERED', `${from} → ${next}`, { from });
}
