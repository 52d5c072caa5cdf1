// What a simulation means as tests: from its diagnostics and its verdict, and from the result files that its bench
// left.
import { stat } from 'node:fs/promises';
import type { Diagnostic, TestResult, ToolVerdict } from '@genrtl/contracts';
import { failureOf } from '../parsing/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

const MAX_FAILURES = 200;

const WHY: Readonly<Record<ToolVerdict, string>> = {
  pass: '',
  fail: 'The simulation failed.',
  unknown: 'The simulation said neither PASS nor FAIL, or ended without $finish.',
  timeout: 'The simulation did not end in time.',
  idle_timeout: 'The simulation went silent and was stopped.',
  resource_limit: 'The simulation reached a bound of its sandbox.',
  output_limit: 'The simulation printed more than the limit.',
  cancelled: 'The simulation was cancelled.',
  crashed: 'The simulator crashed.',
  missing: 'The simulator is not installed.',
  license_wait: 'No licence was free.',
};

/** One result: failures are the FAIL lines, or without any the other errors, or what the verdict says. */
export function testResult(
  test: { name: string; kind: TestResult['kind'] },
  tool: string,
  verdict: ToolVerdict,
  diagnostics: readonly Diagnostic[],
  durationMs: number,
): TestResult {
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const fails = errors.filter((one) => one.code === 'FAIL');
  const passed = verdict === 'pass';
  const failures = passed ? [] : (fails.length > 0 ? fails : errors).slice(0, MAX_FAILURES).map(failureOf);
  if (!passed && failures.length === 0) failures.push({ message: WHY[verdict] });
  return { ...test, tool, passed, failures, duration_ms: durationMs };
}

export interface ReportedTests {
  readonly tests: readonly TestResult[];
  /** one for each failure of a test */
  readonly diagnostics: readonly Diagnostic[];
  /** files that were not there, or are no xUnit XML */
  readonly missing: number;
}

/** `files`: absolute. */
export async function readResultFiles(files: readonly string[], tool: string): Promise<ReportedTests> {
  if (files.length === 0) return { tests: [], diagnostics: [], missing: 0 };
  // few runs leave such files, and an XML parser takes its time to load
  const { MAX_XUNIT_BYTES, parseXunit } = await import('../results/xunit.ts');
  const read = await Promise.all(
    files.map(async (file) => {
      try {
        return (await stat(file)).size > MAX_XUNIT_BYTES ? null : parseXunit(await readRegular(file, 'utf8'), tool);
      } catch {
        return null;
      }
    }),
  );
  const tests = read.flatMap((one) => one ?? []);
  const diagnostics = tests
    .flatMap((test) =>
      test.failures.map(
        (failure): Diagnostic => ({
          tool,
          severity: 'error',
          code: 'TEST',
          message: `${test.name}: ${failure.message}`,
        }),
      ),
    )
    .slice(0, MAX_FAILURES);
  return { tests, diagnostics, missing: read.filter((one) => one === null).length };
}
