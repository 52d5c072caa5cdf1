// Which check of the specification a failure belongs to: the row of a Checks table, or the plan's check that names the
// signal.
import type { CbbManifest, EvidenceBundle, Plan } from '@genrtl/contracts';
import { elaborateSpec, parseSpec, traceFailure } from '@genrtl/core/spec/index.ts';
import { parseTime } from '@genrtl/eda/waves/time.ts';

export interface Failure {
  readonly signal: string | null;
  readonly time: string | null;
}

type Trace = NonNullable<EvidenceBundle['trace']>;

const NS_PER: Readonly<Record<string, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1, ps: 1e-3, fs: 1e-6 };

export function traceToSpec(
  spec: string,
  specName: string,
  manifests: readonly CbbManifest[],
  plan: Plan,
  failure: Failure,
): Trace | null {
  if (failure.signal === null) return null;
  return rowOfChecks(spec, specName, manifests, failure) ?? checkOfPlan(plan, failure.signal);
}

function rowOfChecks(
  spec: string,
  specName: string,
  manifests: readonly CbbManifest[],
  failure: Failure,
): Trace | null {
  const time = failure.time === null ? null : parseTime(failure.time, 'ns');
  if (time === null || failure.signal === null) return null;
  const parsed = parseSpec(spec, specName);
  if (parsed.kind !== 'structured') return null;
  const result = elaborateSpec(parsed, manifests);
  if (!('design' in result)) return null;
  const found = traceFailure(result.design, failure.signal, Number(time.value) * (NS_PER[time.unit] ?? 1));
  return found ? { check_id: found.check_id, spec_line: found.spec_line } : null;
}

/** Only when exactly one check speaks of the signal: a wrong clause misleads more than none. */
function checkOfPlan(plan: Plan, signal: string): Trace | null {
  const name = (signal.split('[')[0] ?? '').split('.').at(-1) ?? '';
  const named = plan.verification.checks.filter((check) => check.text.split(/[^\w$]+/).includes(name));
  const [only] = named;
  if (only === undefined || named.length > 1) return null;
  return { check_id: only.id, ...(only.spec_line === undefined ? {} : { spec_line: only.spec_line }) };
}
