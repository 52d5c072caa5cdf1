// Drives a job through its states and records every end: done, paused for a choice, or failed with class, evidence and
// bundle.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { DbCandidate, SkillFailure, SkillState, SkillStatus } from '@genrtl/contracts/skill-run.ts';
import type { SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { isBundleComplete, writeDebugBundle } from './debug-bundle.ts';
import { asSkillFault, failureRecord, SkillFault } from './fault.ts';
import { closeJob, createJob, enterState, openJob, type Job, type JobEnvironment, type JobRequest } from './job.ts';
import { HANDLERS } from './job-states.ts';
import { cancelOnCluster, killSession } from './launchers/index.ts';
import { candidateFor } from './locator.ts';
import { releaseReserve } from './run-dir.ts';
import { submitStop } from './requests.ts';
import { isActive, TRANSITIONS } from './states.ts';

export interface SkillJobResult {
  readonly job_id: string;
  readonly run_dir: string;
  readonly status: SkillStatus;
  readonly state: SkillState;
  readonly error_type: SkillErrorType | null;
  readonly error: SkillFailure | null;
  /** what to choose from while status is WAITING_SELECTION */
  readonly candidates: readonly DbCandidate[];
  /** places that the search for databases could not look at, so that more candidates may be there */
  readonly not_searched: readonly { readonly path: string; readonly reason: string }[];
}

function resultOf(job: Job): SkillJobResult {
  const { manifest } = job;
  return {
    job_id: manifest.job_id,
    run_dir: job.dir.root,
    status: manifest.status,
    state: manifest.state,
    error_type: manifest.error_type,
    error: manifest.error,
    candidates: manifest.status === 'WAITING_SELECTION' ? manifest.locator.candidates : [],
    not_searched: manifest.locator.not_searched,
  };
}

async function drive(job: Job): Promise<void> {
  const { manifest } = job;
  while (isActive(manifest.state)) {
    if (job.environment.signal.aborted) throw new SkillFault('CANCELLED', 'The job was stopped.');
    const { state } = manifest;
    const started = performance.now();
    const outcome = await HANDLERS[state](job);
    await job.log('INFO', 'STATE_LEFT', `${state}: ${outcome}`, {
      outcome,
      duration_ms: Math.round(performance.now() - started),
    });
    if (outcome === 'pause') {
      manifest.status = 'WAITING_SELECTION';
      await job.save({ durable: true });
      await job.log(
        'INFO',
        'WAITING_SELECTION',
        `${manifest.locator.candidates.length} candidates; resume with --select`,
      );
      return;
    }
    const next = TRANSITIONS[state];
    if (next === 'DONE') {
      manifest.status = 'DONE';
      manifest.finished_at = new Date().toISOString();
      await releaseReserve(job.dir);
    }
    await enterState(job, next);
  }
}

/** Ends a job as FAIL. Every part is tried even when one before it failed: a full disk must not hide the class. */
async function fail(job: Job, fault: SkillFault): Promise<void> {
  const { manifest, dir } = job;
  const from = manifest.state;
  const attempt = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      await appendFile(
        path.join(dir.session, 'supervisor.log'),
        `${new Date().toISOString()} ERROR ${what}: ${(error as Error).message}\n`,
      ).catch(() => undefined);
    }
  };
  await releaseReserve(dir);
  // a tool that answered is asked to end; one that hangs or must not go on is ended
  const answers = ['SCRIPT_ERROR', 'RESTORE_FAIL', 'SCRIPT_REFUSED', 'SCRIPT_CHANGED', 'REQUEST_INVALID'].includes(
    fault.type,
  );
  await attempt('stop the session', async () =>
    job.session?.stop(answers ? () => submitStop(dir, manifest.job_id) : null),
  );
  job.session = null;
  manifest.error = failureRecord(fault, from);
  manifest.error_type = fault.type;
  manifest.status = 'FAIL';
  manifest.state = 'FAIL';
  manifest.finished_at = new Date().toISOString();
  await attempt('timeline', () =>
    job.log('ERROR', 'FAIL', `${fault.type} in ${from}: ${fault.message}`, {
      error_type: fault.type,
      from,
      evidence_paths: [...fault.evidence],
    }),
  );
  await attempt('manifest', () => job.save({ durable: true }));
  await attempt('debug bundle', () => writeDebugBundle(dir, manifest, failureRecord(fault, from)));
}

