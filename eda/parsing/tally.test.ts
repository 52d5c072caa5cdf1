// Which lines of a bench are failures, which are counts of none, and which are a pass.
import { describe, expect, test } from 'vitest';
import { DiagnosticCollector } from './collector.ts';
import { readBenchLine } from './bench-lines.ts';

const read = (line: string): string => {
  const sink = new DiagnosticCollector(null);
  readBenchLine(line, 'icarus', sink);
  return sink.counts.error > 0 ? 'failure' : sink.facts.passLines > 0 ? 'pass' : 'nothing';
};

describe('a count of zero is no failure', () => {
  test.each([
    'Tests: 4  PASS: 4  FAIL: 0',
    '0 FAILED',
    '0 FAILURES',
    '0 ERRORS, 0 FAILURES',
    'FAILURES: 0',
    'FAILED=0',
    'FAIL = 0',
    'FAIL(S): 0',
    'FAIL:          0',
    'FAIL: 0/12',
    '0/12 FAILED',
    '0 of 12 tests FAILED',
    'FAILED TESTS: 0',
    'FAIL_COUNT = 0',
    'FAIL count: 0x0',
    "FAIL: 32'h00000000",
    'FAIL ........ 0',
    'FAIL -> 0',
    '| FAIL | 0 |',
    '[tb] 100 ns: 5 PASSED, 0 FAILED',
    '5 PASSED 0 FAILED',
    '12 tests run, 0 FAILED',
    'Summary: 5 PASS, 0 FAIL',
    'TOTAL 5 FAIL 0',
    'FAIL 0 PASS 4',
    '0 FAIL 4 PASS',
    'Simulation finished with 0 FAILURES',
    'Result: 0 FAILED',
    'No FAILURES',
    'Number of FAILED checks is 0',
    '==== 0 FAILED ====',
    'ERROR COUNT: 0',
    'ERROR: 0',
    'ERROR(S) = 0, WARNING(S) = 3',
    'FATAL: 0',
    'FATAL ERRORS: 0',
    '   ** TESTS=1 PASS=1 FAIL=0 SKIP=0  10.00  0.00 **',
    'UVVM:          FAILURE      :      0         0         0         ok',
    'UVVM:          FAILURE      :      2         2         0         ok',
  ])('%s', (line) => expect(read(line)).toBe('nothing'));
});

describe('a failure stays one, whatever digits stand near it', () => {
  test.each([
    'FAIL',
    'FAILED: 1',
    '1 FAILED',
    '10 FAILED',
    'FAIL: 10',
    'FAIL signal=q0 time=20',
    'FAIL signal=q time=0',
    '0 FAIL signal=q0 time=0',
    '0 FAIL',
    '0: FAILED',
    '@0 FAILED',
    'test 0 FAILED',
    'FAILED test 0',
    'FAILED: test 0',
    'FAIL #0',
    'FAIL: 0 expected 1',
    'FAIL: 0 != 1',
    'FAIL: 0, 1',
    'FAIL: 0, got 1',
    'q = 0 FAILED',
    'assert a == 0 FAILED',
    'mem[0] FAILED',
    'FAIL at 0',
    'Tests: 4  PASS: 0  FAIL: 4',
    '4 FAIL 0 PASS',
    'FAIL 4 PASS 0',
    'PASS 0 FAIL',
    'PASS: 5, but q0 FAILED',
    'FAIL: 0 0 1',
    'FAIL: 0.5',
    '   ** TESTS=2 PASS=1 FAIL=1 SKIP=0  10.00  0.00 **',
    'UVVM:          FAILURE      :      1         0         0         *** FAILURE ***',
    'FAIL: 0 errors expected but FAIL: 3 found',
    'ERROR: 0 is not 1',
    'ERROR COUNT: 3',
    'ERROR',
    'FATAL: stack overflow 0',
    'fail lib.tb_fifo.test_full (0.4 seconds)',
    'Some failed!',
  ])('%s', (line) => expect(read(line)).toBe('failure'));
});

describe('a pass is more than a count of nothing', () => {
  test.each([
    ['PASS', 'pass'],
    ['PASSED: 5 FAILED: 0', 'pass'],
    ['PASS: 0 errors', 'pass'],
    ['PASSED with 0 ERRORS', 'pass'],
    ['PASS 0', 'pass'],
    ['All passed!', 'pass'],
    ['PASS: 0  FAIL: 0', 'nothing'],
    ['PASS: 0', 'nothing'],
    ['PASSED 0 of 4', 'nothing'],
    ['PASS 0 FAIL 0', 'nothing'],
    ['0 PASSED', 'nothing'],
  ])('%s: %s', (line, what) => expect(read(line)).toBe(what));
});

test('a UVM summary of several runs keeps the worst count', () => {
  const sink = new DiagnosticCollector(null);
  for (const line of ['UVM_ERROR :    2', 'UVM_ERROR :    0']) readBenchLine(line, 'questa', sink);
  expect(sink.facts.own).toEqual({ 'summary.UVM_ERROR': 2 });
});

test('long and odd lines cost linear time', () => {
  for (const line of [
    `FAIL ${'0 '.repeat(50_000)}`,
    `FAIL${':'.repeat(300)}0`,
    `${'FAIL 0 '.repeat(50)}`,
    'FAIL'.repeat(90),
  ])
    expect(read(line)).toMatch(/failure|nothing/);
});
