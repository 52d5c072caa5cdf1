// repair@2: evidence of a failing run becomes a unified diff that mends the design or its testbench.
import { fence } from '../asking/fence.ts';
import { engineerNotes, refusedPatch } from '../asking/prompt.ts';

export const REPAIR_TEMPLATE = 'repair@2';

const REPAIR_TASK = `Mend this design. A tool run on it failed; the evidence holds its diagnostics, the lines they point at and, for
simulations, the waveform around the first failure. Answer with one unified diff.

How to work
- Find the root cause: the first error in the evidence, traced to the line that causes it. Later errors often follow from it.
- The specification decides whether design or testbench is wrong. Never weaken or remove a check that the specification
  demands; correct a check only where it contradicts the specification.
- Make the smallest change that mends the cause. Leave everything else as it is.
- Policy DO_NOT_EDIT_VENDOR_CBB: purchased packages are correct and read-only; mend how they are used.
- Acceptance tests are sealed: only test name, signal and time are known. Work out from the specification what they expect.`;

export interface RepairSlots {
  /** the evidence bundle as text */
  readonly evidence: string;
  readonly feedback: readonly string[];
  readonly notes: readonly string[];
}

export function repairTask({ evidence, feedback, notes }: RepairSlots): (string | null)[] {
  return [
    REPAIR_TASK,
    `Evidence of the failing run:\n${fence('evidence', evidence)}`,
    engineerNotes(notes),
    feedback.length === 0 ? null : refusedPatch(feedback),
  ];
}
