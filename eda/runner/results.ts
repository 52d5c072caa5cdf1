// What a simulation means as a test, from its diagnostics and its verdict.
import type { Diagnostic, TestResult, ToolVerdict } from '@genrtl/contracts';
import { failureOf } from '../parsing/index.ts';

const MAX_FAILURES = 200;

const WHY: Readonly<Record<ToolVerdict, string>> = {
  pass: '', fail: 'The simulation failed.',
  unknown: 'The simulation said neither PASS nor FAIL, or ended without $finish.',
  timeout: 'The simulation did not end in time.', idle_timeout: 'The simulation went silent and was stopped.',
  output_limit: 'The simulation printed more than the limit.', cancelled: 'The simulation was cancelled.',
  crashed: 'The simulator crashed.', missing: 'The simulator is not installed.', license_wait: 'No licence was free.',
};

/** One result: failures are the FAIL lines, or without any the other errors, or what the verdict says. */
export function testResult(
  test: { name: string; kind: TestResult['kind'] }, tool: string, verdict: ToolVerdict, diagnostics: readonly Diagnostic[], durationMs: number,
): TestResult {
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const fails = errors.filter((one) => one.code === 'FAIL');
  const passed = verdict === 'pass';
  const failures = passed ? [] : (fails.length > 0 ? fails : errors).slice(0, MAX_FAILURES).map(failureOf);
  if (!passed && failures.length === 0) failures.push({ message: WHY[verdict] });
  return { ...test, tool, passed, failures, duration_ms: durationMs };
}
