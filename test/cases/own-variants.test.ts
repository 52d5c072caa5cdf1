// docs/cases.md: every kind of the collection names tests of the tree's own, and these are there.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/harness.ts';
import { KINDS } from './kinds.ts';

const table = new Map(
  [...readFileSync(path.join(ROOT, 'docs/cases.md'), 'utf8').matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(
    ([, kind = '', cell = '']) => [kind, cell],
  ),
);

describe('own variants', () => {
  it('are named for every kind that is checked, and for no other', () =>
    expect([...table.keys()].sort()).toEqual(Object.keys(KINDS).sort()));

  it.each([...table])('%s', (_kind, cell) => {
    for (const part of cell.split('<br>')) {
      const file = /^`([^`]+)`/.exec(part)?.[1] ?? '';
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      const names = [...part.matchAll(/“([^”]+)”/g)].map(([, name = '']) => name);
      expect(names.length, part).toBeGreaterThan(0);
      for (const name of names) expect(text.includes(name), `${file} has no test “${name}”`).toBe(true);
    }
  });
});
