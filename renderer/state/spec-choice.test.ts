import { expect, test } from 'vitest';
import { SPEC_EXTENSIONS } from '@genrtl/contracts/spec-formats.ts';
import { guessedSpec, specCandidates } from './spec-choice.ts';

test('the likeliest come first; what is only read by people, or belongs to genRTL, is none', () => {
  const files = [
    'README.md',
    'docs/notes.md',
    'spec/uart.md',
    'spec.md',
    'rtl/top.sv',
    '.genRTL/runs/x/spec.md',
    'regs.rdl',
  ];
  expect(specCandidates(files)).toEqual(['spec.md', 'spec/uart.md', 'docs/notes.md', 'regs.rdl']);
});

test('a workspace with one specification by its name needs no choice; with several, a person chooses', () => {
  expect(guessedSpec(['spec.md', 'spec/old.md', 'README.md'])).toBe('spec.md');
  expect(guessedSpec(['spec/uart.docx', 'rtl/a.sv'])).toBe('spec/uart.docx');
  expect(guessedSpec(['spec/a.md', 'spec/b.md'])).toBeNull();
  expect(guessedSpec(['notes.md'])).toBeNull();
});

test('every kind of file that is taken for a specification can be chosen', () => {
  const files = SPEC_EXTENSIONS.map((ending) => `doc/block${ending}`);
  expect(specCandidates(files)).toHaveLength(files.length);
});
