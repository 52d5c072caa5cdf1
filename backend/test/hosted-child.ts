// One process of a hosted backend, with the fake models, for tests that kill it: `hosted-child.ts HOME ROLE
// UPSTREAM_FILE`.
import { createPool, migrate, readMigrations } from '../db/index.ts';
import { startBackend } from '../main.ts';
import { fakeFlows, fakeRouter } from './fake-models.ts';

const [home = '', role = 'all', upstream = ''] = process.argv.slice(2);
// A process of the next release brings migrations that those of this one know nothing of.
const { GENRTL_TEST_MIGRATIONS: next, DATABASE_URL: url = '', GENRTL_DRAIN_SECONDS: drain = '0' } = process.env;
if (next !== undefined) {
  const pool = createPool(url, { max: 2 });
  await migrate(pool, [...(await readMigrations()), ...(await readMigrations(next))]);
  await pool.end();
}
const backend = await startBackend({
  home,
  role: role === 'api' || role === 'worker' ? role : 'all',
  embedded: false,
  router: fakeRouter(upstream),
  flows: fakeFlows,
});
process.once('SIGTERM', () => void backend.stop(Number(drain) * 1_000));
process.stdout.write(`${JSON.stringify({ url: backend.url, token: backend.token })}\n`);
await backend.stopped;
process.exit(0);
