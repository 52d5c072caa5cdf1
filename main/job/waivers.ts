// What a person passes by his or her word: flags of the job and the workspace's files together.
import { applyWaivers, GenrtlError, type JobFacts, type Untried, type Waiver } from '@genrtl/contracts';
import { readWorkspaceWaivers } from '../project/effective.ts';
import type { StepContext } from './step.ts';

/** The job's own waivers first. Read when they are needed, so that a file edited meanwhile counts. */
export async function waiversOf(context: StepContext<never>): Promise<Waiver[]> {
  return [...(context.settings.waivers ?? []), ...(await readWorkspaceWaivers(context.paths.root))];
}

/**
 * What of `untried` a person passes, as facts of the job, and the error for the rest: such a job ends `needs_input`,
 * and no approval but a waiver lets it go on.
 */
export async function judgeUntried(
  context: StepContext<'waived'>,
  untried: readonly Untried[],
): Promise<{ facts: Pick<JobFacts, 'untried' | 'waived'>; error: GenrtlError | null }> {
  const { standing, waived } = applyWaivers(untried, await waiversOf(context));
  const earlier = (context.facts.waived ?? []).filter(
    (one) => !waived.some(({ kind, name }) => kind === one.kind && name === one.name),
  );
  return {
    facts: { untried: standing, waived: [...earlier, ...waived] },
    error: standing.length === 0 ? null : untriedError(standing),
  };
}

function untriedError(standing: readonly Untried[]): GenrtlError {
  const [first] = standing;
  const more = standing.length > 1 ? ` ${standing.length - 1} more were not measured either.` : '';
  return new GenrtlError('UNTRIED', `Not measured: ${first?.kind}:${first?.name}: ${first?.why}${more}`, {
    details: { untried: standing },
  });
}
