// Runs the replay scripts that a job's tool runs left behind, one after the other.
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { workspacePaths } from '../workspace/paths.ts';
import { readState } from '../workspace/state-store.ts';

export interface ReplayedRun {
  readonly step_id: string;
  readonly same: boolean;
  /** what the script said, at most its last 4,000 characters */
  readonly output: string;
}

/** Throws NO_JOB when the workspace has none. */
export async function replayJob(root: string, signal: AbortSignal): Promise<ReplayedRun[]> {
  const paths = workspacePaths(root);
  const state = await readState(paths);
  if (!state) throw new GenrtlError('NO_JOB', 'There is no job in this workspace.');
  const runs: ReplayedRun[] = [];
  for (const script of await findScripts(
    paths.run(state.job_id),
    state.steps.map((step) => step.step_id),
  )) {
    if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
    runs.push({
      step_id: path.relative(paths.run(state.job_id), path.dirname(script)),
      ...(await runScript(script, signal)),
    });
  }
  return runs;
}

/** In the order of the job's steps; acceptance tests have a folder each below their step. */
async function findScripts(jobFolder: string, stepIds: readonly string[]): Promise<string[]> {
  const all = (await readdir(jobFolder, { recursive: true })).filter(
    (file) => path.basename(file) === 'replay.sh' && !file.split(path.sep).includes('inputs'),
  );
  const order = (file: string): number => stepIds.indexOf(file.split(path.sep)[0] ?? '');
  return all.sort((a, b) => order(a) - order(b) || a.localeCompare(b)).map((file) => path.join(jobFolder, file));
}

function runScript(script: string, signal: AbortSignal): Promise<{ same: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', [script], { stdio: ['ignore', 'pipe', 'pipe'], signal, timeout: 600_000 });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => resolve({ same: false, output: error.message }));
    child.on('close', (code) => resolve({ same: code === 0, output: output.trim() }));
  });
}
