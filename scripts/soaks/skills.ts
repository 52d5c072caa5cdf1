// Skills for a long time: 200 jobs in parallel, supervisors and tools killed at random moments, batches killed until
// they are done.
// Arguments: `--rounds N` (deaths, default 80), `--seed N`. Writes docs/bench/skills.md; throws when a death leaves
// anything wrong.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SkillErrorType } from '@genrtl/contracts/skill-failures.ts';
import { resumeSkillBatch, resumeSkillJob, runSkillBatch } from '../../main/skills/index.ts';
import { slurmObstacle, startSlurm } from '../../test/fakes/clusters/slurm.ts';
import {
  eventsOf,
  expectFailure,
  killQuietly,
  manifestOf,
  QUICK,
  Sandbox,
  sessionProcesses,
} from '../../test/skills/fixture.ts';
import { measureSkillJobs } from '../bench/skills.ts';
import { printTable, type Measurement } from '../bench/table.ts';

const SUPERVISOR = path.join(import.meta.dirname, '../../test/skills/supervisor-process.ts');
const REPORT = path.join(import.meta.dirname, '../../docs/bench/skills.md');
const TEMPLATE =
  '::skillpilot::write_report early.txt "value 1"\nafter 150\n::skillpilot::alive\nafter 150\n::skillpilot::write_report out.txt "value [dict get $::db cells]"\n';

/** Mulberry32: the same seed gives the same deaths, as far as the machine keeps time. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function evidence(runDir: string): Map<string, string> {
  const files = readdirSync(runDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith('.') && /\/(queue|ack|scripts)$/.test(entry.parentPath),
  );
  return new Map(
    files.map((entry) => [
      path.join(entry.parentPath, entry.name),
      readFileSync(path.join(entry.parentPath, entry.name), 'utf8'),
    ]),
  );
}

const check = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

type Victim = 'supervisor' | 'session' | 'both';
const VICTIMS: readonly Victim[] = ['supervisor', 'session', 'both'];
/** LAUNCH_FAIL: a scheduler's client that was killed before the tool was started. */
const AFTER_A_DEATH: readonly (string | null)[] = [
  'SUPERVISOR_LOST',
  'TOOL_CRASH',
  'LAUNCH_FAIL',
] satisfies (SkillErrorType | null)[];

/** One job that is hit at a random moment; returns how it ended after `resume`. */
async function oneDeath(
  box: Sandbox,
  launcher: 'local' | 'slurm',
  env: NodeJS.ProcessEnv,
  victim: Victim,
  afterMs: number,
): Promise<string> {
  const runRoot = box.at(`runs-${launcher}-${Math.round(afterMs * 1000)}`);
  const orders = JSON.stringify({
    root: box.root,
    runRoot,
    skill: 'probe',
    database: 'design',
    pollMs: 10,
    launcher,
    killAt: null,
  });
  const child = spawn(process.execPath, [SUPERVISOR, orders], { stdio: ['ignore', 'pipe', 'ignore'], env });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  // the moment counts from the first event: starting Node takes longer than the job
  const jobId = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) =>
      resolve(path.basename(chunk.toString().split('\n')[0]?.split(' ')[2] ?? '')),
    );
    child.once('close', () => resolve(''));
  });
  await sleep(afterMs);
  const session = sessionProcesses(jobId).map(Number);
  if (victim !== 'supervisor') session.forEach(killQuietly);
  if (victim !== 'session') child.kill('SIGKILL');
  await ended;
  // what a scheduler starts after its client was killed ends with the lease, after a minute
  const patienceMs = launcher === 'slurm' && victim !== 'supervisor' ? 75_000 : 10_000;
  for (let waited = 0; waited < patienceMs && sessionProcesses(jobId).length > 0; waited += 25) await sleep(25);
  check(
    sessionProcesses(jobId).length === 0,
    `${victim} at ${afterMs.toFixed(0)} ms (${launcher}): processes are left: ${sessionProcesses(jobId).join(', ')}`,
  );
  const runDir = path.join(runRoot, jobId);
  const before = evidence(runDir);
  const result = await resumeSkillJob(jobId, null, box.context({ runRoot, env }));
  for (const [file, text] of before)
    check(
      readFileSync(file, 'utf8') === text,
      `${victim} at ${afterMs.toFixed(0)} ms (${launcher}): ${file} was overwritten`,
    );
  const events = await eventsOf(runDir);
  check(
    events.every((event, index) => event.seq === index),
    `${jobId}: the timeline has a gap`,
  );
  if (result.status === 'DONE') {
    check((await manifestOf(runDir)).finished_at !== null, `${jobId}: DONE without an end`);
    return 'DONE';
  }
  check(result.status === 'FAIL', `${jobId} ended as ${result.status}`);
  check(
    AFTER_A_DEATH.includes(result.error_type),
    `${victim} at ${afterMs.toFixed(0)} ms (${launcher}): ${String(result.error_type)}: ${result.error?.message ?? ''}`,
  );
  await expectFailure(runDir, result.error_type ?? '');
  return result.error_type ?? '';
}

