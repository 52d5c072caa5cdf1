// Patch application against `git apply` on the same diff, in one run. git's time includes starting it, as a user pays
// it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { applyToWorkspace } from '../../main/patch/index.ts';
import { tempDir } from '../../test/e2e/harness.ts';
import { median, type Measurement } from './table.ts';

const FILES = 20;
const LINES = 2_000;
const ROUNDS = 7;

function source(edited: boolean): string {
  return Array.from(
    { length: LINES },
    (_, line) =>
      `  assign w${line} = a[${line % 64}] ${edited && line % 97 === 0 ? '|' : '&'} b[${(line * 7) % 64}];\n`,
  ).join('');
}

export async function benchPatching(): Promise<Measurement[]> {
  const names = Array.from({ length: FILES }, (_, index) => `src/m${index}.sv`);
  const diff = names
    .map((name) => createTwoFilesPatch(`a/${name}`, `b/${name}`, source(false), source(true), '', '', { context: 3 }))
    .join('');
  const ours: number[] = [];
  const git: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const who of ['ours', 'git'] as const) {
      const workspace = tempDir('patch');
      mkdirSync(path.join(workspace, 'src'));
      for (const name of names) writeFileSync(path.join(workspace, name), source(false));
      writeFileSync(path.join(workspace, 'change.diff'), diff);
      const started = performance.now();
      if (who === 'git') execFileSync('git', ['apply', 'change.diff'], { cwd: workspace });
      else {
        const outcome = await applyToWorkspace({ workspace, diff });
        if (!outcome.ok) throw new Error('the bench diff was refused');
      }
      (who === 'git' ? git : ours).push(performance.now() - started);
      rmSync(workspace, { recursive: true, force: true });
    }
  }
  return [
    { name: `${FILES} files of ${LINES} lines: ours, journalled and synced to disk`, value: median(ours), unit: 'ms' },
    { name: 'git apply', value: median(git), unit: 'ms' },
    { name: 'ours / git apply', value: median(ours) / median(git), unit: '×' },
  ];
}
