// The checklist names tests that exist, for each of the ten risks.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

it('docs/owasp-api.md names for each of the ten risks tests that exist', () => {
  const page = readFileSync(path.join(ROOT, 'docs/owasp-api.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (API\d+) [^|]*\|[^|]*\|([^|]*)\|$/gm)];
  expect(rows.map(([, risk]) => risk)).toEqual(Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
  for (const [, risk, cell = ''] of rows) {
    let text = '';
    let named = 0;
    for (const [, file, title] of cell.matchAll(/`([^`]+\.test\.ts)`|\*([^*]+)\*/g)) {
      if (file !== undefined) text = readFileSync(path.join(ROOT, file), 'utf8');
      else {
        named += 1;
        expect([risk, title, text.includes(`it('${title ?? ''}'`)]).toEqual([risk, title, true]);
      }
    }
    expect([risk, named > 0]).toEqual([risk, true]);
  }
});
