// What SkillPilot costs beyond the tool: many short jobs in parallel on tclsh sessions, as one batch in this process.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { TimelineEvent } from '@genrtl/contracts';
import { runSkillBatch } from '../../main/skills/index.ts';
import { Sandbox } from '../../test/skills/fixture.ts';
import { median, type Measurement } from './table.ts';

const POLL_MS = 10;
/** The tool's own work in each job; measured again inside the tool, since a busy machine stretches it. */
const TEMPLATE = 'after 100\n::skillpilot::write_report out.txt "value 42"\n';
/** Jobs before the first look at memory: code is compiled and caches are filled by then. */
const WARM_SHARE = 0.3;

export interface SkillBenchOptions {
  readonly jobs: number;
  readonly parallel: number;
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

/** Throws when a job does not end as DONE. */
export async function measureSkillJobs({ jobs, parallel }: SkillBenchOptions): Promise<Measurement[]> {
  const box = await Sandbox.create();
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
    const entries = Array.from({ length: jobs }, (_, index) => ({ design: `d${index}`, database: null, parameters: {} }));
    const cpu = process.cpuUsage();
    const started = performance.now();
    const { record } = await runSkillBatch({ plan: { skill: 'probe', max_parallel: parallel, entries }, pollMs: POLL_MS, heartbeatMs: 1000 }, box.context({ onEvent }));
    const wall = performance.now() - started;
    const used = process.cpuUsage(cpu);
    const failed = record.entries.filter((entry) => entry.status !== 'DONE');
    if (failed.length > 0) throw new Error(`${failed.length} of ${jobs} jobs failed, first as ${failed[0]?.error_type ?? 'unknown'}`);
    const all = [...figures.values()];
    const overheads = all.map((job) => job.wallMs - job.toolMs);
    const queue = all.flatMap((job) => job.queueMs);
    const growth = (heapBytes() - warmHeap) / 1024 / 1024;
    const label = `${jobs} jobs, ${parallel} in parallel`;
    return [
      { name: `overhead of a job beyond its tool, median (${label}, poll ${POLL_MS} ms)`, value: median(overheads), unit: 'ms', goal: { max: 150 } },
      { name: 'overhead of a job beyond its tool, p95', value: percentile(overheads, 0.95), unit: 'ms' },
      { name: 'queue latency p95', value: percentile(queue, 0.95), unit: 'ms', goal: { max: 1.2 * POLL_MS } },
      { name: 'processor time of the supervisor per job', value: (used.user + used.system) / 1000 / jobs, unit: 'ms' },
      { name: 'jobs per second', value: jobs / (wall / 1000), unit: '1/s' },
      { name: `heap growth over the last ${jobs - Math.ceil(jobs * WARM_SHARE)} jobs`, value: growth, unit: 'MB', goal: { max: 4 } },
    ];
  } finally {
    await box.remove();
  }
}

/** The short form for `npm run bench`; `scripts/soak skills` runs all 200. */
export async function benchSkills(): Promise<Measurement[]> {
  return measureSkillJobs({ jobs: 48, parallel: 8 });
}
