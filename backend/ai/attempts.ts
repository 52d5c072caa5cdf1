// The money of one upstream attempt of an interactive run: held before the call in the commit that records it, settled
// once.
import { createHash, randomUUID } from 'node:crypto';
import {
  ATTEMPT_ENDS,
  GenrtlError,
  microUsd,
  parseUsd,
  type CallEnd,
  type ErrorBody,
  type MicroUsd,
  type ModelUsage,
} from '@genrtl/contracts';
import { inTransaction, type Pool, type Queryable } from '../db/index.ts';
import { placeHold, settleHold } from '../ledger/index.ts';
import type { ModelPrompt, RoutedModel } from '../models/model.ts';
import { nothingUsed } from '../models/progress.ts';
import { endFlowAttempt, insertFlowAttempt, openFlowAttempts } from './repository/attempts.ts';
import type { RunKey } from './repository/runs.ts';

export interface OpenFlowAttempt {
  readonly attemptId: string;
  readonly holdId: string;
  readonly attempt: number;
  readonly model: RoutedModel;
  readonly step: string;
  readonly template: string;
  readonly promptHash: string;
  readonly hold: MicroUsd;
}

export function newAttempt(
  attempt: number,
  step: string,
  prompt: ModelPrompt,
  model: RoutedModel,
  hold: MicroUsd,
): OpenFlowAttempt {
  return {
    attemptId: `attempt_${randomUUID()}`,
    holdId: `hold_${randomUUID()}`,
    attempt,
    model,
    step,
    template: prompt.template,
    promptHash: createHash('sha256').update(JSON.stringify(prompt)).digest('hex'),
    hold,
  };
}

/** Names what a hold lives with. */
export const workflowOf = ({ accountId, runId }: RunKey): string => `ai:${accountId}/${runId}`;

/** In the transaction of the caller; a repeat finds its own hold. Throws BUDGET_EXCEEDED, BUDGET_RESERVED. */
export async function recordAttempt(tx: Queryable, key: RunKey, open: OpenFlowAttempt): Promise<void> {
  const placed = await placeHold(tx, {
    holdId: open.holdId,
    accountId: key.accountId,
    jobId: null,
    workflowId: workflowOf(key),
    amount: open.hold,
  });
  if (!placed) return;
  await insertFlowAttempt(tx, key, {
    attempt_id: open.attemptId,
    attempt: open.attempt,
    step: open.step,
    model: open.model.id,
    rate_card: open.model.rateCard,
    template: open.template,
    prompt_sha256: open.promptHash,
    hold_id: open.holdId,
  });
}

export interface AttemptOutcome {
  readonly state: CallEnd;
  /** null: nothing was consumed */
  readonly usage: ModelUsage | null;
  readonly error: ErrorBody | null;
  /** false: whatever it cost is the platform's loss */
  readonly charge?: boolean;
}

/** Returns what the account paid. */
export function settleAttempt(
  pool: Pool,
  intent: string,
  open: OpenFlowAttempt,
  outcome: AttemptOutcome,
  /** in the same commit */
  also: (tx: Queryable) => Promise<void> = async () => undefined,
): Promise<MicroUsd> {
  const entryId = newEntryId();
  return inTransaction(pool, 'ai.settle', async (tx) => {
    const paid = await settle(tx, intent, open, outcome, entryId);
    await also(tx);
    return paid;
  });
}

async function settle(
  tx: Queryable,
  intent: string,
  open: OpenFlowAttempt,
  outcome: AttemptOutcome,
  entryId: string,
): Promise<MicroUsd> {
  const usage = outcome.usage ?? nothingUsed(open.model);
  const { capturedMicro, repeated } = await settleHold(tx, {
    entryId,
    holdId: open.holdId,
    charge: outcome.charge ?? ATTEMPT_ENDS[outcome.state].charged,
    cost: microUsd(Math.max(0, parseUsd(usage.cost_usd))),
    most: open.hold,
    usage,
    attemptId: open.attemptId,
    requestHash: open.promptHash,
    stepId: intent,
  });
  if (!repeated)
    await endFlowAttempt(tx, open.attemptId, { state: outcome.state, entryId, usage, error: outcome.error });
  return microUsd(capturedMicro);
}

/** What a dead process left open: nobody knows what became of it upstream, so the account pays nothing. */
export async function settleLostAttempts(tx: Queryable, key: RunKey, intent: string): Promise<void> {
  for (const row of await openFlowAttempts(tx, key)) {
    await settle(
      tx,
      intent,
      {
        attemptId: row.attempt_id,
        holdId: row.hold_id,
        attempt: row.attempt,
        model: { id: row.model, provider: 'compatible', rateCard: row.rate_card },
        step: row.step,
        template: '',
        promptHash: row.prompt_sha256,
        hold: microUsd(0),
      },
      {
        state: 'lost',
        usage: null,
        error: new GenrtlError('MODEL_UNAVAILABLE', 'The server stopped while the model answered').toBody(),
      },
      newEntryId(),
    );
  }
}

const newEntryId = (): string => `entry_${randomUUID()}`;
