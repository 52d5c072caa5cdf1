// Many runs that begin in one statement and end in few: each takes its own hold, and none what is not there to be taken;
// each is charged its own, and what is refused is refused alone.
import { createHash, randomUUID } from 'node:crypto';
import { microUsd } from '@genrtl/contracts';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkLedger, LEASE, placeLeases } from '../ledger/index.ts';
import { onSignal } from '../telemetry/signals.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { settleAttempt, settlingOf } from './attempts.ts';
import { Beginnings } from './beginnings.ts';
import type { Beginning } from './repository/runs.ts';

const OWNER = 'me';
let database: TestDatabase;
let holds: string[];

beforeAll(async () => {
  database = await openTestDatabase();
  holds = Array.from({ length: 40 }, () => `hold_${randomUUID()}`);
  await testTransaction(database.pool, (tx) =>
    placeLeases(tx, { accountId: 'local', owner: OWNER, amount: microUsd(1_000), holdIds: holds }),
  );
}, 60_000);
afterAll(() => database.close());

const request = readAiRequest('ask', { instruction: 'what is this?' });
const hash = createHash('sha256').update('').digest('hex');

function beginning(runId: string, holdId: string): Beginning {
  return {
    key: { accountId: 'local', runId },
    run: {
      request,
      requestHash: hash,
      contextHash: hash,
      flow: 'ask@1',
      template: 'ask@v1',
      renderMode: 'streaming-text',
      model: 'fake/first',
      owner: OWNER,
      retained: true,
    },
    first: {
      attemptId: `attempt_${randomUUID()}`,
      step: 'draft',
      rateCard: 'card',
      template: 'ask@v1',
      promptHash: hash,
      holdId,
      workflowId: `ai:local/${runId}`,
    },
  };
}

it('all that come at once begin, each with its own hold and attempt', async () => {
  const lane = new Beginnings(database.pool, `${LEASE}${OWNER}`);
  const own = holds.splice(0, 30);
  const begun = await Promise.all(own.map((hold, nth) => lane.record(beginning(`run-${String(nth)}`, hold))));
  expect(begun).toEqual(own.map(() => ({ usable: true, made: true, taken: true })));
  const { rows } = await database.pool.query(
    `SELECT r.run_id, h.hold_id FROM flow_runs r JOIN flow_attempts a USING (account_id, run_id) JOIN holds h USING (hold_id)
     WHERE h.workflow_id = 'ai:local/' || r.run_id AND h.state = 'open'`,
  );
  expect(new Map(rows.map((row) => [row.hold_id, row.run_id]))).toEqual(
    new Map(own.map((hold, nth) => [hold, `run-${String(nth)}`])),
  );
});

it('one run begun twice at once is made once, and the other hold stays free', async () => {
  const lane = new Beginnings(database.pool, `${LEASE}${OWNER}`);
  const own = holds.splice(0, 3);
  // the first one is under way alone, so that the two others share a statement
  const begun = await Promise.all(own.map((hold, nth) => lane.record(beginning(nth === 0 ? 'before' : 'twice', hold))));
  expect(begun.map(({ made }) => made).filter(Boolean)).toHaveLength(2);
  expect(begun.every(({ usable }) => usable)).toBe(true);
  const { rows } = await database.pool.query('SELECT workflow_id FROM holds WHERE hold_id = ANY($1) ORDER BY 1', [own]);
  expect(rows.map((row) => row.workflow_id)).toEqual(['ai:local/before', 'ai:local/twice', `${LEASE}${OWNER}`]);
});

it('a hold that was given back, or is another process’s, begins nothing', async () => {
  const lane = new Beginnings(database.pool, `${LEASE}${OWNER}`);
  const elsewhere = new Beginnings(database.pool, `${LEASE}other`);
  const [mine = '', good = ''] = holds.splice(0, 2);
  const unusable = { usable: false, made: false, taken: false };
  expect(await elsewhere.record(beginning('stolen', mine))).toEqual(unusable);
  const both = await Promise.all([lane.record(beginning('none', 'hold_gone')), lane.record(beginning('some', good))]);
  expect(both).toEqual([unusable, { usable: true, made: true, taken: true }]);
  const { rows } = await database.pool.query(`SELECT run_id FROM flow_runs WHERE run_id IN ('stolen', 'none', 'some')`);
  expect(rows).toEqual([{ run_id: 'some' }]);
});

it('answers that come at once are charged, and their runs ended, in few commits; one that is refused fails alone', async () => {
  const lane = new Beginnings(database.pool, `${LEASE}${OWNER}`);
  const holdIds = Array.from({ length: 21 }, () => `hold_${randomUUID()}`);
  await testTransaction(database.pool, (tx) =>
    placeLeases(tx, { accountId: 'local', owner: OWNER, amount: microUsd(1_000), holdIds }),
  );
  const runs = holdIds.map((hold, nth) => beginning(`end-${String(nth)}`, hold));
  await Promise.all(runs.map((run) => lane.record(run)));
  const sizes: number[] = [];
  const off = onSignal('group_commit', ({ items }) => sizes.push(items));
  const settle = ({ key, first }: Beginning, nth: number, most: number) => {
    const usage = {
      model: 'fake/first',
      rate_card: 'card',
      input_tokens: 1,
      output_tokens: nth,
      cached_tokens: 0,
      cost_usd: (nth / 1e6).toFixed(6),
      estimated: false,
    };
    const model = { id: 'fake/first', provider: 'compatible', rateCard: 'card' } as const;
    const open = { ...first, attempt: 1, model, hold: microUsd(most) };
    const end = { status: 'succeeded', answer: `answer ${String(nth)}`, error: null, attempt: 1 } as const;
    const run = { key, end: { ...end, model: model.id, lastSeq: nth } };
    return settleAttempt(database.pool, 'local', {
      ...settlingOf('ask', open, { state: 'answered', usage, error: null }),
      run,
    });
  };
  const paid = await Promise.allSettled([
    // not more than its call could cost at worst, whatever the hold
    ...runs.map((run, nth) => settle(run, nth, nth === 20 ? 5 : 1_000)),
    settle(beginning('nobody', 'hold_gone'), 1, 1_000),
  ]);
  off();
  expect(paid.slice(0, -1)).toEqual(runs.map((_, nth) => ({ status: 'fulfilled', value: nth === 20 ? 5 : nth })));
  expect(paid.at(-1)).toMatchObject({ status: 'rejected', reason: { code: 'INTERNAL' } });
  expect(sizes.length).toBeLessThanOrEqual(3);
  const { rows } = await database.pool.query(
    `SELECT r.status, r.answer, a.state, h.state AS hold, h.captured_micro AS micro
     FROM flow_runs r JOIN flow_attempts a USING (account_id, run_id) JOIN holds h USING (hold_id)
     WHERE run_id LIKE 'end-%' ORDER BY r.last_seq`,
  );
  expect(rows).toEqual(
    runs.map((_, nth) => ({
      status: 'succeeded',
      answer: `answer ${String(nth)}`,
      state: 'answered',
      hold: 'captured',
      micro: nth === 20 ? 5 : nth,
    })),
  );
  expect(await checkLedger(database.pool)).toEqual([]);
});
