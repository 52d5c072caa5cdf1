// PostgreSQL stopped with jobs in flight over several processes: they outlive it, and each call is paid once.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { databaseAway, jobsUnder } from '../test/hosted-load.ts';
import { HostedProcesses } from '../test/hosted-processes.ts';

let hosted: HostedProcesses;
beforeAll(async () => {
  hosted = await HostedProcesses.open(['worker', 'api'], { GENRTL_DATABASE_CONNECTIONS: '6' });
}, 60_000);
afterAll(() => hosted.close());

it('jobs in flight outlive a database that is stopped and started again', async () => {
  const report = await jobsUnder(hosted, 6, databaseAway(hosted, 2_500));
  expect(report.upstreamCalls).toBeGreaterThanOrEqual(12);
}, 90_000);
