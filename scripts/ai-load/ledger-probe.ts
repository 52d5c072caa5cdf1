// A process of its own that charges an account now and then, as any other process of a backend would, and tells how long
// a hold and its settlement take. IPC: `begin` and `end`; answered with the median since `begin`, in milliseconds.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { microUsd } from '@genrtl/contracts';
import { createPool, inTransaction } from '../../backend/db/index.ts';
import { placeHold, settleHold } from '../../backend/ledger/index.ts';
import { percentile } from './load.ts';

const EVERY_MS = 20;
const COST = microUsd(10);
const pool = createPool(process.argv[2] ?? '', { max: 1 });
let times: number[] = [];
let charging = false;

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

async function chargeOn(): Promise<void> {
  while (charging) {
    times.push(await charge());
    await delay(EVERY_MS);
  }
}

process.on('message', (word: 'begin' | 'end') => {
  if (word === 'begin') {
    times = [];
    charging = true;
    void chargeOn();
  } else {
    charging = false;
    process.send?.(percentile(times, 0.5));
  }
});
process.on('disconnect', () => process.exit(0));
