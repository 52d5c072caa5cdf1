// implement@1: plan and specification become RTL and a testbench, as a unified diff.
import { DIFF_RULES, RTL_RULES, TESTBENCH_RULES } from '../asking/conventions.ts';
import { fence, FENCE_RULE } from '../asking/fence.ts';
import { fileFences } from '../asking/sources.ts';
import type { SourceFile } from '../asking/sources.ts';

export const IMPLEMENT_1 = 'implement@1';

export const IMPLEMENT_1_SYSTEM = `You are an RTL engineer. You write the modules that a plan asks for, and the testbench that proves them.

${FENCE_RULE}

${RTL_RULES}

${TESTBENCH_RULES}

${DIFF_RULES}`;

export interface ImplementSlots {
  readonly specName: string;
  readonly spec: string;
  readonly plan: string;
  /** port lists of the purchased packages, as text */
  readonly packages: string;
  readonly files: readonly SourceFile[];
  /** what the project says of its files; null: src/ and tb/ */
  readonly project: string | null;
  /** why the last patch was refused, hunk by hunk */
  readonly feedback: readonly string[];
  readonly notes: readonly string[];
}

export function implementMessage({
  specName,
  spec,
  plan,
  packages,
  files,
  project,
  feedback,
  notes,
}: ImplementSlots): string {
  const parts = [
    'Implement this plan.',
    fence(`specification ${specName}`, spec),
    fence('plan', plan),
    packages === ''
      ? 'No packages were purchased: write every module of the plan.'
      : `Purchased packages, already in the build:\n${fence('packages', packages)}`,
    ...(project === null ? [] : [project]),
    files.length === 0 ? 'The workspace holds no sources yet.' : `Sources in the workspace now:\n${fileFences(files)}`,
  ];
  if (notes.length > 0) parts.push(engineerNotes(notes));
  if (feedback.length > 0) parts.push(refusedPatch(feedback));
  return parts.join('\n\n');
}

/** Shared with plan and repair: what the engineer who approves the work asks for. */
export function engineerNotes(notes: readonly string[]): string {
  return `Notes of the engineer who reviews your work. Heed them where the specification leaves you a choice:\n${fence('notes', notes.map((note) => `- ${note}`).join('\n'))}`;
}

/** Shared with repair: an earlier diff did not apply. */
export function refusedPatch(feedback: readonly string[]): string {
  return `The last diff was refused and nothing of it was applied. Answer with a whole new diff against the sources as given. Reasons:\n${fence('refusals', feedback.map((line) => `- ${line}`).join('\n'))}`;
}
