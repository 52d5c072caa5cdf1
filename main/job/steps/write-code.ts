// implement and repair: the backend answers with a patch, which waits in the run folder for its approval.
import path from 'node:path';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import type { JobRequest } from '@genrtl/contracts';
import { readJson, writeAtomic } from '@genrtl/disk/records.ts';
import { addInputs } from '../job-files.ts';
import { wordsForModel } from '../notes.ts';
import { RecordedRequest } from '../request-log.ts';
import { authorModel, requestBase, runOnServer, ServerRunFailed } from '../server-run.ts';
import { seenFromDisk, type Seen } from '../sending.ts';
import { defineStep, type StepContext, type StepOutcome } from '../step.ts';
import { repairEvidence } from '../repair-evidence.ts';

/** The files that a patch was written against stand in the request that was sent for it. */
async function seenBy(context: StepContext<never>, patch: string): Promise<Seen> {
  const request = await readJson(path.join(context.runDir, 'request.json'), RecordedRequest);
  const body = JSON.parse(request?.body ?? '{"files":[]}') as Extract<JobRequest, { kind: 'implement' }>;
  return seenFromDisk(context, body.files, patch);
}

async function keepPatch(
  context: StepContext<never>,
  answer: { output: { patch: string } },
): Promise<StepOutcome<'patch_step' | 'seen'>> {
  const { hashes, patch } = await seenBy(context, answer.output.patch);
  await writeAtomic(path.join(context.runDir, 'patch.diff'), patch);
  const files = new Set([...patch.matchAll(/^\+\+\+ (?:b\/)?(\S+)/gm)].map((match) => match[1]));
  return {
    kind: 'next',
    event: 'OK',
    summary: stepSummary('files', { count: files.size }),
    facts: { patch_step: context.stepId, seen: hashes },
  };
}

/** Packages that the plan wished for and nobody sells: told to the author of the code. */
function feedback(context: StepContext<'unresolved' | 'patch_feedback'>): string[] {
  const missing = (context.facts.unresolved ?? []).map(
    (what) => `No package meets "${what}": write that module yourself.`,
  );
  return [...missing, ...(context.facts.patch_feedback ?? [])];
}

async function notesFor(context: StepContext<'only_files'>): Promise<{ notes?: string[] }> {
  const notes = await wordsForModel(context);
  return notes.length === 0 ? {} : { notes };
}

const READS = ['spec_step', 'spec_name', 'plan_step', 'cbbs', 'unresolved', 'patch_feedback', 'only_files'] as const;

export const implementStep = defineStep({
  name: 'implement',
  reads: [...READS, 'spec_form'],
  writes: ['patch_step', 'seen'],
  async run(context) {
    const answer = await runOnServer(context, 'implement', async (attempt, sending) => ({
      kind: 'implement',
      ...requestBase(context, attempt, authorModel(context)),
      ...(await addInputs(context, sending)),
      feedback: feedback(context),
      ...(await notesFor(context)),
    }));
    return keepPatch(context, answer);
  },
});

export const repairStep = defineStep({
  name: 'repair',
  reads: [...READS, 'failed_step', 'diagnostics', 'bench_changes'],
  writes: ['patch_step', 'seen'],
  async run(context) {
    try {
      const answer = await runOnServer(context, 'repair', async (attempt, sending) => {
        const evidence = await repairEvidence(context);
        return {
          kind: 'repair',
          ...requestBase(context, attempt),
          ...(await addInputs(context, sending)),
          evidence: sending.add('evidence', 'evidence.json', evidence),
          feedback: feedback(context),
          ...(await notesFor(context)),
        };
      });
      return await keepPatch(context, answer);
    } catch (error) {
      if (error instanceof ServerRunFailed && error.code === 'DESIGN_FAILED') {
        return { kind: 'next', event: 'GIVE_UP', summary: error.message };
      }
      throw error;
    }
  },
});
