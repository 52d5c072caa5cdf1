// Many runs that begin in one statement: each takes its own hold, and none takes what is not there to be taken.
import { createHash, randomUUID } from 'node:crypto';
import { microUsd } from '@genrtl/contracts';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LEASE, placeLeases } from '../ledger/index.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
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
