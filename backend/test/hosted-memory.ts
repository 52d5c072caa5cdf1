// What a process of a hosted backend keeps while it works for a long time: jobs come and go, their readers follow them,
// some are cancelled; its memory at the end is what it was when it had warmed up.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { checkLedger } from '../ledger/index.ts';
import type { HostedProcesses } from './hosted-processes.ts';

const LANES = 16;
const LOOK_MS = 5_000;
/** Of the run's time: caches fill, code is compiled. */
const WARM_UP = 0.3;
/** Above what is measured when nothing leaks: the collector lets a heap swing. */
const MOST_GROWTH = 1.15;

export interface MemoryReport {
  readonly jobs: number;
  readonly minutes: number;
  /** medians of the resident memory in the first and the last quarter after the warm-up, of the process that grew most */
  readonly firstMb: number;
  readonly lastMb: number;
}

/** Throws when a process keeps growing, or the books are wrong. */
export async function steadyMemory(hosted: HostedProcesses, minutes: number): Promise<MemoryReport> {
  const until = Date.now() + minutes * 60_000;
  const warm = Date.now() + minutes * 60_000 * WARM_UP;
  let jobs = 0;
  const work = async (lane: number): Promise<void> => {
    while (Date.now() < until) {
      const clients = hosted.clients();
      const client = clients[(lane + jobs) % clients.length];
      if (client === undefined) throw new Error('nobody answers');
      const request = await client.planRequest(jobs % 5 === 0 ? 'slow' : 'ok', {
        job_id: `job${randomUUID().slice(0, 13)}`,
      });
      const { body } = await client.submit(request);
      jobs += 1;
      if (jobs % 10 === 0) await client.call('POST', `/v1/jobs/${body.run_id}/cancel`);
      await client.events(body.run_id);
      await client.run(body.run_id);
    }
  };
  const seen = hosted.pids.map((): number[] => []);
  const watch = async (): Promise<void> => {
    for (; Date.now() < until; await delay(LOOK_MS))
      if (Date.now() > warm) for (const [n, pid] of hosted.pids.entries()) seen[n]?.push(residentMb(pid));
  };
  await Promise.all([watch(), ...Array.from({ length: LANES }, (_, lane) => work(lane))]);
  const grown = seen.map((samples) => {
    const quarter = Math.max(1, Math.floor(samples.length / 4));
    return { firstMb: median(samples.slice(0, quarter)), lastMb: median(samples.slice(-quarter)) };
  });
  const [worst = { firstMb: 0, lastMb: 0 }] = grown.sort((a, b) => b.lastMb / b.firstMb - a.lastMb / a.firstMb);
  if (worst.lastMb > worst.firstMb * MOST_GROWTH)
    throw new Error(
      `memory grows: ${String(worst.firstMb)} MB, later ${String(worst.lastMb)} MB after ${String(jobs)} jobs`,
    );
  const faults = await checkLedger(hosted.pool);
  if (faults.length > 0) throw new Error(`the books are wrong: ${JSON.stringify(faults.slice(0, 3))}`);
  return { jobs, minutes, ...worst };
}

const residentMb = (pid: number): number =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0) / 1024);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
