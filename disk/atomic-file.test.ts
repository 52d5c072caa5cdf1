import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { replaceFile } from './atomic-file.ts';

let root: string;
const at = (name: string): string => path.join(root, name);
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-atomic-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('makes and replaces files of any size, and leaves nothing beside them', async () => {
  await replaceFile(at('a'), 'one');
  await replaceFile(at('a'), 'zwei – ö');
  const large = Buffer.alloc(3_000_000, 7);
  await replaceFile(at('b'), large);
  expect(readFileSync(at('a'), 'utf8')).toBe('zwei – ö');
  expect(readFileSync(at('b')).equals(large)).toBe(true);
  expect(readdirSync(root).sort()).toEqual(['a', 'b']);
});

it('lands writes of one file in their order, also after one that failed', async () => {
  const sizes = [200_000, 10, 100_000, 20, 70_000, 5];
  await Promise.all(sizes.map((size) => replaceFile(at('a'), 'x'.repeat(size))));
  expect(statSync(at('a')).size).toBe(5);
  const failed = replaceFile(at('missing/a'), 'x');
  const next = replaceFile(at('missing/a'), 'x');
  await expect(failed).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(next).rejects.toMatchObject({ code: 'ENOENT' });
});

it('keeps the mode of a file that is there, takes one that is given, and goes behind links', async () => {
  writeFileSync(at('script'), 'old');
  chmodSync(at('script'), 0o751);
  symlinkSync('script', at('link'));
  await replaceFile(at('link'), 'new');
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('script'), 'utf8')).toBe('new');
  expect(statSync(at('script')).mode & 0o777).toBe(0o751);
  await replaceFile(at('secret'), 'x', 0o600);
  expect(statSync(at('secret')).mode & 0o777).toBe(0o600);
});

it('leaves the old file and no other when the new one cannot take its place', async () => {
  await expect(replaceFile(root, 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(readdirSync(path.dirname(root)).filter((name) => name.startsWith(`${path.basename(root)}.`))).toEqual([]);
});
