// What the workspace's job found, as reports: the newest run of each tool step, what the judging steps concluded, and
// the findings that the job's error carries.
import { Diagnostic, type JobState, type JobUpdate, type StepRecord } from '@genrtl/contracts';
import { stepsThat } from '@genrtl/contracts/steps.ts';
import { z } from 'zod';
import { readRun, runFolder } from '../workspace/run-folder.ts';
import type { Findings } from './findings.ts';

const LOGGED = stepsThat('keepsLog');
/** Steps whose findings become the job's own. */
const JUDGES = new Set<string>([...stepsThat('compares'), ...stepsThat('judges')]);
const SPEAKERS = new Set<string>([...LOGGED, ...JUDGES]);

/** Newest run of each tool step that has ended. */
function newestRuns(state: JobState): StepRecord[] {
  return LOGGED.flatMap(
    (name) => state.steps.findLast(({ step, status }) => step === name && status !== 'running') ?? [],
  );
}

/** Findings that an error carries (a refused specification). */
function errorFindings(state: JobState): Diagnostic[] {
  return z.array(Diagnostic).safeParse(state.error?.details?.['diagnostics']).data ?? [];
}

export class JobFindings {
  readonly #findings: Findings;
  readonly #readState: (workspace: string) => Promise<JobState | null>;
  /** each workspace's job, and what its reports were made of */
  readonly #known = new Map<string, { readonly jobId: string; readonly key: string }>();

  constructor(findings: Findings, readState: (workspace: string) => Promise<JobState | null>) {
    this.#findings = findings;
    this.#readState = readState;
  }

  /** An update of a job that this process runs. */
  accept(workspace: string, update: JobUpdate): void {
    if (update.type === 'state') void this.follow(workspace, update.state);
    // the step is on the disk before it is told
    if (update.type === 'step' && update.step.status !== 'running' && SPEAKERS.has(update.step.step))
      void this.refresh(workspace).catch(() => undefined);
    if (update.type !== 'diagnostics') return;
    const jobId = this.#known.get(workspace)?.jobId;
    const source = update.step_id.replace(/_\d+$/, '');
    this.#findings.report(workspace, {
      source,
      tool: update.diagnostics[0]?.tool ?? null,
      at: new Date().toISOString(),
      running: true,
      ...(jobId === undefined ? {} : { jobId }),
      findings: update.diagnostics,
    });
  }

  /** Brings the reports in line with the job on the disk, whichever process runs it. Throws what reading it throws. */
  async refresh(workspace: string): Promise<void> {
    await this.follow(workspace, await this.#readState(workspace));
  }

  /** The same for a state that was read; null: there is no job. */
  async follow(workspace: string, state: JobState | null): Promise<void> {
    this.#findings.keepJob(workspace, state?.job_id ?? null);
    if (state === null) return;
    const runs = newestRuns(state);
    const judge = state.steps.findLast(({ step, status }) => JUDGES.has(step) && status !== 'running');
    const concluded = state.facts.diagnostics ?? [];
    const error = errorFindings(state);
    const key = JSON.stringify([state.job_id, runs.map((step) => step.step_id), judge?.step_id, concluded, error]);
    if (this.#known.get(workspace)?.key === key) return;
    this.#known.set(workspace, { jobId: state.job_id, key });
    const job = { jobId: state.job_id };
    const recorded = await Promise.all(runs.map(({ step_id }) => readRun(runFolder(workspace, state.job_id, step_id))));
    for (const [at, step] of runs.entries()) {
      const { record = null, diagnostics = [] } = recorded[at] ?? {};
      const findings = step.step_id === judge?.step_id ? [...diagnostics, ...concluded] : diagnostics;
      this.#findings.report(workspace, {
        ...job,
        source: step.step,
        tool: record?.tool ?? null,
        at: endOf(step),
        findings,
      });
    }
    if (judge !== undefined && !runs.some(({ step_id }) => step_id === judge.step_id))
      this.#findings.report(workspace, {
        ...job,
        source: judge.step,
        tool: null,
        at: endOf(judge),
        findings: concluded,
      });
    if (error.length > 0)
      this.#findings.report(workspace, { ...job, source: 'job', tool: null, at: state.updated_at, findings: error });
    else this.#findings.forget(workspace, 'job');
  }
}

const endOf = ({ started_at, duration_ms }: StepRecord): string =>
  new Date(Date.parse(started_at) + (duration_ms ?? 0)).toISOString();
