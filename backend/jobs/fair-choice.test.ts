import { describe, expect, it } from 'vitest';
import { chooseRuns, type WaitingRun } from './fair-choice.ts';
import { OWN_MACHINE, type JobLimits } from './limits.ts';

const limits = (own: Partial<JobLimits>): JobLimits => ({ ...OWN_MACHINE, ...own });
let clock = 0;
function waiting(accountId: string, count: number, userId = '', priority = 0): WaitingRun[] {
  return Array.from({ length: count }, (_, n) => ({
    runId: `${accountId}${userId}${n}`,
    accountId,
    userId,
    acceptedAt: (clock += 1),
    priority,
  }));
}
const ids = (runs: readonly WaitingRun[]): string[] => runs.map(({ runId }) => runId);

describe('which runs begin next', () => {
  it('a thousand of one account do not delay the one of another', () => {
    const queues = [waiting('A', 1_000), waiting('B', 1)];
    const running = [{ accountId: 'A', userId: '', planId: '', count: 15 }];
    const { begin } = chooseRuns(queues, running, () => limits({}), 1);
    expect(ids(begin)).toEqual(['B0']);
  });

  it('free places go round the accounts, twice to one with the double share', () => {
    const queues = [waiting('A', 50), waiting('B', 50), waiting('C', 50)];
    const share = (accountId: string) => limits({ share: accountId === 'B' ? 2 : 1 });
    const { begin } = chooseRuns(queues, [], share, 8);
    const count = (accountId: string) => begin.filter((run) => run.accountId === accountId).length;
    expect([count('A'), count('B'), count('C')]).toEqual([2, 4, 2]);
  });

  it('limits of person, account and plan hold, and each rest says which', () => {
    const queues = [waiting('org', 5, 'ada'), waiting('org', 5, 'bob'), waiting('free1', 5), waiting('free2', 5)];
    const plan = { id: 'free', concurrent: 3 };
    const limitsOf = (accountId: string) =>
      accountId === 'org' ? limits({ perUser: 1, perAccount: 4 }) : limits({ perAccount: 2, plan });
    const { begin, held } = chooseRuns(queues, [], limitsOf, 100);
    expect(ids(begin).toSorted()).toEqual(['free10', 'free11', 'free20', 'orgada0', 'orgbob0']);
    expect(held.map(({ reason }) => reason)).toEqual([
      { for: 'user_limit', limit: 1 },
      { for: 'user_limit', limit: 1 },
      { for: 'account_limit', limit: 2 },
      { for: 'plan_limit', limit: 3 },
    ]);
    const full = chooseRuns(queues, [], limitsOf, 0);
    expect(full.begin).toEqual([]);
    expect(full.held.every(({ reason }) => reason.for === 'worker')).toBe(true);
  });

  it('priority orders one account and overtakes no other', () => {
    const old = waiting('A', 2);
    const urgent = waiting('B', 2, 'ada', 1);
    const { begin } = chooseRuns([waiting('B', 1, 'bob'), urgent, old], [], () => limits({}), 3);
    expect(ids(begin)).toEqual(['A0', 'Bada0', 'A1']);
  });
});
