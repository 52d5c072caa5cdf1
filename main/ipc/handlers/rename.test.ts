// A rename on disk: all files or none, byte for byte apart from the names, and back again.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Languages } from '../../language/languages.ts';
import { Renames } from './rename.ts';

const languages = new Languages();
const renames = new Renames(languages);
const roots: string[] = [];
let root = '';
const write = (file: string, bytes: string | Buffer): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), bytes);
};
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-rename-')));
  roots.push(root);
  write('a.sv', '\ufeff// größe\r\nmodule a (input logic clk);\r\nendmodule\r\n');
  write('b.sv', 'module b; /* ä */ a u (.clk(1)); endmodule');
});
afterAll(async () => {
  await languages.close();
  for (const one of roots) rmSync(one, { recursive: true, force: true });
});

test('changes names only, keeps marks, line ends and modes, and is taken back as a whole', async () => {
  chmodSync(path.join(root, 'a.sv'), 0o640);
  const before = [read('a.sv'), read('b.sv')];
  const done = await renames.rename(root, { path: 'b.sv', line: 1, column: 25 }, 'clock');
  expect(done).toMatchObject({ old_name: 'clk', files: ['a.sv', 'b.sv'], places: 2, left: [] });
  expect([read('a.sv'), read('b.sv')]).toEqual(before.map((text) => text.replace('clk', 'clock')));
  expect(await renames.undo(root, done.undo)).toEqual(['a.sv', 'b.sv']);
  expect([read('a.sv'), read('b.sv')]).toEqual(before);
  await expect(renames.undo(root, done.undo)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('is not taken back over a later change', async () => {
  const { undo } = await renames.rename(root, { path: 'a.sv', line: 2, column: 8 }, 'stage');
  write('b.sv', `${read('b.sv')}\n// mine`);
  await expect(renames.undo(root, undo)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  expect(read('a.sv')).toContain('module stage');
  expect(read('b.sv')).toContain('// mine');
});

test.each<readonly [string, () => Promise<void> | void, string, string]>([
  [
    'files of a package',
    () => write('.genRTL/vendor/cbb/x/1.0.0/rtl/x.sv', 'module x; a u (.clk(1)); endmodule'),
    'WORKSPACE_READ_ONLY',
    '.genRTL/vendor/cbb/x/1.0.0/rtl/x.sv',
  ],
  [
    'text that is not saved',
    () => languages.update(root, 'b.sv', 'module b; a u (.clk(0)); endmodule'),
    'FILE_CHANGED',
    'b.sv',
  ],
  [
    'text that is no UTF-8',
    () => write('b.sv', Buffer.from('module b; /* \xe4 */ a u (.clk(1)); endmodule', 'latin1')),
    'REQUEST_INVALID',
    'b.sv is not UTF-8',
  ],
])('%s: refused, nothing is written', async (_name, change, code, message) => {
  await change();
  languages.changed(root);
  const before = [read('a.sv'), read('b.sv')];
  await expect(renames.rename(root, { path: 'a.sv', line: 2, column: 23 }, 'clock')).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
  expect([read('a.sv'), read('b.sv')]).toEqual(before);
});

test('is looked at first: every place with its line, nothing written', async () => {
  const before = [read('a.sv'), read('b.sv')];
  const preview = await renames.preview(root, { path: 'b.sv', line: 1, column: 25 }, 'clock');
  expect(preview).toMatchObject({ old_name: 'clk', files: 2, places: 2, left: [] });
  expect(
    preview.changes.map(({ path: file, line, text, before: line_text, column, end_column }) => [
      `${file}:${line}`,
      text,
      line_text.slice(column - 1, end_column - 1),
    ]),
  ).toEqual([
    ['a.sv:2', 'clock', 'clk'],
    ['b.sv:1', 'clock', 'clk'],
  ]);
  expect([read('a.sv'), read('b.sv')]).toEqual(before);
});
