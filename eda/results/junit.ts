// Writes results of checks as JUnit XML: a suite a check, its tests in it, or the check itself as its one test.
import type { CheckResult } from '@genrtl/contracts';

export function toJunit(results: readonly CheckResult[]): string {
  const suites = results.map(suite);
  const sum = (key: 'tests' | 'failures' | 'errors'): number => suites.reduce((total, one) => total + one[key], 0);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="genrtl" tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}">
${suites.map(({ xml }) => xml).join('\n')}
</testsuites>
`;
}

interface Case {
  readonly name: string;
  readonly seconds: number;
  /** null: passed */
  readonly trouble: { readonly kind: 'failure' | 'error'; readonly message: string; readonly text: string } | null;
}

function suite(result: CheckResult): { xml: string; tests: number; failures: number; errors: number } {
  const cases = casesOf(result);
  const count = (kind: string): number => cases.filter(({ trouble }) => trouble?.kind === kind).length;
  const numbers = { tests: cases.length, failures: count('failure'), errors: count('error') };
  const attributes = `name="${text(result.name)}" tests="${numbers.tests}" failures="${numbers.failures}" errors="${numbers.errors}" time="${seconds(result.duration_ms)}" timestamp="${text(result.started_at)}"`;
  const body = cases.map((one) => testcase(result.name, one)).join('\n');
  return { xml: `  <testsuite ${attributes}>\n${body}\n  </testsuite>`, ...numbers };
}

/** Tests that a check ran, and the check itself where they do not say how it ended. */
function casesOf(result: CheckResult): Case[] {
  const tests = result.tests.map(
    (test): Case => ({
      name: test.name,
      seconds: test.duration_ms,
      trouble: test.passed
        ? null
        : {
            kind: 'failure',
            message: test.failures[0]?.message ?? 'failed',
            text: test.failures.map(({ message }) => message).join('\n'),
          },
    }),
  );
  const told = tests.some(({ trouble }) => trouble !== null) === (result.verdict !== 'pass');
  if (tests.length > 0 && told) return tests;
  const findings = result.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ file, line, message }) => `${[file, line].filter((part) => part !== undefined).join(':')}: ${message}`);
  const itself: Case = {
    name: result.name,
    seconds: result.duration_ms,
    trouble:
      result.verdict === 'pass'
        ? null
        : {
            kind: result.verdict === 'fail' ? 'failure' : 'error',
            message: result.reason,
            text: [`verdict: ${result.verdict}`, ...findings].join('\n'),
          },
  };
  return [...tests, itself];
}

function testcase(check: string, { name, seconds: ms, trouble }: Case): string {
  const head = `    <testcase classname="${text(check)}" name="${text(name)}" time="${seconds(ms)}"`;
  if (trouble === null) return `${head}/>`;
  return `${head}>\n      <${trouble.kind} message="${text(trouble.message)}">${text(trouble.text)}</${trouble.kind}>\n    </testcase>`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Characters that XML 1.0 cannot hold are replaced: logs hold anything. */
const text = (value: string): string =>
  value
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
