// Findings of several sources are one list, in the order in which a person works through them.
import { expect, test } from 'vitest';
import type { Diagnostic } from '@genrtl/contracts';
import { mergeFindings } from './merge.ts';

const found = (severity: Diagnostic['severity'], file?: string, line?: number): Diagnostic => ({
  tool: 'verilator',
  severity,
  message: 'm',
  ...(file === undefined ? {} : { file }),
  ...(line === undefined ? {} : { line }),
});

test('errors first, then by file and line; what has no file comes last of its severity', () => {
  const lists = [
    [found('info', 'a.sv', 1), found('error'), found('error', 'b.sv', 2)],
    [found('error', 'b.sv', 1), found('warning', 'a.sv'), found('error', 'a.sv', 9)],
  ];
  expect(mergeFindings(lists).map((one) => `${one.severity} ${one.file ?? '-'} ${one.line ?? '-'}`)).toEqual([
    'error a.sv 9',
    'error b.sv 1',
    'error b.sv 2',
    'error - -',
    'warning a.sv -',
    'info a.sv 1',
  ]);
});

test('a finding that two sources report is listed once', () => {
  expect(
    mergeFindings([[found('error', 'a.sv', 1)], [found('error', 'a.sv', 1), found('error', 'a.sv', 2)]]),
  ).toHaveLength(2);
});
