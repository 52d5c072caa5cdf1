// Several processes on one PostgreSQL and one object store, with jobs in flight: what their surroundings do to them,
// each job ends once and well, and each call is paid once. Large in `scripts/soak hosted`.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fairTurn } from '../test/hosted-fair-turn.ts';
import { databaseAway, equalCheckouts, jobsUnder, rollingRestart } from '../test/hosted-load.ts';
import { steadyMemory } from '../test/hosted-memory.ts';
import { HostedProcesses } from '../test/hosted-processes.ts';

let hosted: HostedProcesses;
beforeAll(async () => {
  hosted = await HostedProcesses.open(['worker', 'api'], {
    GENRTL_DATABASE_CONNECTIONS: '6',
    GENRTL_DRAIN_SECONDS: '10',
  });
}, 180_000);
// undefined when the start failed, which then is the error to be seen
afterAll(() => (hosted as HostedProcesses | undefined)?.close());

it('jobs in flight outlive a database that is stopped and started again', async () => {
  const report = await jobsUnder(hosted, 6, databaseAway(hosted, 2_500));
  expect(report.upstreamCalls).toBeGreaterThanOrEqual(12);
}, 90_000);

it('equal checkouts at once: one debit, one receipt', async () => {
  expect(await equalCheckouts(hosted, 50)).toBeGreaterThan(0);
}, 120_000);

it('one job of an account does not stand behind all that another has queued', async () => {
  // as many of the other's as begin at once beside it: its own eight places
  expect(await fairTurn(hosted, 31)).toBeLessThanOrEqual(8);
}, 120_000);

it('a release with a later schema takes over process by process, with processes of both at work', async () => {
  await jobsUnder(hosted, 12, rollingRestart(hosted));
  const { rows } = await hosted.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM runs WHERE next_note = 'none'`,
  );
  expect(rows[0]?.n).toBe(50);
}, 240_000);

it('jobs with readers, some of them cancelled, are worked on without an end', async () => {
  const { jobs, firstMb, lastMb } = await steadyMemory(hosted, 0.05);
  expect(jobs).toBeGreaterThan(0);
  expect([firstMb, lastMb].every((mb) => mb >= 0)).toBe(true);
}, 60_000);
