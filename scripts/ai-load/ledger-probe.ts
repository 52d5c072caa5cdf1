// A process of its own that writes now and then, as any other process of a backend would, and tells how long it takes:
// a hold and its settlement, or one row of one column by itself. IPC: a `Probing` to begin, `end`; answered with a
// `Probed` since then.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { microUsd } from '@genrtl/contracts';
import { createPool, inTransaction } from '../../backend/db/index.ts';
import { placeHold, settleHold } from '../../backend/ledger/index.ts';
import { percentile } from './load.ts';

export type Probing = 'charge' | 'row';

/** Milliseconds. */
export interface Probed {
  readonly p50: number;
  readonly p99: number;
}

const EVERY_MS = 20;
const COST = microUsd(10);
const pool = createPool(process.argv[2] ?? '', { max: 1 });
let times: number[] = [];
let probing: Probing | null = null;

async function charge(): Promise<number> {
  const [holdId, entryId, attemptId] = [randomUUID(), randomUUID(), randomUUID()];
  const begun = performance.now();
  const hold = { holdId, accountId: 'local', jobId: null, workflowId: 'probe', amount: COST };
  await inTransaction(pool, 'ai.open', (tx) => placeHold(tx, hold));
  const usage = {
    model: 'probe',
    rate_card: 'probe',
    input_tokens: 1,
    output_tokens: 1,
    cached_tokens: 0,
    cost_usd: '0.00001',
    estimated: false,
  };
  const settlement = { entryId, holdId, charge: true, cost: COST, usage, attemptId, requestHash: '', stepId: 'probe' };
  await inTransaction(pool, 'ai.settle', (tx) => settleHold(tx, settlement));
  return performance.now() - begun;
}

async function row(): Promise<number> {
  const begun = performance.now();
  await pool.query({ name: 'row', text: 'INSERT INTO probed VALUES (1)' });
  return performance.now() - begun;
}

async function probeOn(kind: Probing): Promise<void> {
  if (kind === 'row') await pool.query('CREATE TABLE IF NOT EXISTS probed (n integer)');
  while (probing === kind) {
    times.push(await (kind === 'row' ? row() : charge()));
    await delay(EVERY_MS);
  }
}

process.on('message', (word: Probing | 'end') => {
  if (word === 'end') {
    probing = null;
    process.send?.({ p50: percentile(times, 0.5), p99: percentile(times, 0.99) } satisfies Probed);
  } else {
    times = [];
    probing = word;
    void probeOn(word);
  }
});
process.on('disconnect', () => process.exit(0));
