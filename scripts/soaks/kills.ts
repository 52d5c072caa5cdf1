// Every kill of the backend in every phase of a job; scripts/test takes each point once.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export function soak(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..');
  const run = spawnSync(path.join(root, 'node_modules/.bin/vitest'), ['run', 'test/e2e/kill-backend.test.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GENRTL_EVERY_KILL: '1' },
  });
  return run.status === 0 ? Promise.resolve() : Promise.reject(new Error('a job did not survive a kill'));
}
