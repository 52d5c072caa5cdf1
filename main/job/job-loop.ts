// Drives one job: take the step that the flow names, run it, record its outcome durably, go on.
import { mkdir } from 'node:fs/promises';
import {
  ATTEMPT_ENDS,
  GenrtlError,
  endBeforeRun,
  endOfRun,
  type JobCost,
  type JobFacts,
  type JobState,
  type JobUpdate,
  type StepRecord,
} from '@genrtl/contracts';
import { FlowState, nextFlow } from '@genrtl/core/job/index.ts';
import { dieAt } from '@genrtl/disk/die-at.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import type { WorkspaceConfinement } from '../settings/confinement.ts';
import { asDiskError } from '@genrtl/disk/records.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { writeState } from '../workspace/state-store.ts';
import { createRequestLog } from './request-log.ts';
import { ServerRunFailed } from './server-run.ts';
import {
  halt,
  type Approval,
  type Step,
  type StepContext,
  type StepOutcome,
  type StepTable,
  type Facts,
} from './step.ts';

export interface LoopDeps {
  readonly paths: WorkspacePaths;
  readonly steps: StepTable;
  readonly backend: StepContext['backend'];
  /** What the ledger says of a job; null when it cannot be asked now. */
  readonly cost: (jobId: string) => Promise<JobCost | null>;
  /** How the job's tool runs are confined; `agreed`: going without is all right where it must be. Throws. */
  readonly confine: (agreed: boolean) => Promise<WorkspaceConfinement>;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly approval: Approval;
  /** Throws WORKSPACE_TAKEN_OVER once the workspace is another's. */
  requireLock(): void;
  emit(update: JobUpdate): void;
}

/** Runs until the job ends or halts. Every return value is on disk already. */
export async function driveJob(initial: JobState, deps: LoopDeps): Promise<JobState> {
  let state = initial;
  let { approval } = deps;
  // Something may have been charged after the last step that is on record: the first step to end asks the ledger.
  let chargeable = initial.steps.length > 0;
  for (;;) {
    const flow = FlowState.parse(state.flow);
    if (flow.at === 'done' || flow.at === 'failed') return settle(state, flow.at, deps);
    const step: Step = deps.steps[flow.at];
    const { opened, confined } = await confine(await openStep(state, step, deps), approval, deps);
    const record = opened.steps.at(-1);
    if (!record) throw new TypeError('a step was not recorded');
    const started = performance.now();
    const backend: LoopDeps['backend'] = () => {
      chargeable = true;
      return deps.backend();
    };
    const outcome =
      confined instanceof GenrtlError
        ? halt(confined)
        : await runStep(step, opened, record, flow, confined.policy, { ...deps, approval, backend });
    const cost = chargeable || state.cost_stale === true ? await deps.cost(state.job_id) : 'unchanged';
    chargeable = false;
    // A yes to one gate is used up by the step that waited for it; the next gate asks again.
    if (approval === 'gate') approval = 'none';
    state = await closeStep(opened, record, outcome, performance.now() - started, flow, cost, deps);
    if (outcome.kind === 'halt') return state;
  }
}

/**
 * How the job's runs are confined, before anything of the job is paid for. Where they cannot be and nobody agreed, the
 * job waits here for an answer.
 */
async function confine(
  opened: JobState,
  approval: Approval,
  deps: LoopDeps,
): Promise<{ opened: JobState; confined: WorkspaceConfinement | GenrtlError }> {
  try {
    const confined = await deps.confine(approval !== 'none' || opened.settings.accept_unconfined === true);
    return { opened: { ...opened, confinement: confined.confinement }, confined };
  } catch (error) {
    if (!(error instanceof GenrtlError)) throw error;
    const stepId = opened.steps.at(-1)?.step_id ?? '';
    if (error.code === 'CONFINEMENT_UNAVAILABLE') deps.emit({ type: 'gate', gate: 'confinement', step_id: stepId });
    return { opened, confined: error };
  }
}

async function settle(state: JobState, at: 'done' | 'failed', deps: LoopDeps): Promise<JobState> {
  if (state.status === at) return state;
  const error = at === 'failed' ? failureOf(state).toBody() : null;
  const settled: JobState = { ...state, status: at, error, updated_at: new Date().toISOString() };
  await save(settled, deps);
  return settled;
}

function failureOf(state: JobState): GenrtlError {
  const first = state.facts.diagnostics?.find((diagnostic) => diagnostic.severity === 'error');
  const what = first
    ? `${first.file ? `${first.file}:${first.line ?? 0}: ` : ''}${first.message}`
    : (state.facts.patch_feedback?.[0] ?? 'The design does not pass.');
  return new GenrtlError('DESIGN_FAILED', what.slice(0, 500));
}

