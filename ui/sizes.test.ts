// Type has five sizes, each by its name; a sheet that brings another one is found here.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const sheets = globSync(['ui/*.css', 'renderer/**/*.css', 'portal/**/*.css'], { cwd: ROOT });

test('no sheet sets a size of its own', () => {
  expect(sheets.length).toBeGreaterThan(10);
  const own = sheets.flatMap((sheet) =>
    [
      ...readFileSync(path.join(ROOT, sheet), 'utf8').matchAll(/\bfont(?:-size)?:[^;]*?[\d.]+(?:px|r?em|pt)[^;]*;/g),
    ].map(([rule]) => `${sheet}: ${rule}`),
  );
  // `12px / 18px` names a line height, which is no size of type
  expect(own.filter((rule) => !/var\(--text-\w+\)/.test(rule))).toEqual([]);
});
