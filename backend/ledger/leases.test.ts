// Holds that are placed before anybody knows what for: who gets them, and who gives them back.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import { testTransaction } from '../test/database.ts';
import { hold, newAccount, pool, settle, usd, useLedger } from '../test/ledger-world.ts';
import { ensureBudget, leasesOfNobody, placeLeases, releaseLeases } from './index.ts';

useLedger();

describe('holds that are placed ahead', () => {
  const place = (account: string, amount: number, holdIds: readonly string[], owner = 'p1'): Promise<boolean> =>
    testTransaction(pool, (tx) => placeLeases(tx, { accountId: account, owner, amount: microUsd(amount), holdIds }));
  const ids = (count: number): string[] => Array.from({ length: count }, () => `hold_${randomUUID()}`);
  const pending = async (account: string): Promise<number> => {
    const { rows } = await pool.query<{ micro: number }>(
      'SELECT sum(pending_micro)::bigint AS micro FROM ledger_accounts WHERE account_id = $1',
      [account],
    );
    return Number(rows[0]?.micro);
  };
  const stateOf = async (holdId: string | undefined): Promise<string | undefined> =>
    (await pool.query<{ state: string }>('SELECT state FROM holds WHERE hold_id = $1', [holdId])).rows[0]?.state;

  it('are placed once, and only where the account has many times as much', async () => {
    const account = await newAccount({ included: 1, onDemand: 5 });
    const mine = ids(3);
    expect([await place(account, 10_000, mine), await place(account, 10_000, mine)]).toEqual([true, true]);
    expect(await pending(account)).toBe(30_000);
    // 20 times two of them are more than what is left; what would be billed in addition does not count
    expect(await place(account, 30_000, ids(2))).toBe(false);
    expect(await pending(account)).toBe(30_000);
    await testTransaction(pool, (tx) => releaseLeases(tx, mine));
    expect([await pending(account), await stateOf(mine[0])]).toEqual([0, 'released']);
  });

  it('give way to a call that needs the money; one that a call has taken stays', async () => {
    const account = await newAccount({ included: 1, onDemand: 0 });
    const [taken, ready] = ids(2);
    expect(await place(account, 20_000, [taken ?? '', ready ?? ''])).toBe(true);
    await pool.query(`UPDATE holds SET workflow_id = 'ai:x/y' WHERE hold_id = $1`, [taken]);
    const job = `job_${randomUUID()}`;
    await testTransaction(pool, (tx) => ensureBudget(tx, account, job, usd(5)));
    await expect(hold(account, job, 990_000)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
    await hold(account, job, 980_000);
    expect([await stateOf(taken), await stateOf(ready), await pending(account)]).toEqual([
      'open',
      'released',
      1_000_000,
    ]);
    await testTransaction(pool, (tx) => releaseLeases(tx, [taken ?? '']));
    expect(await stateOf(taken)).toBe('open');
    await settle(taken ?? '', 0);
  });

  it('of a process that is gone are found', async () => {
    const account = await newAccount();
    const [alive, dead] = [ids(1), ids(1)];
    await pool.query(`INSERT INTO flow_processes (process_id) VALUES ('lives')`);
    await place(account, 10, alive, 'lives');
    await place(account, 10, dead, 'died');
    const left = await leasesOfNobody(pool, 1_000);
    expect([left.includes(dead[0] ?? ''), left.includes(alive[0] ?? '')]).toEqual([true, false]);
    await testTransaction(pool, (tx) => releaseLeases(tx, [...alive, ...dead]));
  });
});