async function deaths(
  rounds: number,
  random: () => number,
  launcher: 'local' | 'slurm',
  env: NodeJS.ProcessEnv,
): Promise<Map<string, number>> {
  const box = await Sandbox.create();
  const ends = new Map<string, number>();
  try {
    await box.skill({ template: TEMPLATE, database: { required: true, forms: ['tcl_dict'] } });
    writeFileSync(box.at('design.tcldb'), 'cells 42');
    for (let round = 0; round < rounds; round += 1) {
      const end = await oneDeath(
        box,
        launcher,
        env,
        VICTIMS[round % VICTIMS.length] ?? 'both',
        random() * (launcher === 'slurm' ? 1500 : 700),
      );
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  } finally {
    await box.remove();
  }
  return ends;
}

/** A batch of 24 designs whose process is killed again and again until nothing is left to do. */
async function batchOfDeaths(random: () => number): Promise<number> {
  const box = await Sandbox.create();
  try {
    await box.skill({ template: TEMPLATE, database: { required: true, forms: ['tcl_dict'] } });
    writeFileSync(box.at('design.tcldb'), 'cells 42');
    const entries = Array.from({ length: 24 }, (_, index) => ({
      design: `d${index}`,
      database: 'design',
      parameters: {},
    }));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 800);
    let { record } = await runSkillBatch(
      { ...QUICK, plan: { skill: 'probe', max_parallel: 4, entries } },
      box.context({ signal: abort.signal }),
    );
    let hits = 1;
    let patience = 1;
    while (record.entries.some((entry) => entry.status !== 'DONE')) {
      check(hits < 60, 'the batch makes no progress');
      const again = new AbortController();
      setTimeout(() => again.abort(), (600 + random() * 800) * patience);
      const done = new Set(record.entries.filter((entry) => entry.status === 'DONE').map((entry) => entry.runs.at(-1)));
      ({ record } = await resumeSkillBatch(record.batch_id, QUICK, box.context({ signal: again.signal })));
      const now = new Set(record.entries.filter((entry) => entry.status === 'DONE').map((entry) => entry.runs.at(-1)));
      for (const run of done) check(now.has(run), `${String(run)} was done and ran again`);
      // on a busy machine a job may take longer than it is given: a round in which none ended makes the next ones
      // longer
      if (now.size === done.size) patience *= 1.5;
      hits += 1;
    }
    for (const entry of record.entries)
      for (const run of entry.runs) check(sessionProcesses(run).length === 0, `${run} left processes`);
    return hits;
  } finally {
    await box.remove();
  }
}

function report(rows: readonly Measurement[], lines: readonly string[]): string {
  const cell = ({ value, unit }: Measurement): string => `${value.toFixed(Math.abs(value) >= 100 ? 0 : 1)} ${unit}`;
  return `${[
    '# Skills: cost and deaths',
    '',
    'Written by `scripts/soak skills`.',
    '',
    `Machine: ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load before the run ${os.loadavg()[0]?.toFixed(1) ?? '?'}.`,
    '',
    '| what | measured | goal |',
    '|---|---:|---:|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${cell(row)} | ${row.goal === undefined ? '' : 'max' in row.goal ? `≤ ${row.goal.max} ${row.unit}` : `≥ ${row.goal.min} ${row.unit}`} |`,
    ),
    '',
    ...lines,
  ].join('\n')}\n`;
}

export async function soak(args: readonly string[]): Promise<void> {
  const option = (name: string, preset: number): number =>
    args.includes(name) ? Number(args[args.indexOf(name) + 1]) : preset;
  const rounds = option('--rounds', 80);
  const seed = option('--seed', Date.now() % 1_000_000);
  const random = randomFrom(seed);
  const rows = await measureSkillJobs(200);
  printTable('Skills beyond their tools', rows);
  const lines = [
    '## Deaths',
    '',
    `Seed ${seed}. Killed at random moments with SIGKILL: the supervisor, everything of the session, or both. Afterwards no process was left, \`resume\` closed the job in a class of the taxonomy with a whole bundle, and no request, acknowledgement or script had changed.`,
    '',
  ];
  const shown = (ends: Map<string, number>): string =>
    [...ends]
      .sort()
      .map(([end, count]) => `${end} ×${count}`)
      .join(', ');
  lines.push(`- ${rounds} deaths on this machine: ${shown(await deaths(rounds, random, 'local', process.env))}`);
  console.log(lines.at(-1));
  const obstacle = slurmObstacle();
  if (obstacle === null) {
    const slurm = await startSlurm();
    try {
      const share = Math.ceil(rounds / 4);
      lines.push(`- ${share} deaths through Slurm: ${shown(await deaths(share, random, 'slurm', slurm.env))}`);
      for (let tries = 0; tries < 200 && slurm.jobs().length > 0; tries += 1) await sleep(100);
      check(slurm.jobs().length === 0, `jobs are left in the cluster: ${slurm.jobs().join(', ')}`);
    } finally {
      await slurm.stop();
    }
  } else lines.push(`- Slurm: skipped (${obstacle})`);
  console.log(lines.at(-1));
  lines.push(
    `- a batch of 24 designs, stopped ${await batchOfDeaths(random)} times, ended with every design done once`,
  );
  console.log(lines.at(-1));
  writeFileSync(REPORT, report(rows, lines));
  const missed = rows.filter(
    (row) => row.goal !== undefined && ('max' in row.goal ? row.value > row.goal.max : row.value < row.goal.min),
  );
  check(
    missed.length === 0,
    `goals missed: ${missed.map((row) => `${row.name} ${row.value.toFixed(1)} ${row.unit}`).join('; ')}`,
  );
}
