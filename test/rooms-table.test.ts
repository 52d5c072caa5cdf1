// The table of rooms knows every entry that the app is built against, and no test that is not there.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const table = readFileSync(path.join(ROOT, 'docs/rooms.md'), 'utf8');
const numbered = (letter: string, count: number): string[] =>
  Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
const ENTRIES = [...numbered('B', 35), ...numbered('M', 16), ...numbered('P', 16), 'wording', 'keyboard', 'look'];

test('each entry has one row, which says what shows it', () => {
  const rows = [...table.matchAll(/^\| ([BMP]\d+|wording|keyboard|look) \| (.+) \|$/gm)];
  expect(rows.map(([, entry]) => entry)).toEqual(ENTRIES);
});

test('what is named as a test is one', () => {
  const named = [...table.matchAll(/`([\w./-]+\.(?:spec|test)\.tsx?)`/g)].map(([, file]) => file ?? '');
  expect(named.length).toBeGreaterThan(60);
  const missing = named.filter(
    (file) => !existsSync(path.join(ROOT, file.includes('/') ? file : `test/browser/${file}`)),
  );
  expect([...new Set(missing)]).toEqual([]);
});
