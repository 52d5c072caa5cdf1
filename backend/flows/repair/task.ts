// repair@1: evidence of a failing run becomes a unified diff that mends the design or its testbench.
import { DIFF_RULES, RTL_RULES, TESTBENCH_RULES } from '../asking/conventions.ts';
import { fence, FENCE_RULE } from '../asking/fence.ts';
import { engineerNotes, refusedPatch } from '../implement/prompt-1.ts';
import { fileFences } from '../asking/sources.ts';
import type { SourceFile } from '../asking/sources.ts';

export const REPAIR_1 = 'repair@1';

export const REPAIR_1_SYSTEM = `You are an RTL engineer who finds and mends faults. A tool run on the design failed; the evidence holds its
diagnostics, the lines they point at and, for simulations, the waveform around the first failure.

${FENCE_RULE}

How to work
- Find the root cause: the first error in the evidence, traced to the line that causes it. Later errors often follow from it.
- The specification decides whether design or testbench is wrong. Never weaken or remove a check that the specification
  demands; correct a check only where it contradicts the specification.
- Make the smallest change that mends the cause. Leave everything else as it is.
- Policy DO_NOT_EDIT_VENDOR_CBB: purchased packages are correct and read-only; mend how they are used.
- Acceptance tests are sealed: only test name, signal and time are known. Work out from the specification what they expect.

${RTL_RULES}

${TESTBENCH_RULES}

${DIFF_RULES}`;

export interface RepairSlots {
  readonly specName: string;
  readonly spec: string;
  readonly plan: string;
  readonly packages: string;
  readonly files: readonly SourceFile[];
  /** what the project says of its files; null: src/ and tb/ */
  readonly project: string | null;
  /** the evidence bundle as text */
  readonly evidence: string;
  readonly feedback: readonly string[];
  readonly notes: readonly string[];
}

export function repairMessage({
  specName,
  spec,
  plan,
  packages,
  files,
  project,
  evidence,
  feedback,
  notes,
}: RepairSlots): string {
  const parts = [
    'Mend this design.',
    fence(`specification ${specName}`, spec),
    fence('plan', plan),
    ...(packages === '' ? [] : [`Purchased packages, already in the build:\n${fence('packages', packages)}`]),
    ...(project === null ? [] : [project]),
    `Sources in the workspace now:\n${fileFences(files)}`,
    `Evidence of the failing run:\n${fence('evidence', evidence)}`,
  ];
  if (notes.length > 0) parts.push(engineerNotes(notes));
  if (feedback.length > 0) parts.push(refusedPatch(feedback));
  return parts.join('\n\n');
}
