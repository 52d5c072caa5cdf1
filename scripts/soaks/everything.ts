// Every case of the tests that take representatives: deaths at every point, all samples, both languages and sizes.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Those that say themselves that they take representatives: none is forgotten here. */
const taking = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: (name) => name === 'node_modules' })
    .filter((file) => /\/(?:soak-only|representatives)\.ts'/.test(readFileSync(path.join(root, file), 'utf8')))
    .toSorted();

export function soak(): Promise<void> {
  const run = (command: string, args: readonly string[]): boolean =>
    spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, GENRTL_EVERYTHING: '1' } })
      .status === 0;
  const bin = (name: string): string => path.join(root, 'node_modules/.bin', name);
  const passed = [
    run(bin('vitest'), ['run', ...taking('{backend,contracts,core,disk,eda,main,renderer,test}/**/*.test.ts')]),
    run(process.execPath, ['scripts/build.ts']) &&
      run(bin('playwright'), ['test', ...taking('test/browser/*.spec.ts')]),
  ];
  return passed.every(Boolean)
    ? Promise.resolve()
    : Promise.reject(new Error('a case failed that scripts/test does not try'));
}
