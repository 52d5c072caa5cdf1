// What the features bring fits together: every text has its panel or command, no key does two things. Read as text,
// since the contributions' code needs a page.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import en from '../i18n/en.json' with { type: 'json' };
import { keyOfEvent, normalKey } from '../workbench/keys.ts';

const files = globSync('*/contribution.ts', { cwd: import.meta.dirname });
const sources = files.map((file) => readFileSync(path.join(import.meta.dirname, file), 'utf8'));
const all = (pattern: RegExp): string[] =>
  sources.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));

describe('what the features bring', () => {
  test('every folder with a contribution stands in the list', () => {
    const list = readFileSync(path.join(import.meta.dirname, 'index.ts'), 'utf8');
    for (const file of files) expect(list, 'features/index.ts').toContain(`./${file}`);
  });
  test('every panel and every command that has a title is brought once, and none without', () => {
    const titles = [...Object.keys(en.panels), ...Object.keys(en.commands)];
    expect(all(/\bname: '(\w+)'/g).sort(), 'contributions and the titles of en.json').toEqual(titles.sort());
  });
  test('no key does two things', () => {
    const keys = all(/\bkey: '([^']+)'/g).map(normalKey);
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });
});

describe('keys', () => {
  const event = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
  test('are the same however they are written, and Cmd counts as Ctrl', () => {
    expect(normalKey('shift+CTRL+p')).toBe('ctrl+shift+p');
    expect(keyOfEvent({ ...event, key: 'P', ctrlKey: true, shiftKey: true })).toBe('ctrl+shift+p');
    expect(keyOfEvent({ ...event, key: ',', metaKey: true })).toBe(normalKey('Ctrl+,'));
    expect(keyOfEvent({ ...event, key: 'F6' })).toBe(normalKey('F6'));
  });
});
