// The backend in a process that tests may kill, with the fake models. A line on stdin sets the point where it dies.
import { createInterface } from 'node:readline';
import { startBackend } from '../main.ts';
import { fakeFlows, fakeRouter } from './fake-models.ts';

const home = process.argv[2] ?? '';
const backend = await startBackend({
  home,
  role: 'all',
  embedded: true,
  firstLeaseMs: 120_000,
  router: fakeRouter(`${home}/upstream.txt`),
  flows: fakeFlows,
});
createInterface({ input: process.stdin })
  .on('line', (point) => {
    process.env['GENRTL_TEST_DIE_AT'] = point;
    process.stdout.write('armed\n');
  })
  .on('close', () => {
    void backend.stop();
  });
process.stdout.write(`${JSON.stringify({ url: backend.url, token: backend.token })}\n`);
await backend.stopped;
process.exit(0);
