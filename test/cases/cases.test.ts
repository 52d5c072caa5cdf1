// A collection of small failing inputs beside the checkout, one folder a kind with a README that says what is right:
// GENRTL_CASES, or ../shared/cases. It is no part of the repository; the tests of each subject have inputs of their
// own.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';
import { ROOT } from '../e2e/harness.ts';
import { runCase } from './case.ts';
import { KINDS } from './kinds.ts';

const places = process.env['GENRTL_CASES']
  ? [path.resolve(process.env['GENRTL_CASES'])]
  : [path.join(ROOT, '../shared/cases'), path.join(ROOT, '../../shared/cases')];
const collection = places.find((place) => existsSync(place));

describe('collected cases', () => {
  if (collection === undefined) {
    it('run where the collection is', ({ skip }) =>
      skip(`there is no folder ${places.join(' or ')}; see GENRTL_CASES`));
    return;
  }
  const kinds = readdirSync(collection, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
    .map((entry) => entry.name);
  for (const kind of kinds) {
    it(kind, async ({ skip }) => {
      const check = KINDS[kind];
      if (check === undefined) skip(`test/cases/kinds.ts has no check for ${kind}`);
      else await runCase(path.join(collection, kind), check);
      // Verilator's simulations are compiled
    }, 240_000);
  }
});
