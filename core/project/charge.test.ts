import { describe, expect, it } from 'vitest';
import type { CheckResult, Diagnostic } from '@genrtl/contracts';
import { chargedFindings } from './charge.ts';

const error = (message: string, file = 'rtl/a.sv', line = 1): Diagnostic => ({
  tool: 'verilator',
  severity: 'error',
  message,
  file,
  line,
});
const test = (name: string, passed: boolean): CheckResult['tests'][number] => ({
  name,
  kind: 'testbench',
  tool: 'command',
  passed,
  failures: [],
  duration_ms: 0,
});
const result = (verdict: CheckResult['verdict'], diagnostics: Diagnostic[] = [], tests: CheckResult['tests'] = []) => ({
  name: 'c',
  kind: 'command' as const,
  verdict,
  reason: '',
  counts: { error: diagnostics.length, warning: 0, info: 0 },
  waived: 0,
  waivers: [],
  diagnostics,
  tests,
  started_at: '2027-01-01T00:00:00.000Z',
  duration_ms: 1,
  run_folder: null,
});

describe('of a failing check', () => {
  const old = error('Signal x_12 is undriven');
  it('everything is charged where it passed before, or was never run', () => {
    expect(chargedFindings(result('fail', [old]), result('pass'))).toEqual([old]);
    expect(chargedFindings(result('fail', [old]), undefined)).toEqual([old]);
  });
  it('nothing is where it failed the same way, whatever line it stands on now', () => {
    const moved = { ...old, line: 40 };
    expect(chargedFindings(result('fail', [moved]), result('fail', [old]))).toBeNull();
    expect(chargedFindings(result('unknown'), result('unknown'))).toBeNull();
    expect(chargedFindings(result('pass'), result('fail', [old]))).toBeNull();
  });
  it('only what is new is, and one more of the same is new', () => {
    const fresh = error('no such module', 'rtl/new.sv');
    expect(chargedFindings(result('fail', [old, fresh]), result('fail', [old]))).toEqual([fresh]);
    expect(chargedFindings(result('fail', [old, old]), result('fail', [old]))).toEqual([old]);
  });
  it('a test that fails now or is gone is', () => {
    const before = result('fail', [], [test('a', false), test('b', true)]);
    expect(chargedFindings(result('fail', [], [test('a', false), test('b', true)]), before)).toBeNull();
    expect(chargedFindings(result('fail', [], [test('a', false), test('b', false)]), before)).toEqual([]);
    expect(chargedFindings(result('fail', [], [test('a', false)]), before)).toEqual([]);
  });
  it('a verdict that is another one is', () => {
    expect(chargedFindings(result('error', [old]), result('fail', [old]))).toEqual([old]);
  });
});
