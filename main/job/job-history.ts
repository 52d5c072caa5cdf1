// The jobs that a workspace has seen: `.genRTL/state.json` is the present one, `.genRTL/runs/<job>/state.json` each
// that came before.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { JobState, Plan, type JobSummary } from '@genrtl/contracts';
import { readJson, readText, writeJson } from '@genrtl/disk/records.ts';
import { writtenBy } from '../patch/index.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { readState, writeState } from '../workspace/state-store.ts';

const archiveOf = (paths: WorkspacePaths, jobId: string): string => path.join(paths.run(jobId), 'state.json');

/** Keeps the present job for the history; called before another takes its place. */
export async function archiveJob(paths: WorkspacePaths): Promise<void> {
  // a state that nobody can read must not keep a new job from beginning: it is the old one's loss
  const state = await readState(paths).catch(() => null);
  if (state !== null) await writeJson(archiveOf(paths, state.job_id), state);
}

/** The present job or an earlier one; null for one that the workspace does not know. */
export async function jobOf(paths: WorkspacePaths, jobId: string): Promise<JobState | null> {
  const present = await readState(paths);
  return present?.job_id === jobId ? present : readJson(archiveOf(paths, jobId), JobState);
}

export async function planOf(paths: WorkspacePaths, state: JobState): Promise<Plan | null> {
  const step = state.facts.plan_step;
  const text = step === undefined ? null : await readText(path.join(paths.run(state.job_id, step), 'plan.json'));
  return text === null ? null : Plan.parse(JSON.parse(text));
}

/** Records that the files of a job are as they were before it. */
export async function markUndone(paths: WorkspacePaths, jobId: string): Promise<void> {
  const state = await jobOf(paths, jobId);
  if (state === null) return;
  const { tests, strength, untried, diagnostics, files, ...facts } = state.facts;
  void [tests, strength, untried, diagnostics, files];
  const undone: JobState = { ...state, status: 'undone', error: null, facts, updated_at: new Date().toISOString() };
  const present = (await readState(paths))?.job_id === jobId;
  await (present ? writeState(paths, undone) : writeJson(archiveOf(paths, jobId), undone));
}

/** The newest first. A job is covered by the newest later one that changed a file of its own and is not undone. */
export async function jobHistory(paths: WorkspacePaths): Promise<JobSummary[]> {
  const present = await readState(paths);
  const folders = await readdir(paths.run('')).catch(() => [] as string[]);
  const past = await Promise.all(
    folders
      .filter((jobId) => jobId !== present?.job_id)
      .map((jobId) => readJson(archiveOf(paths, jobId), JobState).catch(() => null)),
  );
  const states = [...(present === null ? [] : [present]), ...past.filter((state) => state !== null)].sort((a, b) =>
    b.created_at.localeCompare(a.created_at),
  );
  const jobs: JobSummary[] = [];
  for (const state of states) {
    const written = await writtenBy(paths.root, state.job_id).catch(() => []);
    const files = state.status === 'undone' ? [] : written.map((file) => file.path);
    const plan = await planOf(paths, state).catch(() => null);
    const mutants = state.facts.strength?.mutants ?? null;
    jobs.push({
      job_id: state.job_id,
      title: plan?.title ?? state.facts.spec_name ?? path.basename(state.settings.spec_path),
      status: state.status,
      cost_usd: state.cost_usd,
      created_at: state.created_at,
      updated_at: state.updated_at,
      files,
      strength: mutants === null ? null : { killed: mutants.killed, total: mutants.total },
      covered_by: jobs.find((later) => later.files.some((file) => files.includes(file)))?.job_id ?? null,
    });
  }
  return jobs;
}