/** A step that was open when the process died is taken up under its own id, so that its requests keep their keys. */
async function openStep(state: JobState, step: Step, deps: LoopDeps): Promise<JobState> {
  const last = state.steps.at(-1);
  if (last?.step === step.name && (last.status === 'running' || last.status === 'waiting')) {
    const reopened: JobState = {
      ...state,
      status: 'running',
      error: null,
      steps: [...state.steps.slice(0, -1), { ...last, status: 'running' }],
    };
    await mkdirp(deps.paths.run(state.job_id, last.step_id));
    await save(reopened, deps);
    return reopened;
  }
  const count = state.steps.filter((record) => record.step === step.name).length + 1;
  const record: StepRecord = {
    step_id: `${step.name}_${count}`,
    step: step.name,
    status: 'running',
    outcome: null,
    summary: '',
    started_at: new Date().toISOString(),
    duration_ms: null,
    cost_usd: '0.00',
  };
  await mkdirp(deps.paths.run(state.job_id, record.step_id));
  const opened: JobState = {
    ...state,
    status: 'running',
    error: null,
    steps: [...state.steps, record],
    updated_at: record.started_at,
  };
  await save(opened, deps);
  return opened;
}

/** Every fact by its name, there or not. */
const factsOf = (state: JobState): Facts => state.facts as Facts;

async function mkdirp(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    throw asDiskError(error, directory);
  }
}

async function runStep(
  step: Step,
  state: JobState,
  record: StepRecord,
  flow: FlowState,
  confinement: ConfinementPolicy,
  deps: LoopDeps,
): Promise<StepOutcome> {
  dieAt(`${step.name}:before`, deps.env);
  let writing: Promise<void> = Promise.resolve();
  /** What the step waits for is part of the job's state: whoever looks at the workspace sees it. */
  const emit: LoopDeps['emit'] = (update) => {
    deps.emit(update);
    if (update.type !== 'waiting') return;
    const shown = update.waiting === null ? record : { ...record, waiting: update.waiting };
    writing = writing
      .then(() => save({ ...state, steps: [...state.steps.slice(0, -1), shown] }, deps))
      // a disk that is full is told by what the step itself writes
      .catch(() => undefined);
  };
  try {
    if (deps.signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
    return await step.run({
      paths: deps.paths,
      workspaceId: state.workspace_id,
      jobId: state.job_id,
      stepId: record.step_id,
      runDir: deps.paths.run(state.job_id, record.step_id),
      settings: state.settings,
      facts: factsOf(state),
      flow: flow.context,
      approval: deps.approval,
      backend: deps.backend,
      signal: deps.signal,
      confinement,
      env: deps.env,
      emit,
      requests: createRequestLog(deps.paths, state.job_id, record.step_id, state.attempts[record.step_id] ?? 0),
    });
  } catch (error) {
    const failure = asDiskError(error, record.step_id);
    if (!(failure instanceof GenrtlError)) throw failure;
    return halt(failure);
  } finally {
    await writing;
  }
}

/** The job with what the ledger says of it; null leaves the last known numbers and says so. */
export function withCost(state: JobState, cost: JobCost | null | 'unchanged'): JobState {
  if (cost === 'unchanged') return state;
  if (cost === null) return { ...state, cost_stale: true };
  const ofStep = new Map(cost.steps.map((step) => [step.step_id, step.cost_usd]));
  const { cost_stale: _known, ...rest } = state;
  return {
    ...rest,
    cost_usd: cost.cost_usd,
    steps: state.steps.map((step) => ({ ...step, cost_usd: ofStep.get(step.step_id) ?? '0.00' })),
  };
}

/** Whether the next request of the step is a new one, with a number and a key of its own. */
function closesAttempt(outcome: StepOutcome): boolean {
  if (outcome.kind === 'next') return true;
  const { error } = outcome;
  return ATTEMPT_ENDS[error instanceof ServerRunFailed ? endOfRun(error.code) : endBeforeRun(error.code)].closes;
}

async function closeStep(
  state: JobState,
  record: StepRecord,
  outcome: StepOutcome,
  durationMs: number,
  flow: FlowState,
  cost: JobCost | null | 'unchanged',
  deps: LoopDeps,
): Promise<JobState> {
  const halted = outcome.kind === 'halt';
  const closed: StepRecord = {
    ...record,
    status: halted
      ? 'waiting'
      : outcome.event === 'FAIL' || outcome.event === 'GIVE_UP' || outcome.event === 'REJECTED'
        ? 'failed'
        : outcome.event === 'NONE'
          ? 'skipped'
          : 'ok',
    outcome: halted ? outcome.error.code : outcome.event,
    summary: halted ? outcome.error.message : outcome.summary,
    duration_ms: Math.round(durationMs),
  };
  const facts: JobFacts = { ...state.facts, ...outcome.facts };
  const attempts = closesAttempt(outcome)
    ? { ...state.attempts, [record.step_id]: (state.attempts[record.step_id] ?? 0) + 1 }
    : state.attempts;
  const moved: JobState = {
    ...state,
    status: halted ? outcome.status : 'running',
    error: halted ? outcome.error.toBody() : null,
    flow: halted ? state.flow : nextFlow(flow, { type: outcome.event }),
    steps: [...state.steps.slice(0, -1), closed],
    facts,
    attempts,
    updated_at: new Date().toISOString(),
  };
  const next = withCost(moved, cost);
  dieAt(`${record.step}:done`, deps.env);
  await save(next, deps);
  deps.emit({ type: 'step', step: next.steps.at(-1) ?? closed });
  dieAt(`${record.step}:after`, deps.env);
  return next;
}

async function save(state: JobState, deps: LoopDeps): Promise<void> {
  deps.requireLock();
  await writeState(deps.paths, state);
  deps.emit({ type: 'state', state });
}
