// Every case of the tests that take representatives: deaths of client, backend and patch at every point, all samples.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const FILES = [
  'test/e2e/kill-backend.test.ts',
  'test/e2e/kill-client.test.ts',
  'backend/jobs/kill.test.ts',
  'main/patch/crash.test.ts',
  'test/e2e/structured.test.ts',
];

export function soak(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..');
  const run = spawnSync(path.join(root, 'node_modules/.bin/vitest'), ['run', ...FILES], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GENRTL_EVERYTHING: '1' },
  });
  return run.status === 0
    ? Promise.resolve()
    : Promise.reject(new Error('a case failed that scripts/test does not try'));
}
