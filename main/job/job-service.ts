// Jobs of workspaces: start, continue, cancel, undo, look. One job a workspace at a time, one writer a workspace.
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BackendClient } from '../cloud/backend-client.ts';
import path from 'node:path';
import {
  canRepair,
  GenrtlError,
  parseUsd,
  statusOfError,
  type JobCost,
  type JobResult,
  type JobSettings,
  type JobState,
  type JobUpdate,
  type Quote,
} from '@genrtl/contracts';
import type { FileChange } from '@genrtl/contracts/workspace.ts';
import { FlowState, startFlow } from '@genrtl/core/job/index.ts';
import { recoverPatch, undoJob, undoneFiles, writtenBy } from '../patch/index.ts';
import type { BackendConnection } from '../processes/backend.ts';
import { sweepTemporaries } from '@genrtl/disk/atomic-file.ts';
import { makeMetaFolder } from '../workspace/meta-folder.ts';
import { workspacePaths, type WorkspacePaths } from '../workspace/paths.ts';
import { readState, workspaceId, writeState } from '../workspace/state-store.ts';
import { acquireWriterLock, type WriterLock } from '@genrtl/disk/writer-lock.ts';
import { aboutToFix, goBackTo, withEditedPlan, withoutPackage } from './job-edits.ts';
import { requireToolsHere, requireTrustedChecks } from './job-checks.ts';
import { loadProject } from '../project/load-project.ts';
import { planScope } from './project-scope.ts';
import { confineWorkspace } from '../settings/confinement.ts';
import { fileOwners } from './file-owners.ts';
import { archiveJob, jobHistory, jobOf, markUndone, planOf } from './job-history.ts';
import { driveJob, withCost } from './job-loop.ts';
import { addNote, readNotes } from './notes.ts';
import { outgoingView } from './outgoing-view.ts';
import { preflight } from './preflight.ts';
import type { JobListener, JobService, ResumeOptions, StartedJob } from './service.ts';
import type { Approval } from './step.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export interface JobServiceDeps {
  /** Shares or starts the backend; called once for each job. */
  connect(): Promise<BackendConnection>;
  readonly env: NodeJS.ProcessEnv;
  /** takes workspaces from clients that nobody can reach or end */
  readonly takeOver?: boolean;
}

interface RunningJob {
  readonly abort: AbortController;
  readonly finished: Promise<JobResult>;
}

/** The result as the command line prints it and the app shows it. */
export function resultOf(state: JobState): JobResult {
  return {
    event: 'result',
    status: state.status,
    job_id: state.job_id,
    steps: state.steps,
    diagnostics: state.facts.diagnostics ?? [],
    spec_notes: state.facts.spec_notes ?? [],
    tests: state.facts.tests ?? null,
    strength: state.facts.strength ?? null,
    ...(state.facts.checks === undefined ? {} : { checks: state.facts.checks }),
    untried: state.facts.untried ?? [],
    waivers: state.facts.waived ?? [],
    bench_changes: state.facts.bench_changes ?? [],
    interface: state.facts.interface ?? null,
    reference: state.facts.reference ?? null,
    cost_usd: state.cost_usd,
    ...(state.cost_stale === true ? { cost_stale: true } : {}),
    files: state.facts.files ?? [],
    confined: state.confinement?.confined ?? null,
    ...(state.confinement?.unconfined_reason === undefined
      ? {}
      : { unconfined_reason: state.confinement.unconfined_reason }),
    ...(state.error ? { error: state.error } : {}),
  };
}

