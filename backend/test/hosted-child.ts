// One process of a hosted backend, with the fake models, for tests that kill it: `hosted-child.ts HOME ROLE UPSTREAM_FILE`.
import { startBackend } from '../main.ts';
import { fakeFlows, fakeRouter } from './fake-models.ts';

const [home = '', role = 'all', upstream = ''] = process.argv.slice(2);
const backend = await startBackend({
  home,
  role: role === 'api' || role === 'worker' ? role : 'all',
  embedded: false,
  router: fakeRouter(upstream),
  flows: fakeFlows,
});
process.once('SIGTERM', () => void backend.stop());
process.stdout.write(`${JSON.stringify({ url: backend.url, token: backend.token })}\n`);
await backend.stopped;
process.exit(0);
