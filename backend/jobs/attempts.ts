// The life of one upstream model attempt: recorded with its hold before the call, settled with its answer in one
// commit.
import { createHash, randomUUID } from 'node:crypto';
import {
  ATTEMPT_ENDS,
  endOfRun,
  GenrtlError,
  microUsd,
  ModelUsage,
  parseUsd,
  type CallEnd,
  type ErrorBody,
} from '@genrtl/contracts';
import { inTransaction, type Pool, type Queryable } from '../db/index.ts';
import { placeHold, settleHold } from '../ledger/index.ts';
import { dieAt } from '../death-points.ts';
import type { ModelAnswer, ModelPrompt, RoutedModel, ModelRouter } from '../models/model.ts';
import { CutAnswer } from '../models/cut-answer.ts';
import { nothingUsed } from '../models/progress.ts';
import * as repository from './repository/attempts.ts';
import { appendEvent } from './repository/events.ts';
import type { RunRow } from './repository/runs.ts';

export type { AttemptRow } from './repository/attempts.ts';

/** Names the workflow of a run's present generation; holds live as long as it. */
export function workflowIdOf(run: Pick<RunRow, 'run_id' | 'generation'>): string {
  return `${run.run_id}.${run.generation}`;
}

export function hashOfPrompt(prompt: ModelPrompt): string {
  const { composer: _facts, ...sent } = prompt;
  return createHash('sha256').update(JSON.stringify(sent)).digest('hex');
}

export interface OpenAttempt {
  readonly attemptId: string;
  readonly attempt: number;
  readonly holdId: string;
  readonly model: RoutedModel;
  readonly promptHash: string;
}

/** Records attempt n of a call with its hold. BUDGET_EXCEEDED when the hold does not fit; then nothing was recorded. */
export async function openAttempt(
  pool: Pool,
  router: ModelRouter,
  run: RunRow,
  call: { name: string; prompt: ModelPrompt; promptHash: string },
  model: RoutedModel,
  attempt: number,
): Promise<OpenAttempt> {
  const attemptId = `attempt_${randomUUID()}`;
  const holdId = `hold_${randomUUID()}`;
  const amount = router.maxCost(model, call.prompt);
  await inTransaction(pool, 'attempt.open', async (tx) => {
    // False: held by this very call, whose commit was not heard of.
    const placed = await placeHold(tx, {
      holdId,
      accountId: run.account_id,
      jobId: run.job_id,
      workflowId: workflowIdOf(run),
      amount,
    });
    if (!placed) return;
    await repository.insertAttempt(tx, {
      attempt_id: attemptId,
      account_id: run.account_id,
      run_id: run.run_id,
      call_name: call.name,
      attempt,
      model: model.id,
      provider: model.provider,
      rate_card: model.rateCard,
      template: call.prompt.template,
      prompt_sha256: call.promptHash,
      hold_id: holdId,
    });
  });
  dieAt('after_attempt_recorded');
  return { attemptId, attempt, holdId, model, promptHash: call.promptHash };
}

/** Answer, charge, usage event and the attempt's end in one transaction. */
export async function settleAnswered(pool: Pool, run: RunRow, open: OpenAttempt, answer: ModelAnswer): Promise<void> {
  dieAt('before_settle');
  const entryId = newEntryId();
  await inTransaction(pool, 'attempt.settle', async (tx) => {
    await settle(tx, run, open, entryId, {
      state: 'answered',
      usage: answer.usage,
      answer: answer.text,
      error: null,
    });
  });
  dieAt('after_settle');
}

/** Who pays for what the provider had consumed by then says the table of ends. */
export async function settleFailed(pool: Pool, run: RunRow, open: OpenAttempt, error: GenrtlError): Promise<void> {
  const consumed = ModelUsage.safeParse(error.details?.['usage']);
  const entryId = newEntryId();
  await inTransaction(pool, 'attempt.settle', async (tx) => {
    await settle(tx, run, open, entryId, {
      state: error.code === 'CANCELLED' ? 'cancelled' : 'failed',
      usage: consumed.success ? consumed.data : nothingUsed(open.model),
      // what there is of it may stand, and the rest be asked for
      answer: error instanceof CutAnswer ? error.text : null,
      error: error.toBody(),
    });
  });
}

/**
 * Attempts that a crash left open: what became of them upstream cannot be known, so they settle as the platform's loss,
 * zero to the user. With a call's name only that call's. Returns how many there were.
 */
export async function settleLost(tx: Queryable, run: RunRow, callName?: string): Promise<number> {
  const open = (await repository.openAttempts(tx, run.run_id)).filter(
    (attempt) => callName === undefined || attempt.call_name === callName,
  );
  for (const attempt of open) {
    const model: RoutedModel = {
      id: attempt.model,
      provider: attempt.provider as RoutedModel['provider'],
      rateCard: attempt.rate_card,
    };
    await settle(
      tx,
      run,
      {
        attemptId: attempt.attempt_id,
        attempt: attempt.attempt,
        holdId: attempt.hold_id,
        model,
        promptHash: attempt.prompt_sha256,
      },
      newEntryId(),
      {
        state: 'lost',
        usage: nothingUsed(model),
        answer: null,
        error: new GenrtlError('MODEL_UNAVAILABLE', 'The server stopped while the model answered').toBody(),
      },
    );
  }
  return open.length;
}

/**
 * The answer that a call has already, if any: in its own run, or paid by an earlier attempt of the same step that broke
 * off and asked exactly the same.
 */
export async function paidAnswer(
  tx: Queryable,
  run: RunRow,
  call: { readonly name: string; readonly promptHash: string },
): Promise<ModelAnswer | null> {
  for (const { attempt, runId, error } of await repository.answersOfStep(tx, run, call)) {
    if (runId !== run.run_id && !ATTEMPT_ENDS[endOfRun(error?.code ?? null)].keepsAnswers) continue;
    if (attempt.answer !== null && attempt.usage !== null) return { text: attempt.answer, usage: attempt.usage };
  }
  return null;
}

/** What there is of an answer that reached its limit, in the last attempt of the call that did; null: none did. */
export async function cutText(tx: Queryable, run: RunRow, callName: string): Promise<string | null> {
  const attempts = await repository.attemptsOfCall(tx, run.run_id, callName);
  return attempts.findLast(({ state, answer }) => state === 'failed' && answer !== null)?.answer ?? null;
}

async function settle(
  tx: Queryable,
  run: RunRow,
  open: OpenAttempt,
  entryId: string,
  outcome: {
    state: CallEnd;
    usage: ModelUsage;
    answer: string | null;
    error: ErrorBody | null;
  },
): Promise<void> {
  const { repeated } = await settleHold(tx, {
    entryId,
    holdId: open.holdId,
    charge: ATTEMPT_ENDS[outcome.state].charged,
    cost: microUsd(Math.max(0, parseUsd(outcome.usage.cost_usd))),
    usage: outcome.usage,
    attemptId: open.attemptId,
    requestHash: open.promptHash,
    stepId: run.step_id,
  });
  // Settled by this very call, whose commit was not heard of: all of it is there.
  if (repeated) return;
  const settled = await repository.settleAttempt(tx, open.attemptId, {
    state: outcome.state,
    entryId,
    answer: outcome.answer,
    usage: outcome.usage,
    error: outcome.error,
  });
  if (!settled) throw new GenrtlError('INTERNAL', `Attempt ${open.attemptId} is settled already`);
  await appendEvent(tx, run.run_id, { type: 'usage', usage: outcome.usage });
}

const newEntryId = (): string => `entry_${randomUUID()}`;