export function createJobService(deps: JobServiceDeps): JobService {
  const running = new Map<string, RunningJob>();
  const lockOf = (paths: WorkspacePaths): Promise<WriterLock> =>
    acquireWriterLock(paths.writerLock, { takeOver: deps.takeOver ?? false });

  /** A new job: what stands in its way is found before anything is written, the workspace's folder included. */
  function begin(workspace: string, settings: JobSettings, onUpdate: JobListener): Promise<StartedJob> {
    return hold(workspace, true, onUpdate, 'none', async (paths, connection) => {
      await requireTrustedChecks(paths.root, deps.env);
      await requireToolsHere(paths.root, settings, deps.env);
      await preflight(settings, deps.env, async () => (await connection.get()).client);
      await makeMetaFolder(paths);
      return {
        lock: await lockOf(paths),
        prepare: async () => {
          await archiveJob(paths);
          return newState(settings);
        },
      };
    });
  }

  /** The job that is there: read under the lock, since whoever held it before may have moved it. */
  function goOn(
    workspace: string,
    onUpdate: JobListener,
    approval: Approval,
    prepare: (state: JobState, paths: WorkspacePaths, connection: LazyConnection) => Promise<JobState>,
  ): Promise<StartedJob> {
    return hold(workspace, false, onUpdate, approval, async (paths, connection) => {
      await presentState(paths);
      return {
        lock: await lockOf(paths),
        prepare: async () => prepare(await presentState(paths), paths, connection),
      };
    });
  }

  /** Holds lock and backend until the job has ended. */
  async function hold(
    workspace: string,
    create: boolean,
    onUpdate: JobListener,
    approval: Approval,
    enter: (
      paths: WorkspacePaths,
      connection: LazyConnection,
    ) => Promise<{ lock: WriterLock; prepare: () => Promise<JobState> }>,
  ): Promise<StartedJob> {
    const paths = workspacePaths(await existingFolder(workspace, create));
    if (running.has(paths.root)) throw new GenrtlError('WORKSPACE_BUSY', 'A job of this workspace is running.');
    const connection = lazyConnection(deps);
    let lock: WriterLock | null = null;
    try {
      const entered = await enter(paths, connection);
      ({ lock } = entered);
      sweepAfterDeaths(paths);
      const state = await entered.prepare();
      await recoverPatch(paths.root);
      const id = await workspaceId(paths);
      const initial: JobState = { ...state, workspace_id: id };
      await writeState(paths, initial);
      const abort = new AbortController();
      const held = lock;
      const toTheEnd = async (): Promise<JobResult> => {
        try {
          return await run(paths, initial, approval, onUpdate, abort, connection, held);
        } finally {
          running.delete(paths.root);
          await held.release();
          await connection.release();
        }
      };
      const finished = toTheEnd();
      running.set(paths.root, { abort, finished });
      return { jobId: initial.job_id, finished };
    } catch (error) {
      await lock?.release();
      await connection.release();
      throw error;
    }
  }

  async function run(
    paths: WorkspacePaths,
    state: JobState,
    approval: Approval,
    onUpdate: JobListener,
    abort: AbortController,
    connection: LazyConnection,
    lock: WriterLock,
  ): Promise<JobResult> {
    let latest = state;
    const emit = (update: JobUpdate): void => {
      if (update.type === 'state') latest = update.state;
      onUpdate(update);
    };
    const cost = async (jobId: string): Promise<JobCost | null> => {
      try {
        return await (await connection.get()).client.jobCost(jobId);
      } catch {
        return null;
      }
    };
    emit({ type: 'state', state });
    try {
      // half of the program is below the steps, and who only looks at a job needs none of it
      const { STEPS } = await import('./steps/index.ts');
      const ended = await driveJob(state, {
        paths,
        steps: STEPS,
        env: deps.env,
        signal: abort.signal,
        approval,
        emit,
        cost,
        requireLock: () => lock.requireHeld(),
        confine: (agreed) => confineWorkspace(deps.env, paths.root, agreed),
        backend: async () => (await connection.get()).client,
      });
      if (ended.status === 'done' && connection.opened()) await reportPasses(ended, (await connection.get()).client);
      return resultOf(ended);
    } catch (error) {
      const failure = GenrtlError.of(error);
      // What was paid until then is part of the result, whatever could no longer be written.
      const known = withCost(latest, connection.opened() ? await cost(latest.job_id) : 'unchanged');
      const status = statusOfError(failure.code);
      const ended: JobState = { ...known, status, error: failure.toBody() };
      emit({ type: 'state', state: ended });
      return resultOf(ended);
    }
  }

  return {
    start: begin,

    resume: (workspace, options, onUpdate) =>
      goOn(workspace, onUpdate, options.approve, async (present, _paths, { get }) => {
        if (present.status === 'undone')
          throw new GenrtlError('JOB_UNDONE', 'The job was undone: there is nothing to go on with.');
        const state = withWords(present, options);
        return options.maxUsd === null ? state : await raiseCap(state, options, async () => (await get()).client);
      }),

    retry: (workspace, { stepId, note }, onUpdate) =>
      goOn(workspace, onUpdate, 'none', async (state, paths) => {
        const moved = await goBackTo(state, stepId, paths);
        if (note !== null) await addNote(paths, moved.job_id, note);
        return moved;
      }),

    fix: (workspace, finding, onUpdate) =>
      goOn(workspace, onUpdate, 'none', async (state, paths, { get }) => {
        const moved = aboutToFix(state, finding, (await loadProject(paths.root, deps.env)).rules);
        await requireRepairModel(moved, (await get()).client);
        return moved;
      }),

    decline: (workspace, { cbbId, instead }, onUpdate) =>
      goOn(workspace, onUpdate, 'none', async (state) => withoutPackage(state, cbbId, instead)),

    editPlan: async (workspace, edited) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const lock = await lockOf(paths);
      try {
        const { state, plan, contradictions } = await withEditedPlan(
          await presentState(paths),
          edited,
          paths,
          planScope(await loadProject(paths.root, deps.env)),
        );
        await writeState(paths, state);
        return { plan, contradictions };
      } finally {
        await lock.release();
      }
    },

    notes: async (workspace) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const state = await readState(paths);
      return state ? await readNotes(paths, state.job_id) : [];
    },

    addNote: async (workspace, text) => {
      const paths = workspacePaths(await existingFolder(workspace));
      return addNote(paths, (await presentState(paths)).job_id, text);
    },

    cancel: async (workspace) => {
      const job = running.get(path.resolve(workspace));
      job?.abort.abort();
      await job?.finished;
    },

    state: async (workspace) => readState(workspacePaths(await existingFolder(workspace))),

    undo: async (workspace, options = {}) => {
      const paths = workspacePaths(await existingFolder(workspace));
      await presentState(paths);
      const lock = await lockOf(paths);
      try {
        const state = await presentState(paths);
        await recoverPatch(paths.root);
        const jobId = options.jobId ?? state.job_id;
        const touched = (await writtenBy(paths.root, jobId)).length > 0;
        const restored = await undoJob(paths.root, jobId, options);
        // a job that never wrote anything has nothing to be undone: it waits or has ended as it did
        if (touched) await markUndone(paths, jobId);
        return restored;
      } finally {
        await lock.release();
      }
    },

    outgoing: async (workspace, job) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const connection = lazyConnection(deps);
      try {
        return await outgoingView(paths, job, await connection.get(), deps.env);
      } finally {
        await connection.release();
      }
    },

    plan: async (workspace) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const state = await readState(paths);
      return {
        plan: state === null ? null : await planOf(paths, state),
        quotes: state?.facts.quotes ?? ([] satisfies Quote[]),
      };
    },

    changes: async (workspace) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const state = await readState(paths);
      return state ? await changesOf(paths, state.job_id) : [];
    },

    owners: async (workspace, files) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const owners = await fileOwners(paths, files, deps.env);
      return owners.map(({ path: file, owner, tracked }) => ({ path: file, owner, tracked }));
    },

    history: async (workspace) => jobHistory(workspacePaths(await existingFolder(workspace))),

    past: async (workspace, jobId) => {
      const paths = workspacePaths(await existingFolder(workspace));
      const state = await jobOf(paths, jobId);
      if (state === null) throw new GenrtlError('NOT_FOUND', `The workspace has no job ${jobId}.`);
      return { state, plan: await planOf(paths, state), changes: await changesOf(paths, jobId) };
    },
  };
}

