// Failing checks with a time, from tests and findings of the present job: what the viewer can jump to.
import { useMemo } from 'react';
import type { Diagnostic } from '@genrtl/contracts';
import { useJob } from '../../state/job-store.ts';
import { useProblems } from '../../state/problems.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import type { Failure } from './wave-store.ts';

export interface FailingCheck extends Failure {
  readonly label: string;
}

/** `FAIL signal=<name> time=<ns>`, as every bench of genRTL prints it. */
function signalOf(message: string): string | null {
  return /\bsignal=(\S+)/.exec(message)?.[1] ?? null;
}

export function failureOf(found: Diagnostic): Failure | null {
  if (found.time === undefined || found.severity !== 'error') return null;
  return { signal: signalOf(found.message), time: found.time, test: null };
}

export function useFailures(): FailingCheck[] {
  const tests = useJob((store) => store.state?.facts.tests);
  const problems = useProblems();
  return useMemo(() => {
    const fromTests = (tests ?? []).flatMap((test) =>
      test.failures.flatMap((failure) =>
        failure.time === undefined
          ? []
          : [
              {
                signal: failure.signal ?? signalOf(failure.message),
                time: failure.time,
                test: test.name,
                label: `${test.name}: ${failure.signal ?? failure.message}`,
              },
            ],
      ),
    );
    const fromProblems = problems.flatMap((found) => {
      const failure = failureOf(found);
      return failure === null ? [] : [{ ...failure, label: found.message }];
    });
    // One failure reaches us as a test's and as a finding; genRTL's benches leave the unit ns out.
    const identity = ({ signal, label, time }: FailingCheck): string =>
      `${signal ?? label} ${time.replace(/\s*(ns)?$/, '')}`;
    const seen = new Map<string, FailingCheck>();
    for (const failure of [...fromTests, ...fromProblems])
      if (!seen.has(identity(failure))) seen.set(identity(failure), failure);
    return [...seen.values()];
  }, [tests, problems]);
}

/** Shows the failure in the waveform room. */
export function showInWaves(failure: Failure): void {
  openPanel('waves', { failure, request: Date.now() });
}
