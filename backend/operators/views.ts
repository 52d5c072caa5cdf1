// What operators see of the whole service, as their pages show it.
import { formatUsd } from '@genrtl/contracts';
import type {
  OperatorAccounts,
  OperatorCosts,
  OperatorLedger,
  OperatorRuns,
} from '@genrtl/contracts/http/operators.ts';
import { reading, type Pool } from '../db/index.ts';
import { checkLedger } from '../ledger/index.ts';
import * as repository from './repository.ts';

export function operatorAccounts(pool: Pool, search: string): Promise<OperatorAccounts> {
  return reading(pool, async (tx) => {
    const { rows, total } = await repository.findAccounts(tx, search);
    return {
      total,
      accounts: rows.map((row) => ({
        account_id: row.account_id,
        kind: row.kind,
        name: row.name,
        handle: row.handle,
        created_at: row.created_at.toISOString(),
        verified: row.verified,
        seized_at: row.seized_at?.toISOString() ?? null,
        members: row.members,
        plan: row.plan,
        standing: row.standing,
        unfinished_runs: row.unfinished_runs,
        charged_usd: formatUsd(row.charged_micro),
      })),
    };
  });
}

export function operatorRuns(pool: Pool): Promise<OperatorRuns> {
  return reading(pool, async (tx) => {
    const { rows, total } = await repository.unfinished(tx);
    return {
      total,
      runs: rows.map(({ created_at, ...row }) => ({ ...row, created_at: created_at.toISOString() })),
      workers: (await repository.workers(tx)).map(({ seen_at, ...row }) => ({
        ...row,
        seen_at: seen_at.toISOString(),
      })),
    };
  });
}

/** The checker reads the whole ledger: equal questions within this time get one answer. */
const CHECKED_MS = 30_000;

export class LedgerHealth {
  readonly #pool: Pool;
  #asked: { readonly answer: Promise<OperatorLedger>; readonly at: number } | null = null;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  read(): Promise<OperatorLedger> {
    const now = performance.now();
    if (this.#asked !== null && now - this.#asked.at < CHECKED_MS) return this.#asked.answer;
    const asked = { answer: this.#check(), at: now };
    this.#asked = asked;
    asked.answer.catch(() => {
      if (this.#asked === asked) this.#asked = null;
    });
    return asked.answer;
  }

  #check(): Promise<OperatorLedger> {
    return reading(this.#pool, async (tx) => {
      const problems = await checkLedger(tx);
      const { entries, open_holds, held_micro } = await repository.bookCounts(tx);
      return {
        checked_at: new Date().toISOString(),
        entries,
        problems,
        open_holds,
        held_usd: formatUsd(held_micro),
      };
    });
  }
}

export function operatorCosts(pool: Pool, days: number): Promise<OperatorCosts> {
  const from = new Date();
  from.setUTCHours(0, 0, 0, 0);
  from.setUTCDate(from.getUTCDate() - (days - 1));
  return reading(pool, async (tx) => {
    const accounts = await repository.costsBy(tx, 'account', from);
    const names = await repository.namesOf(
      tx,
      accounts.map(({ key }) => key),
    );
    return {
      from: from.toISOString(),
      days: (await repository.costsBy(tx, 'day', from)).map(({ key, ...row }) => ({ day: key, ...sums(row) })),
      models: (await repository.costsBy(tx, 'model', from)).map(({ key, ...row }) => ({ model: key, ...sums(row) })),
      accounts: accounts.map(({ key, ...row }) => ({ account_id: key, account: names.get(key) ?? key, ...sums(row) })),
    };
  });
}

const sums = ({ charged_micro, ...counts }: Omit<repository.CostRow, 'key'>) => ({
  ...counts,
  charged_usd: formatUsd(charged_micro),
});
