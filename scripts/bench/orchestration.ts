// What a job costs beyond its tools and models: the backend is up, the model answers at once (the built-in composer).
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { traitsOf } from '@genrtl/contracts/steps.ts';
import type { JobResult } from '@genrtl/contracts';
import { SAMPLES, TestHome, runCli, tempDir } from '../../test/e2e/harness.ts';
import { median, type Measurement } from './table.ts';

const ROUNDS = 5;
/** Their time is the tools', measured from the records of the runs; strength runs tools without records of its own. */
const NOT_COUNTED = new Set(['strength']);
const SLOW_TOOL_S = 10;

function toolMs(workspace: string, jobId: string, stepId: string): number {
  const record = JSON.parse(readFileSync(path.join(workspace, '.genRTL/runs', jobId, stepId, 'tool.json'), 'utf8')) as {
    commands: { duration_ms: number }[];
  };
  return record.commands.reduce((sum, command) => sum + command.duration_ms, 0);
}

interface Overheads {
  client: number[];
  server: number[];
  tools: number;
  wall: number;
}

async function oneJob(home: TestHome, env: Record<string, string>): Promise<Overheads> {
  const folder = tempDir('bench');
  const workspace = path.join(folder, 'ws');
  const started = performance.now();
  const run = await runCli(
    ['run', '--json', '--spec', path.join(SAMPLES, 'uart-echo/spec.md'), '--workspace', workspace, '--yes'],
    { ...home.env, GENRTL_STRENGTH_SECONDS: '0', ...env },
  );
  const wall = performance.now() - started;
  const result: JobResult = run.result;
  if (result.status !== 'done')
    throw new Error(`the bench job ended as ${result.status}: ${run.stderr}${result.error?.message ?? ''}`);
  const overheads: Overheads = { client: [], server: [], tools: 0, wall };
  for (const step of result.steps) {
    if (NOT_COUNTED.has(step.step) || step.status === 'skipped') continue;
    const tools = traitsOf(step.step).keepsLog === true ? toolMs(workspace, String(result.job_id), step.step_id) : 0;
    overheads.tools += tools;
    (traitsOf(step.step).onServer === true ? overheads.server : overheads.client).push((step.duration_ms ?? 0) - tools);
  }
  rmSync(folder, { recursive: true, force: true });
  return overheads;
}

/** A lint and a simulator that take SLOW_TOOL_S longer than the real ones. */
function slowTools(): Record<string, string> {
  const folder = tempDir('slow');
  for (const name of ['verilator', 'vvp']) {
    const file = path.join(folder, name);
    writeFileSync(
      file,
      `#!/bin/sh\ncase "$*" in *-V*|*--version*) ;; *) sleep ${SLOW_TOOL_S} ;; esac\nexec /usr/bin/${name} "$@"\n`,
    );
    chmodSync(file, 0o755);
  }
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
}

export async function benchOrchestration(): Promise<Measurement[]> {
  const home = new TestHome();
  try {
    await home.keepBackend();
    await oneJob(home, {});
    const rounds: Overheads[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await oneJob(home, {}));
    const client = rounds.flatMap((round) => round.client);
    const server = rounds.flatMap((round) => round.server);
    const long = await oneJob(home, slowTools());
    return [
      { name: 'client step beyond its tool, median', value: median(client), unit: 'ms', goal: { max: 30 } },
      {
        name: 'client step beyond its tool, mean',
        value: client.reduce((a, b) => a + b, 0) / client.length,
        unit: 'ms',
        goal: { max: 30 },
      },
      { name: 'server step with an instant model, median', value: median(server), unit: 'ms', goal: { max: 200 } },
      { name: 'server step with an instant model, worst', value: Math.max(...server), unit: 'ms', goal: { max: 200 } },
      {
        name: `job with ${(long.tools / 1000).toFixed(0)} s of tools: all steps beyond them`,
        value: (100 * [...long.client, ...long.server].reduce((a, b) => a + b, 0)) / long.tools,
        unit: '%',
        goal: { max: 5 },
      },
    ];
  } finally {
    await home.close();
  }
}
