// A hosted backend of three processes under load: `scripts/soak hosted [--jobs N] [--checkouts N] [--cap-jobs N]
// [--queued N] [--kill-every-ms N] [--away-s N]`, or `--minutes N`: the memory of a loaded process over so long.
import { parseArgs } from 'node:util';
import { fairTurn } from '../../backend/test/hosted-fair-turn.ts';
import {
  databaseAway,
  equalCheckouts,
  idleQueries,
  jobsUnder,
  killing,
  rollingRestart,
  sharedCap,
} from '../../backend/test/hosted-load.ts';
import { steadyMemory } from '../../backend/test/hosted-memory.ts';
import { HostedProcesses } from '../../backend/test/hosted-processes.ts';

/** Of one account at once, and of two processes together. */
const PLACES = 32;

export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      jobs: { type: 'string', default: '500' },
      checkouts: { type: 'string', default: '1000' },
      'cap-jobs': { type: 'string', default: '200' },
      'kill-every-ms': { type: 'string', default: '4000' },
      'away-s': { type: 'string', default: '20' },
      queued: { type: 'string', default: '1000' },
      minutes: { type: 'string' },
    },
  });
  const hosted = await HostedProcesses.open(values.minutes === undefined ? ['all', 'all', 'api'] : ['all'], {
    // the tests' PostgreSQL takes 60 connections
    GENRTL_DATABASE_CONNECTIONS: '7',
    GENRTL_JOBS_UNFINISHED: '2000',
    GENRTL_JOBS_PER_ACCOUNT: String(PLACES),
    GENRTL_JOBS_PER_USER: String(PLACES),
    GENRTL_REQUESTS_PER_MINUTE: '1000000',
    GENRTL_REQUESTS_BURST: '100000',
    GENRTL_DRAIN_SECONDS: '20',
  });
  const tell = (line: string): void => {
    console.log(line);
  };
  try {
    if (values.minutes !== undefined) {
      const { jobs, firstMb, lastMb } = await steadyMemory(hosted, Number(values.minutes));
      tell(
        `- ${values.minutes} minutes of one process, ${jobs} jobs with a reader each, 16 at a time: ${firstMb} MB when warm, ${lastMb} MB at the end`,
      );
      return;
    }
    const idle = await idleQueries(hosted, 10);
    tell(`- idle: ${idle.toFixed(1)} queries a second and process`);
    if (idle >= 5) throw new Error('an idle process asks the database five times a second or more');
    const seconds = await equalCheckouts(hosted, Number(values.checkouts));
    tell(`- ${values.checkouts} equal checkouts over three processes: one debit, ${seconds.toFixed(1)} s`);
    const fitted = await sharedCap(hosted, Number(values['cap-jobs']), '1.00');
    tell(`- ${values['cap-jobs']} jobs under one cap of $1: ${fitted} succeeded, never above`);
    const killed = await jobsUnder(hosted, Number(values.jobs), killing(hosted, Number(values['kill-every-ms'])));
    tell(
      `- ${killed.jobs} jobs, ${killed.kills} times kill -9: all ended once and well in ${killed.seconds} s; ${killed.upstreamCalls} upstream calls, ` +
        `${killed.lostAttempts} attempts lost and free; waited p50 ${killed.waitMs.p50} ms, p95 ${killed.waitMs.p95} ms`,
    );
    const queued = Number(values.queued);
    const between = await fairTurn(hosted, queued);
    if (between > PLACES)
      throw new Error(`${String(between)} of ${String(queued)} queued jobs began before another account's one`);
    tell(`- ${queued} jobs of one account queued, one of another: ${between} of them began before it`);
    const away = Number(values['away-s']);
    const during = await jobsUnder(hosted, Math.ceil(Number(values.jobs) / 10), databaseAway(hosted, away * 1_000));
    tell(`- PostgreSQL stopped for ${away} s under ${during.jobs} jobs: nothing lost, ${during.seconds} s`);
    const rolled = await jobsUnder(hosted, Math.ceil(Number(values.jobs) / 10), rollingRestart(hosted));
    tell(
      `- a release with a later schema under ${rolled.jobs} jobs, process by process: nothing lost, ${rolled.seconds} s`,
    );
  } finally {
    await hosted.close();
  }
}
