import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ERRORS } from '@genrtl/contracts';
import { elaborateSpec } from './elaborate/index.ts';
import { builtinCatalog } from './fixtures/packages.ts';
import { parseSpec, SECTION_NAMES } from './parse-spec.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/structured-specs.md'), 'utf8');

it('the documented example is accepted and uses every section', () => {
  const example = /~~~markdown\n([\s\S]*?)~~~/.exec(page)?.[1] ?? '';
  const result = elaborateSpec(parseSpec(example, 'example.md'), builtinCatalog);
  expect('diagnostics' in result ? result.diagnostics : []).toEqual([]);
  for (const name of SECTION_NAMES) expect(example.toLowerCase()).toContain(`## ${name}\n`);
});

it('every code of specifications is documented', () => {
  const documented = [...page.matchAll(/^\| `(SPEC_\w+)` \|/gm)].map(([, code]) => code);
  expect(documented.sort(), 'docs/structured-specs.md').toEqual(
    Object.keys(ERRORS)
      .filter((code) => code.startsWith('SPEC_'))
      .sort(),
  );
});
