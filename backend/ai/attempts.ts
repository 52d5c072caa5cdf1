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
import { answeredWithCommit, type Pool, type Queryable } from '../db/index.ts';
import { committed, placeHold, settleHold, type Act, type Settlement } from '../ledger/index.ts';
import type { ModelPrompt, RoutedModel } from '../models/model.ts';
import { nothingUsed } from '../models/progress.ts';
import { endFlowAttempts, insertFlowAttempt, openFlowAttempts, type AttemptEnd } from './repository/attempts.ts';
import { keepPartAnswers, type PartAnswer } from './repository/part-answers.ts';
import { endFlowRuns, type EndedRun, type RunKey } from './repository/runs.ts';

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

/** What becomes of one attempt, with all that is recorded in the same commit. */
export interface Settling {
  readonly settlement: Settlement;
  readonly end: AttemptEnd;
  /** the answer to a part, kept with its charge */
  readonly part?: PartAnswer;
  /** its run is over with it */
  readonly run?: EndedRun;
}

const SETTLE: Act<Settling, MicroUsd> = {
  name: 'ai.settle',
  money: ({ settlement }) => ({ settlement }),
  async write(tx, items) {
    // What was settled before was settled by this very call, whose commit was not heard of: all of it is there.
    const fresh = items.filter(({ outcome }) => outcome.settled?.repeated !== true).map(({ item }) => item);
    await answeredWithCommit(
      tx,
      endFlowAttempts(
        tx,
        fresh.map(({ end }) => end),
      ),
      keepPartAnswers(
        tx,
        fresh.flatMap(({ part }) => part ?? []),
      ),
      endFlowRuns(
        tx,
        fresh.flatMap(({ run }) => run ?? []),
      ),
    );
    return items.map(({ outcome }) => microUsd(outcome.settled?.capturedMicro ?? 0));
  },
};

const END: Act<EndedRun, null> = {
  name: 'ai.end',
  async write(tx, items) {
    await endFlowRuns(
      tx,
      items.map(({ item }) => item),
    );
    return items.map(() => null);
  },
};

/** Returns what the account paid, when it is committed together with what other runs settle. */
export const settleAttempt = (pool: Pool, accountId: string, settling: Settling): Promise<MicroUsd> =>
  committed(pool, SETTLE, accountId, settling);

/** The end of a run that has nothing left to settle. No effect on one that has ended. */
export async function endRun(pool: Pool, run: EndedRun): Promise<void> {
  await committed(pool, END, run.key.accountId, run);
}

/** To be made once for each attempt: a repeat finds its own entry. */
export function settlingOf(intent: string, open: OpenFlowAttempt, outcome: AttemptOutcome): Settling {
  const entryId = `entry_${randomUUID()}`;
  const usage = outcome.usage ?? nothingUsed(open.model);
  return {
    settlement: {
      entryId,
      holdId: open.holdId,
      charge: outcome.charge ?? ATTEMPT_ENDS[outcome.state].charged,
      cost: microUsd(Math.max(0, parseUsd(usage.cost_usd))),
      most: open.hold,
      usage,
      attemptId: open.attemptId,
      requestHash: open.promptHash,
      stepId: intent,
    },
    end: { attemptId: open.attemptId, state: outcome.state, entryId, usage, error: outcome.error },
  };
}

/** What the account will have paid: a hold is at least as large as the worst case of its call. */
export const chargeOf = ({ settlement: { charge, cost, most = cost } }: Settling): MicroUsd =>
  microUsd(charge ? Math.min(cost, most) : 0);

async function settle(tx: Queryable, { settlement, end }: Settling): Promise<void> {
  const { repeated } = await settleHold(tx, settlement);
  if (!repeated) await endFlowAttempts(tx, [end]);
}

/** What a dead process left open: nobody knows what became of it upstream, so the account pays nothing. */
export async function settleLostAttempts(tx: Queryable, key: RunKey, intent: string): Promise<void> {
  for (const row of await openFlowAttempts(tx, key)) {
    const settling = settlingOf(
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
    );
    await settle(tx, settling);
  }
}
