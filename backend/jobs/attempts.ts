// The life of one upstream model attempt: recorded with its hold before the call, settled with its answer in one
// commit.
import { createHash, randomUUID } from 'node:crypto';
import { ATTEMPT_ENDS, endOfRun, GenrtlError, microUsd, ModelUsage, parseUsd, type MicroUsd } from '@genrtl/contracts';
import type { Pool, Queryable } from '../db/index.ts';
import { committed, settleHold, type Act, type Settlement } from '../ledger/index.ts';
import { dieAt } from '../death-points.ts';
import type { ModelAnswer, ModelPrompt, RoutedModel, ModelRouter } from '../models/model.ts';
import { CutAnswer } from '../models/cut-answer.ts';
import { nothingUsed } from '../models/progress.ts';
import * as repository from './repository/attempts.ts';
import { appendEvents } from './repository/events.ts';
import { generationsOf, keepPackages, type PackageVersion, type RunRow } from './repository/runs.ts';
import type { RestOfText } from './token-stream.ts';

export type { AttemptRow } from './repository/attempts.ts';

/** Names the workflow of a run's present generation; holds live as long as it. */
export function workflowIdOf(run: Pick<RunRow, 'run_id' | 'generation'>): string {
  return `${run.run_id}.${run.generation}`;
}

const generationOf = (workflowId: string): number => Number(workflowId.slice(workflowId.lastIndexOf('.') + 1));

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

interface Opening {
  readonly run: RunRow;
  /** versions of packages, to be kept with the run; null: they are kept */
  readonly seen: readonly PackageVersion[] | null;
  readonly amount: MicroUsd;
  readonly row: repository.NewAttempt;
}

const OPEN: Act<Opening, null> = {
  name: 'attempt.open',
  money: ({ run, amount, row }) => ({
    hold: {
      holdId: row.hold_id,
      accountId: run.account_id,
      jobId: run.job_id,
      workflowId: workflowIdOf(run),
      amount,
    },
  }),
  async write(tx, items) {
    // What was held before was held by this very call, whose commit was not heard of.
    const placed = items.filter(({ outcome }) => outcome.placed === true);
    const now = await generationsOf(
      tx,
      placed.map(({ item: { run } }) => run.run_id),
    );
    // Somebody took the run over from a process that was thought dead, or its end was undone: that one works on it.
    if (placed.some(({ item: { run } }) => now.get(run.run_id) !== run.generation))
      throw new GenrtlError('INTERNAL', 'The run goes on in another generation');
    await repository.insertAttempts(
      tx,
      placed.map(({ item }) => item.row),
    );
    await keepPackages(
      tx,
      placed.flatMap(({ item: { run, seen } }) => (seen === null ? [] : [{ runId: run.run_id, packages: seen }])),
    );
    return items.map(() => null);
  },
};

/** Records attempt n of a call with its hold. BUDGET_EXCEEDED when the hold does not fit; then nothing was recorded. */
export async function openAttempt(
  pool: Pool,
  router: ModelRouter,
  run: RunRow,
  call: { name: string; prompt: ModelPrompt; promptHash: string; seen?: readonly PackageVersion[] | null },
  model: RoutedModel,
  attempt: number,
): Promise<OpenAttempt> {
  const attemptId = `attempt_${randomUUID()}`;
  const holdId = `hold_${randomUUID()}`;
  await committed(pool, OPEN, run.account_id, {
    run,
    seen: call.seen ?? null,
    amount: router.maxCost(model, call.prompt),
    row: {
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
    },
  });
  dieAt('after_attempt_recorded');
  return { attemptId, attempt, holdId, model, promptHash: call.promptHash };
}

interface Ending {
  readonly run: RunRow;
  readonly settlement: Settlement;
  readonly end: Omit<repository.SettledAttempt, 'attemptId' | 'entryId'>;
  /** of the answer's text, what is not stored yet */
  readonly rest: readonly RestOfText[];
}

const SETTLE: Act<Ending, null> = {
  name: 'attempt.settle',
  money: ({ settlement }) => ({ settlement }),
  async write(tx, items) {
    // What was settled before was settled by this very call, whose commit was not heard of: all of it is there.
    await recordEnds(
      tx,
      items.filter(({ outcome }) => outcome.settled?.repeated !== true).map(({ item }) => item),
    );
    return items.map(() => null);
  },
};

async function recordEnds(tx: Queryable, endings: readonly Ending[]): Promise<void> {
  const settled = await repository.settleAttempts(
    tx,
    endings.map(({ settlement: { attemptId, entryId }, end }) => ({ attemptId, entryId, ...end })),
  );
  const late = endings.find(({ settlement }) => !settled.has(settlement.attemptId));
  if (late !== undefined) throw new GenrtlError('INTERNAL', `Attempt ${late.settlement.attemptId} is settled already`);
  await appendEvents(
    tx,
    endings.flatMap(({ run: { run_id: runId }, end: { usage }, rest }) => [
      ...rest.map((event) => ({ runId, ...event })),
      { runId, event: { type: 'usage', usage } },
    ]),
  );
}

