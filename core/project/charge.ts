// What of a failing check is a job's own: compared with the same check before the job, by findings and tests. Pure.
import type { CheckResult, Diagnostic } from '@genrtl/contracts';

/**
 * Null: the check passes, or it fails as it did before. Else the findings that came with the job; where none of them is
 * new, although the verdict or a test got worse, all of them. `before` undefined: everything is the job's.
 */
export function chargedFindings(now: CheckResult, before: CheckResult | undefined): readonly Diagnostic[] | null {
  if (now.verdict === 'pass') return null;
  const findings = decisive(now);
  if (before === undefined || before.verdict === 'pass') return findings;
  const earlier = new Map<string, number>();
  for (const finding of decisive(before)) earlier.set(key(finding), (earlier.get(key(finding)) ?? 0) + 1);
  const fresh = findings.filter((finding) => {
    const left = earlier.get(key(finding)) ?? 0;
    if (left > 0) earlier.set(key(finding), left - 1);
    return left === 0;
  });
  const same =
    fresh.length === 0 &&
    now.verdict === before.verdict &&
    now.counts.error <= before.counts.error &&
    worseTests(now, before).length === 0;
  if (same) return null;
  return fresh.length > 0 ? fresh : findings;
}

/** Names of tests that fail or are gone and did not fail before. */
export function worseTests(now: CheckResult, before: CheckResult): string[] {
  const failed = new Set(before.tests.filter(({ passed }) => !passed).map(({ name }) => name));
  const there = new Set(now.tests.map(({ name }) => name));
  return [
    ...now.tests.filter(({ name, passed }) => !passed && !failed.has(name)).map(({ name }) => name),
    ...before.tests.filter(({ name, passed }) => passed && !there.has(name)).map(({ name }) => name),
  ];
}

/** Errors, or warnings where those alone fail the check. */
function decisive({ diagnostics }: CheckResult): readonly Diagnostic[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return errors.length > 0 ? errors : diagnostics.filter(({ severity }) => severity === 'warning');
}

/** Lines move with what is written above them, times with what is done before them. */
const key = ({ file, code, message }: Diagnostic): string =>
  [file ?? '', code ?? '', message.replaceAll(/\d+/g, '#')].join('\n');
