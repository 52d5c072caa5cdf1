// Counts vitest's results and keeps the reason of every skip for scripts/test-all.ts.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export interface SuiteReport {
  passed: number;
  failed: number;
  skipped: { name: string; reason: string }[];
  failures: { name: string; message: string }[];
  /** Seconds by file, for the list of the slowest. */
  seconds?: Record<string, number>;
}

export default class CountingReporter implements Reporter {
  readonly report: SuiteReport = { passed: 0, failed: 0, skipped: [], failures: [], seconds: {} };

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    const name = `${test.module.moduleId.replace(`${process.cwd()}/`, '')} > ${test.fullName}`;
    if (result.state === 'passed') this.report.passed += 1;
    else if (result.state === 'failed') {
      this.report.failed += 1;
      this.report.failures.push({ name, message: result.errors[0]?.message ?? '' });
    } else
      this.report.skipped.push({
        name,
        reason: result.state === 'skipped' ? (result.note ?? 'no reason given') : 'not run',
      });
  }

  onTestModuleEnd(module: TestModule): void {
    if (this.report.seconds)
      this.report.seconds[path.relative(process.cwd(), module.moduleId)] = module.diagnostic().duration / 1000;
    const tests = [...module.children.allTests()];
    const errors = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
    if (errors.length === 0 && (module.state() !== 'failed' || tests.some((test) => test.result().state === 'failed')))
      return;
    this.report.failed += 1;
    this.report.failures.push({ name: module.moduleId, message: errors[0]?.message ?? 'the file did not load' });
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly { message?: string }[]): void {
    for (const error of unhandled) {
      this.report.failed += 1;
      this.report.failures.push({ name: 'unhandled error', message: error.message ?? '' });
    }
    const file = process.env['GENRTL_TEST_REPORT'] ?? '.cache/vitest.json';
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(this.report));
  }
}