/** Answer, charge, usage event and the attempt's end in one transaction. */
export async function settleAnswered(
  pool: Pool,
  run: RunRow,
  open: OpenAttempt,
  answer: ModelAnswer,
  rest: readonly RestOfText[] = [],
): Promise<void> {
  dieAt('before_settle');
  const end = { state: 'answered', usage: answer.usage, answer: answer.text, error: null } as const;
  await committed(pool, SETTLE, run.account_id, { ...endingOf(run, open, end), rest });
  dieAt('after_settle');
}

/** Who pays for what the provider had consumed by then says the table of ends. */
export async function settleFailed(
  pool: Pool,
  run: RunRow,
  open: OpenAttempt,
  error: GenrtlError,
  rest: readonly RestOfText[] = [],
): Promise<void> {
  const consumed = ModelUsage.safeParse(error.details?.['usage']);
  const end = {
    state: error.code === 'CANCELLED' ? 'cancelled' : 'failed',
    usage: consumed.success ? consumed.data : nothingUsed(open.model),
    // what there is of it may stand, and the rest be asked for
    answer: error instanceof CutAnswer ? error.text : null,
    error: error.toBody(),
  } as const;
  await committed(pool, SETTLE, run.account_id, { ...endingOf(run, open, end), rest });
}

/**
 * Attempts that a crash left open: what became of them upstream cannot be known, so they settle as the platform's loss,
 * zero to the user. With a call's name only that call's. Those of a later generation are under way, and none of this
 * one's. Returns how many there were.
 */
export async function settleLost(tx: Queryable, run: RunRow, callName?: string): Promise<number> {
  const open = (await repository.openAttempts(tx, [run.run_id])).filter(
    ({ call_name: name, workflow_id: workflow }) =>
      (callName === undefined || name === callName) && generationOf(workflow) <= run.generation,
  );
  for (const attempt of open) {
    const model: RoutedModel = {
      id: attempt.model,
      provider: attempt.provider as RoutedModel['provider'],
      rateCard: attempt.rate_card,
    };
    const ending = endingOf(
      run,
      {
        attemptId: attempt.attempt_id,
        attempt: attempt.attempt,
        holdId: attempt.hold_id,
        model,
        promptHash: attempt.prompt_sha256,
      },
      {
        state: 'lost',
        usage: nothingUsed(model),
        answer: null,
        error: new GenrtlError('MODEL_UNAVAILABLE', 'The server stopped while the model answered').toBody(),
      },
    );
    const { repeated } = await settleHold(tx, ending.settlement);
    if (!repeated) await recordEnds(tx, [ending]);
  }
  return open.length;
}

/**
 * The attempts of a call, and the answer that it has already, if any: among them, or paid by an earlier attempt of the
 * same step that broke off and asked exactly the same.
 */
export async function attemptsOfCall(
  pool: Pool,
  run: RunRow,
  call: { readonly name: string; readonly promptHash: string },
): Promise<{ own: repository.AttemptRow[]; paid: ModelAnswer | null }> {
  const { own, earlier } = await repository.attemptsOfStep(pool, { run, ...call });
  const kept = earlier.filter(({ ended }) => ATTEMPT_ENDS[endOfRun(ended?.code ?? null)].keepsAnswers);
  for (const { state, answer, usage } of [...own, ...kept])
    if (state === 'answered' && answer !== null && usage !== null) return { own, paid: { text: answer, usage } };
  return { own, paid: null };
}

/** What there is of an answer that reached its limit, in the last attempt of the call that did; null: none did. */
export async function cutText(pool: Pool, run: RunRow, callName: string): Promise<string | null> {
  const { own } = await repository.attemptsOfStep(pool, { run, name: callName, promptHash: '' });
  return own.findLast(({ state, answer }) => state === 'failed' && answer !== null)?.answer ?? null;
}

function endingOf(run: RunRow, open: OpenAttempt, end: Ending['end']): Ending {
  return {
    run,
    end,
    rest: [],
    settlement: {
      entryId: `entry_${randomUUID()}`,
      holdId: open.holdId,
      charge: ATTEMPT_ENDS[end.state].charged,
      cost: microUsd(Math.max(0, parseUsd(end.usage.cost_usd))),
      usage: end.usage,
      attemptId: open.attemptId,
      requestHash: open.promptHash,
      stepId: run.step_id,
    },
  };
}