/** Throws NO_JOB. */
async function presentState(paths: WorkspacePaths): Promise<JobState> {
  const state = await readState(paths);
  if (!state) throw new GenrtlError('NO_JOB', 'There is no job in this workspace.');
  return state;
}

/** The composer cannot repair: asking it would turn a finished job into a failed one. */
async function requireRepairModel(state: JobState, client: BackendConnection['client']): Promise<void> {
  if (!canRepair(state.settings.model, await client.models()))
    throw new GenrtlError('SPEC_NEEDS_MODEL', 'Mending a finding needs a model.');
}

/** What the job's files were before it and what they are now. */
async function changesOf(paths: WorkspacePaths, jobId: string): Promise<FileChange[]> {
  const before = await undoneFiles(paths.root, jobId);
  return Promise.all(
    before.map(async ({ path: file, text }) => ({
      path: file,
      before: text,
      after: await readRegular(path.join(paths.root, file), 'utf8').catch(() => null),
    })),
  );
}

function newState(settings: JobSettings): JobState {
  const now = new Date().toISOString();
  return {
    schema_version: 1,
    workspace_id: '',
    job_id: `job_${randomBytes(8).toString('hex')}`,
    status: 'running',
    settings,
    flow: startFlow(settings.max_repairs),
    steps: [],
    facts: {},
    attempts: {},
    error: null,
    cost_usd: '0.00',
    created_at: now,
    updated_at: now,
  };
}

