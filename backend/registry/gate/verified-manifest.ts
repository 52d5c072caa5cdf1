// A manifest after the gate: what it says of its verification is what the gate measured, never what somebody wrote.
import type { CbbEvidence, CbbManifest } from '@genrtl/contracts';

export function verifiedManifest(manifest: CbbManifest, evidence: CbbEvidence): CbbManifest {
  const { parameter_sets: sets, mutants, tools } = evidence;
  const runs = sets.flatMap(({ benches }) => benches);
  return {
    ...manifest,
    verification: {
      // In the order of the contract's schema: the archive's bytes depend on it.
      tools,
      tests: runs.filter(({ passed }) => passed).length,
      mutants,
      coverage: `${sets.length} parameter ${sets.length === 1 ? 'set' : 'sets'} on Icarus and Verilator; ${mutants.killed} of ${mutants.total} mutants killed; stubs tied to 0, 1 and X fail`,
    },
  };
}

/** The one form in which a verified manifest is written, so that the same source is packed into the same bytes. */
export function manifestText(manifest: CbbManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
