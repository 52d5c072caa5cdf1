// The project's AGENTS.md on its way to a model: only a plain text of the workspace that is not hidden.
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { agentsRules } from './project-scope.ts';

let root: string;
const isHidden = (file: string): boolean => file.startsWith('keys/');
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-agents-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('is read from the root of the workspace', async () => {
  expect(await agentsRules({ root, isHidden })).toBeNull();
  writeFileSync(path.join(root, 'AGENTS.md'), 'Lower case names.\n');
  expect(await agentsRules({ root, isHidden })).toBe('Lower case names.\n');
  expect(await agentsRules({ root, isHidden: () => true })).toBeNull();
});

it.each([
  ['a link that leads out', () => symlinkSync('/etc/passwd', path.join(root, 'AGENTS.md'))],
  ['a folder', () => symlinkSync('.', path.join(root, 'AGENTS.md'))],
  ['no text', () => writeFileSync(path.join(root, 'AGENTS.md'), 'a\0b')],
  ['a whole book', () => writeFileSync(path.join(root, 'AGENTS.md'), 'x'.repeat(100_000))],
])('%s is not', async (_name, make) => {
  make();
  expect(await agentsRules({ root, isHidden })).toBeNull();
});