/** What the person says on resuming holds for the rest of the job. */
function withWords(state: JobState, { waivers = [], acceptBenchChanges = false }: ResumeOptions): JobState {
  const { settings } = state;
  return {
    ...state,
    settings: {
      ...settings,
      ...(waivers.length > 0 ? { waivers: [...(settings.waivers ?? []), ...waivers] } : {}),
      ...(acceptBenchChanges ? { accept_bench_changes: true } : {}),
    },
  };
}

/** The server keeps the cap: raising it is a call of its own, before the job goes on. */
async function raiseCap(
  state: JobState,
  options: ResumeOptions,
  backend: () => Promise<BackendConnection['client']>,
): Promise<JobState> {
  const cap = options.maxUsd;
  if (cap === null || parseUsd(cap) === parseUsd(state.settings.max_usd)) return state;
  const known = await (await backend()).raiseBudget(state.job_id, cap).then(
    () => true,
    (error: unknown) => {
      if (error instanceof GenrtlError && error.code === 'NOT_FOUND') return false;
      throw error;
    },
  );
  // A job that the server has not seen yet brings its cap with its first request.
  void known;
  return { ...state, settings: { ...state.settings, max_usd: cap } };
}

/** Temporary files of clients that were killed; the lock is held, so nobody writes records here. */
function sweepAfterDeaths(paths: WorkspacePaths): void {
  for (const folder of [paths.meta, path.join(paths.root, 'src'), path.join(paths.root, 'tb')])
    sweepTemporaries(folder);
  for (const job of foldersIn(paths.run(''))) {
    sweepTemporaries(path.join(paths.run(''), job));
    for (const step of foldersIn(path.join(paths.run(''), job))) sweepTemporaries(path.join(paths.run(''), job, step));
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch {
    return [];
  }
}

interface LazyConnection {
  get(): Promise<BackendConnection>;
  /** whether anybody has asked for it */
  opened(): boolean;
  release(): Promise<void>;
}

function lazyConnection(deps: JobServiceDeps): LazyConnection {
  let connection: Promise<BackendConnection> | null = null;
  return {
    get: () => (connection ??= deps.connect()),
    opened: () => connection !== null,
    release: async () => {
      const opened = await connection?.catch(() => null);
      await opened?.release();
    },
  };
}

async function existingFolder(workspace: string, orNew = false): Promise<string> {
  const absolute = path.resolve(workspace);
  const stats = await stat(absolute).catch(() => null);
  if (stats === null ? !orNew : !stats.isDirectory())
    throw new GenrtlError('WORKSPACE_NOT_FOUND', `There is no folder ${absolute}.`);
  return absolute;
}

/** True while the job has a step to go on with. */
export function isResumable(state: JobState): boolean {
  const at = FlowState.safeParse(state.flow).data?.at;
  return at !== 'done' && at !== 'failed';
}

/** The registry counts which packages jobs end well with. It does without where it cannot be told. */
async function reportPasses(
  { job_id: jobId, facts }: JobState,
  client: Pick<BackendClient, 'reportPasses'>,
): Promise<void> {
  const cbbs = facts.cbbs ?? [];
  if (cbbs.length > 0) await client.reportPasses(jobId, cbbs).catch(() => undefined);
}
