// Every death of client, backend and patch at every point; scripts/test takes some of each kind.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const FILES = [
  'test/e2e/kill-backend.test.ts',
  'test/e2e/kill-client.test.ts',
  'backend/jobs/kill.test.ts',
  'main/patch/crash.test.ts',
];

export function soak(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..');
  const run = spawnSync(path.join(root, 'node_modules/.bin/vitest'), ['run', ...FILES], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GENRTL_EVERY_KILL: '1' },
  });
  return run.status === 0 ? Promise.resolve() : Promise.reject(new Error('a job did not survive a kill'));
}
