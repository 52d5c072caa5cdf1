import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeMetaFolder } from './meta-folder.ts';
import { workspacePaths } from './paths.ts';

const root = mkdtempSync(path.join(tmpdir(), 'genrtl-meta-'));
afterAll(() => rmSync(root, { recursive: true }));

it('git sees the lockfile and the settings, and nothing else of genRTL', async () => {
  const git = (...argv: string[]): string => execFileSync('git', argv, { cwd: root, encoding: 'utf8' });
  git('init', '-q');
  const paths = workspacePaths(root);
  await makeMetaFolder(paths);
  for (const file of [
    'genRTL.lock.json',
    'settings.json',
    'state.json',
    'runs/job_1/lint_1/tool.json',
    'vendor/cbb/a/1.0.0/rtl/a.sv',
  ]) {
    mkdirSync(path.dirname(path.join(paths.meta, file)), { recursive: true });
    writeFileSync(path.join(paths.meta, file), '{}');
  }
  expect(git('ls-files', '-o', '--exclude-standard').trim().split('\n').sort()).toEqual([
    '.genRTL/.gitignore',
    '.genRTL/genRTL.lock.json',
    '.genRTL/settings.json',
  ]);
  writeFileSync(path.join(paths.meta, '.gitignore'), '# mine\n');
  await makeMetaFolder(paths);
  expect(readFileSync(path.join(paths.meta, '.gitignore'), 'utf8')).toBe('# mine\n');
});
