// A class belongs to one room: two sheets that style the same one would depend on which of them was loaded first.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const sheets = globSync(['ui/*.css', 'renderer/**/*.css'], { cwd: ROOT });
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '');

/** Classes that a sheet styles wherever they stand, not only inside something of its own. */
function bareClasses(text: string): string[] {
  const selectors = [...withoutComments(text).matchAll(/([^{}]+)\{/g)].flatMap(([, list = '']) => list.split(','));
  return selectors.flatMap((selector) => /^\s*\.([\w-]+)\s*$/.exec(selector)?.[1] ?? []);
}

test('no class is styled by two sheets', () => {
  expect(bareClasses('.a { } /* .x { } */ .b .c { } @media (width < 9px) { .d, .e:hover { } }')).toEqual(['a', 'd']);
  const owners = new Map<string, Set<string>>();
  for (const sheet of sheets)
    for (const name of bareClasses(readFileSync(path.join(ROOT, sheet), 'utf8')))
      owners.set(name, (owners.get(name) ?? new Set()).add(sheet));
  expect(owners.size).toBeGreaterThan(300);
  expect([...owners].filter(([, by]) => by.size > 1).map(([name, by]) => `${name}: ${[...by].join(', ')}`)).toEqual([]);
});
