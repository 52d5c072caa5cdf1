// What one check of the gate found out.
import type { CbbEvidence } from '@genrtl/contracts';

export type Check = CbbEvidence['checks'][number];

/**
 * Findings are plain sentences; a check passes when there are none. They are bounded, since a broken package may have
 * thousands.
 */
export function checked(name: string, findings: readonly string[]): Check {
  const kept = findings.slice(0, 20).map((finding) => (finding.length > 500 ? `${finding.slice(0, 500)}…` : finding));
  if (findings.length > kept.length) kept.push(`and ${findings.length - kept.length} more`);
  return { name, passed: findings.length === 0, findings: kept };
}
