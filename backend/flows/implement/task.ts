// implement@2: plan and specification become RTL and a testbench, as a unified diff.
import { engineerNotes, refusedPatch } from '../asking/prompt.ts';

export const IMPLEMENT_TEMPLATE = 'implement@2';

const IMPLEMENT_TASK =
  'Implement this plan: write the modules that it asks for, and the testbench that proves them. Answer with one unified diff.';

export interface ImplementSlots {
  /** why the last patch was refused, hunk by hunk */
  readonly feedback: readonly string[];
  readonly notes: readonly string[];
}

export function implementTask({ feedback, notes }: ImplementSlots): (string | null)[] {
  return [IMPLEMENT_TASK, engineerNotes(notes), feedback.length === 0 ? null : refusedPatch(feedback)];
}
