// The evidence of the run that failed last, written beside the repair step's request.
import type { StepContext } from './step.ts';
import type { EvidenceFacts } from './evidence/index.ts';
import { need } from './step.ts';

/** JSON text of an EvidenceBundle. */
export async function repairEvidence(context: StepContext<EvidenceFacts | 'failed_step'>): Promise<string> {
  const { collectEvidence } = await import('./evidence/index.ts');
  return collectEvidence(context, need(context.facts, 'failed_step'));
}
