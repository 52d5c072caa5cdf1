// A Word document and a PDF that say what a Markdown specification says give the same plan and the same bytes of RTL.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Plan } from '@genrtl/contracts';
import { composeFiles, composePlan, elaborateSpec, parseSpec } from '@genrtl/core/spec/index.ts';
import { builtinCatalog } from '../../core/spec/fixtures/packages.ts';
import { docxOfMarkdown } from '../../test/documents/write-docx.ts';
import { pdfOfMarkdown } from '../../test/documents/write-pdf.ts';
import { READERS, type ConvertedFormat } from './readers.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
// struck rows and lines, footnotes at names and heads, units in heads: `revised.md`
const SPECS = [
  'core/spec/fixtures/good.md',
  'core/spec/fixtures/revised.md',
  ...globSync('resources/samples/*/spec.md', { cwd: ROOT }).sort(),
];

/**
 * Without the line numbers of the Markdown, which is another text in each: `spec_line` of checks, comments of the
 * bench.
 */
function designed(markdown: string): { plan: Plan; files: ReturnType<typeof composeFiles> } {
  const result = elaborateSpec(parseSpec(markdown, 'spec'), builtinCatalog);
  if ('diagnostics' in result) throw new Error(JSON.stringify(result.diagnostics, null, 1));
  const plan = composePlan(result.design);
  const checks = plan.verification.checks.map(({ id, text }) => ({ id, text }));
  const files = composeFiles(result.design).map((file) => ({
    ...file,
    text: file.text.replaceAll(/, line \d+ of the specification$/gm, ''),
  }));
  return { plan: { ...plan, verification: { ...plan.verification, checks } }, files };
}

test.each(SPECS)('%s as DOCX and as PDF, with and without lines in its tables', async (name) => {
  const markdown = readFileSync(path.join(ROOT, name), 'utf8');
  const expected = designed(markdown);
  const documents: readonly (readonly [ConvertedFormat, Buffer])[] = [
    ['docx', docxOfMarkdown(markdown)],
    ['pdf', pdfOfMarkdown(markdown)],
    ['pdf', pdfOfMarkdown(markdown, { ruled: false })],
  ];
  for (const [format, bytes] of documents) {
    const { markdown: read } = await READERS[format](bytes, 'spec');
    expect({ format, ...designed(read) }).toEqual({ format, ...expected });
  }
});

test('a revised specification: what was struck and what footnotes say is in no design', () => {
  const { plan, files } = designed(readFileSync(path.join(ROOT, 'core/spec/fixtures/revised.md'), 'utf8'));
  expect(plan.top.name).toBe('stretch_it');
  expect(plan.top.ports.map(({ name, width }) => `${name} ${width}`)).toEqual([
    'clk 1',
    'rst_n 1',
    'hit 1',
    'q 1',
    'cnt W',
  ]);
  expect(JSON.stringify(files)).not.toMatch(/mode|spare|OLD|\[\^/);
});
