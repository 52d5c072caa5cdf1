// Runs the replay scripts that a job's tool runs left behind, one after the other.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesBelow } from '@genrtl/disk/files-below.ts';
import { GenrtlError, ToolRunRecord } from '@genrtl/contracts';
import { readJson } from '@genrtl/disk/records.ts';
import { captureOutput } from '@genrtl/eda/runner/index.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import { confineWorkspace } from '../settings/confinement.ts';
import { workspacePaths, type WorkspacePaths } from '../workspace/paths.ts';
import { readState } from '../workspace/state-store.ts';

export interface ReplayedRun {
  readonly step_id: string;
  readonly same: boolean;
  /** what the script said, at most its last 4,000 characters */
  readonly output: string;
}

/** Throws NO_JOB when the workspace has none, CONFINEMENT_UNAVAILABLE where its code cannot be confined. */
export async function replayJob(
  root: string,
  env: NodeJS.ProcessEnv,
  agreed: boolean,
  signal: AbortSignal,
): Promise<ReplayedRun[]> {
  const paths = workspacePaths(root);
  const state = await readState(paths);
  if (!state) throw new GenrtlError('NO_JOB', 'There is no job in this workspace.');
  const { policy } = await confineWorkspace(env, paths.root, agreed);
  const runs: ReplayedRun[] = [];
  for (const script of await findScripts(
    paths.run(state.job_id),
    state.steps.map((step) => step.step_id),
  )) {
    if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
    runs.push({
      step_id: path.relative(paths.run(state.job_id), path.dirname(script)),
      ...(await runScript(script, paths, policy, env, signal)),
    });
  }
  return runs;
}

/** In the order of the job's steps; acceptance tests have a folder each below their step. */
async function findScripts(jobFolder: string, stepIds: readonly string[]): Promise<string[]> {
  const below = await filesBelow(jobFolder);
  const all = below
    .filter(
      (file) =>
        file.kind === 'file' &&
        path.basename(file.path) === 'replay.sh' &&
        !file.path.split('/').some((part) => part === 'inputs' || part === 'files'),
    )
    .map((file) => file.path);
  const order = (file: string): number => stepIds.indexOf(file.split('/')[0] ?? '');
  return all.sort((a, b) => order(a) - order(b) || a.localeCompare(b)).map((file) => path.join(jobFolder, file));
}

const TIMEOUT_MS = 600_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** The whole script in one sandbox: it reads the kept inputs and the packages, and works in a temporary folder. */
async function runScript(
  script: string,
  paths: WorkspacePaths,
  policy: ConfinementPolicy,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<{ same: boolean; output: string }> {
  const runDir = path.dirname(script);
  const record = await readJson(path.join(runDir, 'tool.json'), ToolRunRecord);
  const confined = policy.mode === 'required';
  const cwd = await mkdtemp(path.join(tmpdir(), 'genrtl-replay-'));
  try {
    const { exitCode, stdout, stderr } = await captureOutput(
      ['/bin/sh', script, confined ? '--inside' : '--unconfined'],
      {
        cwd,
        env,
        signal,
        timeoutMs: TIMEOUT_MS,
        outputBytes: MAX_OUTPUT_BYTES,
        confinement: {
          policy: { ...policy, readable: [runDir, paths.vendor, ...(policy.readable ?? [])] },
          executables: record?.commands.map(({ argv }) => argv[0] ?? '') ?? [],
          sources: Object.keys(record?.inputs ?? {}).map((file) => path.resolve(paths.root, file)),
        },
      },
    );
    return { same: exitCode === 0, output: (stdout + stderr).slice(-4000).trim() };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
