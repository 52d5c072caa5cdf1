// A colour has one meaning, and each can be read on what it stands on, in both themes.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const MEANINGS = ['accent', 'ok', 'error', 'warning', 'live', 'package', 'signal', 'muted'] as const;
const GROUNDS = ['bg', 'surface', 'raised'] as const;
/** WCAG 2.2, text of any size. */
const READABLE = 4.5;

type Theme = Readonly<Record<string, string>>;

const sheet = readFileSync(path.join(ROOT, 'ui/theme.css'), 'utf8');
function theme(name: 'dark' | 'light'): Theme {
  const begin = sheet.indexOf(`[data-theme='${name}'] {`);
  const rules = sheet.slice(begin, sheet.indexOf('}', begin));
  return Object.fromEntries([...rules.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, key, value]) => [key, value]));
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['dark', 'light'] as const)('%s', (name) => {
  const colours = theme(name);
  const colour = (key: string): string => colours[key] ?? expect.fail(`--${key} is not there`);

  test('no two meanings share a colour', () => {
    expect(new Set(MEANINGS.map(colour)).size).toBe(MEANINGS.length);
  });
  test('every colour of text is readable on every ground, and on its own soft one', () => {
    const pairs = [...MEANINGS, 'text', 'text-strong'].flatMap((key) => [
      ...GROUNDS.map((ground) => [key, ground] as const),
      ...(colours[`${key}-soft`] === undefined ? [] : [[key, `${key}-soft`] as const]),
    ]);
    const poor = pairs
      .map(([key, ground]) => ({ pair: `${key} on ${ground}`, ratio: contrast(colour(key), colour(ground)) }))
      .filter(({ ratio }) => ratio < READABLE);
    expect(poor).toEqual([]);
  });
});

test('every colour that a sheet names is one of the theme or its own', () => {
  const known = new Set([...sheet.matchAll(/--([\w-]+):/g)].map(([, key]) => key ?? ''));
  const sheets = globSync(['ui/*.css', 'renderer/**/*.css', 'portal/**/*.css'], { cwd: ROOT });
  // what a component sets by itself
  for (const file of globSync(['{ui,renderer,portal}/**/*.tsx'], { cwd: ROOT }))
    for (const [, key] of readFileSync(path.join(ROOT, file), 'utf8').matchAll(/'--([\w-]+)':/g)) known.add(key ?? '');
  const unknown = sheets.flatMap((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    const own = new Set([...text.matchAll(/--([\w-]+):/g)].map(([, key]) => key ?? ''));
    return [...text.matchAll(/var\(--([\w-]+)/g)]
      .map(([, key]) => key ?? '')
      .filter((key) => !known.has(key) && !own.has(key))
      .map((key) => `${file}: --${key}`);
  });
  expect(unknown).toEqual([]);
});
