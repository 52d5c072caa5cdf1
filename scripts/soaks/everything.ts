// Every case of the tests that take representatives: deaths at every point, all samples, both languages and sizes.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const TESTS = [
  'test/e2e/kill-backend.test.ts',
  'test/e2e/kill-client.test.ts',
  'backend/jobs/kill.test.ts',
  'main/patch/crash.test.ts',
  'test/e2e/structured.test.ts',
  'test/e2e/acceptance.test.ts',
  'test/e2e/bad-input.test.ts',
  'test/e2e/measured.test.ts',
  'test/money/money.test.ts',
  'test/verdicts/cheats.test.ts',
  'test/skills/clusters.test.ts',
  'backend/processes/embedded.test.ts',
];
const SPECS = ['whole-flow', 'import', 'account-pages', 'working-day', 'real-job', 'existing-project'].map(
  (name) => `test/browser/${name}.spec.ts`,
);

export function soak(): Promise<void> {
  const root = path.resolve(import.meta.dirname, '../..');
  const run = (command: string, args: readonly string[]): boolean =>
    spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, GENRTL_EVERYTHING: '1' } })
      .status === 0;
  const bin = (name: string): string => path.join(root, 'node_modules/.bin', name);
  const passed = [
    run(bin('vitest'), ['run', ...TESTS]),
    run(process.execPath, ['scripts/build.ts']) && run(bin('playwright'), ['test', ...SPECS]),
  ];
  return passed.every(Boolean)
    ? Promise.resolve()
    : Promise.reject(new Error('a case failed that scripts/test does not try'));
}
