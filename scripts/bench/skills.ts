// What SkillPilot costs beyond the tool: many short jobs in parallel on tclsh sessions, as one batch in this process.
import { statfsSync } from 'node:fs';
import os from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { TimelineEvent } from '@genrtl/contracts/skill-run.ts';
import { runSkillBatch } from '../../main/skills/index.ts';
import { Sandbox } from '../../test/skills/fixture.ts';
import { median, type Measurement } from './table.ts';

const POLL_MS = 10;
/** The tool's own work in each job; measured again inside the tool, since a busy machine stretches it. */
const TEMPLATE = 'after 100\n::skillpilot::write_report out.txt "value 42"\n';
/** Jobs before the first look at memory: code is compiled and caches are filled by then. */
const WARM_SHARE = 0.3;

const PARALLEL = 8;
const OVERHEAD_GOAL = { max: 150 };
const MEMORY_FOLDER = '/dev/shm';
/** of statfs(2) */
const TMPFS_MAGIC = 0x0102_1994;
const ROOM_BYTES = 512 * 1024 * 1024;

interface Place {
  readonly folder: string;
  readonly title: string;
}

const DISK: Place = { folder: os.tmpdir(), title: 'run directories on the disk of the temporary folder' };

/**
 * A folder in memory where there is one, else null. What a new file costs on a disk hangs on what was deleted there in
 * the minutes before (ext4 without a journal passes over every inode that was freed lately): here that is left out.
 */
function memoryPlace(): Place | null {
  try {
    const { type, bavail, bsize } = statfsSync(MEMORY_FOLDER);
    return type === TMPFS_MAGIC && bavail * bsize > ROOM_BYTES
      ? { folder: MEMORY_FOLDER, title: 'run directories in memory' }
      : null;
  } catch {
    return null;
  }
}

interface JobFigures {
  started: number;
  /** job's wall time in this process, from its first event to its last */
  wallMs: number;
  /** of the scripts inside the tool */
  toolMs: number;
  queueMs: number[];
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

const numberOf = (event: TimelineEvent, key: string): number => {
  const value = event.data?.[key];
  return typeof value === 'number' ? value : 0;
};

/** Bytes in use after a full collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

interface JobsFigures {
  readonly overheads: number[];
  readonly queue: number[];
  readonly supervisorMs: number;
  readonly jobsPerSecond: number;
  readonly heapGrowthMb: number;
}

/** One batch of tclsh jobs. Throws when a job does not end as DONE. */
async function runJobs(jobs: number, { folder }: Place): Promise<JobsFigures> {
  const box = await Sandbox.create(folder);
  try {
    await box.skill({ template: TEMPLATE });
    const figures = new Map<string, JobFigures>();
    let done = 0;
    let warmHeap = 0;
    const onEvent = (event: TimelineEvent): void => {
      const job = figures.get(event.job_id) ?? { started: performance.now(), wallMs: 0, toolMs: 0, queueMs: [] };
      figures.set(event.job_id, job);
      job.wallMs = performance.now() - job.started;
      if (event.event === 'ACK') {
        job.toolMs += numberOf(event, 'run_ms');
        job.queueMs.push(numberOf(event, 'queue_ms'));
      }
      if (event.event === 'STATE_ENTERED' && event.state === 'DONE') {
        done += 1;
        if (done === Math.ceil(jobs * WARM_SHARE)) warmHeap = heapBytes();
      }
    };
    const entries = Array.from({ length: jobs }, (_, index) => ({
      design: `d${index}`,
      database: null,
      parameters: {},
    }));
    const cpu = process.cpuUsage();
    const started = performance.now();
    const { record } = await runSkillBatch(
      { plan: { skill: 'probe', max_parallel: PARALLEL, entries }, pollMs: POLL_MS, heartbeatMs: 1000 },
      box.context({ onEvent }),
    );
    const wall = performance.now() - started;
    const used = process.cpuUsage(cpu);
    const failed = record.entries.filter((entry) => entry.status !== 'DONE');
    if (failed.length > 0)
      throw new Error(`${failed.length} of ${jobs} jobs failed, first as ${failed[0]?.error_type ?? 'unknown'}`);
    const all = [...figures.values()];
    return {
      overheads: all.map((job) => job.wallMs - job.toolMs),
      queue: all.flatMap((job) => job.queueMs),
      supervisorMs: (used.user + used.system) / 1000 / jobs,
      jobsPerSecond: jobs / (wall / 1000),
      heapGrowthMb: (heapBytes() - warmHeap) / 1024 / 1024,
    };
  } finally {
    await box.remove();
  }
}

/**
 * In memory, where there is a folder for it, and on the disk, whose state shows in the difference; the goal holds for
 * both.
 */
export async function measureSkillJobs(jobs: number): Promise<Measurement[]> {
  const memory = memoryPlace();
  const place = memory ?? DISK;
  const { overheads, queue, supervisorMs, jobsPerSecond, heapGrowthMb } = await runJobs(jobs, place);
  const rows: Measurement[] = [
    {
      name: `overhead of a job beyond its tool, median (${jobs} jobs, ${PARALLEL} in parallel, poll ${POLL_MS} ms, ${place.title})`,
      value: median(overheads),
      unit: 'ms',
      goal: OVERHEAD_GOAL,
    },
    { name: 'overhead of a job beyond its tool, p95', value: percentile(overheads, 0.95), unit: 'ms' },
    { name: 'queue latency p95', value: percentile(queue, 0.95), unit: 'ms', goal: { max: 1.2 * POLL_MS } },
    { name: 'processor time of the supervisor per job', value: supervisorMs, unit: 'ms' },
    { name: 'jobs per second', value: jobsPerSecond, unit: '1/s' },
    {
      name: `heap growth over the last ${jobs - Math.ceil(jobs * WARM_SHARE)} jobs`,
      value: heapGrowthMb,
      unit: 'MB',
      goal: { max: 4 },
    },
  ];
  if (memory !== null)
    rows.push({
      name: `overhead, median, ${DISK.title}`,
      value: median((await runJobs(jobs, DISK)).overheads),
      unit: 'ms',
      goal: OVERHEAD_GOAL,
    });
  return rows;
}

/** The short form for `npm run bench`; `scripts/soak skills` runs all 200. */
export async function benchSkills(): Promise<Measurement[]> {
  return measureSkillJobs(48);
}