async function finish(job: Job): Promise<SkillJobResult> {
  try {
    await drive(job);
  } catch (error) {
    await fail(job, asSkillFault(error));
  } finally {
    await closeJob(job);
  }
  return resultOf(job);
}

/**
 * `run_job` of the architecture: a new run directory, then every state. Resolves also when the job fails; throws only
 * before there is a run directory.
 */
export async function runJob(
  runRoot: string,
  request: JobRequest,
  environment: JobEnvironment,
): Promise<SkillJobResult> {
  return finish(await createJob(runRoot, request, environment));
}

/** Ends what a dead supervisor left: its processes, its open state, its missing bundle. */
async function recover(job: Job): Promise<SkillJobResult> {
  const { manifest } = job;
  try {
    const killed = await killSession(manifest.job_id);
    if (manifest.status === 'RUNNING')
      await cancelOnCluster(manifest.launcher.id, manifest.job_id, job.environment.env);
    if (killed.length > 0)
      await job.log('WARN', 'ORPHANS_KILLED', `killed what the session left: ${killed.join(', ')}`, { pids: killed });
    if (manifest.status === 'RUNNING' && manifest.state === 'DONE') manifest.status = 'DONE';
    if (manifest.status === 'RUNNING') {
      await fail(
        job,
        new SkillFault('SUPERVISOR_LOST', `The supervisor died in ${manifest.state}.`, ['job_timeline.jsonl']),
      );
    } else if (manifest.status === 'FAIL' && manifest.error !== null && !(await isBundleComplete(job.dir))) {
      await writeDebugBundle(job.dir, manifest, manifest.error);
    }
  } finally {
    await closeJob(job);
  }
  return resultOf(job);
}

const describeSelected = (selected: DbCandidate | null): string =>
  selected === null ? 'no database' : (Object.values(selected.files)[0] ?? selected.name);

/**
 * `resume_job`: goes on with the person's choice after WAITING_SELECTION; a job whose supervisor died is closed as
 * SUPERVISOR_LOST, a failed one gets a bundle that is missing, a finished one is only reported. Throws
 * SELECTION_INVALID, RUN_DIR_BUSY, RUN_DIR_NOT_FOUND.
 */
export async function resumeJob(
  idOrPath: string,
  runRoot: string,
  selection: string | null,
  environment: JobEnvironment,
): Promise<SkillJobResult> {
  const job = await openJob(idOrPath, runRoot, environment);
  const { manifest } = job;
  if (manifest.status !== 'WAITING_SELECTION') {
    const chosen = selection === null ? null : candidateFor(selection, manifest.locator.candidates, environment.cwd);
    // the same choice once more is a repeat; another one would be shown this one's result
    if (selection !== null && (chosen === null || chosen.id !== manifest.locator.selected?.id)) {
      await closeJob(job);
      throw new GenrtlError(
        'SELECTION_INVALID',
        `The job is ${manifest.status} and waits for no selection; it ran on ${describeSelected(manifest.locator.selected)}.`,
        { hint: 'Start a new job for another database.', details: { selected: manifest.locator.selected } },
      );
    }
    return recover(job);
  }
  if (selection === null) {
    await closeJob(job);
    return resultOf(job);
  }
  const candidate = candidateFor(selection, manifest.locator.candidates, environment.cwd);
  if (candidate === null) {
    await closeJob(job);
    throw new GenrtlError(
      'SELECTION_INVALID',
      `'${selection}' is none of the ${manifest.locator.candidates.length} candidates.`,
      { details: { candidates: manifest.locator.candidates } },
    );
  }
  manifest.status = 'RUNNING';
  manifest.locator.selected = candidate;
  manifest.locator.selection_reason = 'user_selected';
  await job.save({ durable: true });
  await job.log('INFO', 'RESUMED', `candidate ${candidate.id} chosen`, { selection });
  return finish(job);
}
