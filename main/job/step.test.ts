// Declarations of steps are held to by the compiler: each expected error below is one, or this file does not compile.
import { expect, test } from 'vitest';
import { defineStep, need } from './step.ts';

test('a step that reads or writes a fact that it does not declare does not compile', () => {
  const reader = defineStep({
    name: 'lint',
    reads: ['plan_step'],
    writes: [],
    async run(context) {
      // @ts-expect-error only plan_step is declared
      need(context.facts, 'spec_step');
      return { kind: 'next', event: 'OK', summary: need(context.facts, 'plan_step') };
    },
  });
  const writer = defineStep({
    name: 'lint',
    reads: [],
    writes: ['diagnostics'],
    // @ts-expect-error failed_step is not declared
    run: async () => ({ kind: 'next', event: 'OK', summary: '', facts: { diagnostics: [], failed_step: 'lint_1' } }),
  });
  expect([reader.reads, writer.writes]).toEqual([['plan_step'], ['diagnostics']]);
});
