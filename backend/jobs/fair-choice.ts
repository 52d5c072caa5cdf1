// Which waiting runs begin next, and what the others wait for. A pure function of the queue, of what runs, and of the
// limits: the account that uses least of its share goes first, whatever the length of its queue.
import type { WaitReason } from '@genrtl/contracts';
import type { JobLimits } from './limits.ts';

export interface WaitingRun {
  readonly runId: string;
  readonly accountId: string;
  readonly userId: string;
  /** milliseconds since the epoch */
  readonly acceptedAt: number;
  readonly priority: number;
}

export interface RunningCount {
  readonly accountId: string;
  readonly userId: string;
  readonly planId: string;
  readonly count: number;
}

export interface Choice {
  readonly begin: readonly WaitingRun[];
  /** what the rest waits for, by owner: all waiting runs of one person in one account wait for the same */
  readonly held: readonly { readonly accountId: string; readonly userId: string; readonly reason: WaitReason }[];
}

/**
 * `queues`: the waiting runs of each owner in their own order (priority, then age), as many as there are places at
 * most.
 */
export function chooseRuns(
  queues: readonly (readonly WaitingRun[])[],
  running: readonly RunningCount[],
  limitsOf: (accountId: string, userId: string) => JobLimits,
  places: number,
): Choice {
  const use = { account: new Map<string, number>(), user: new Map<string, number>(), plan: new Map<string, number>() };
  const add = (map: Map<string, number>, key: string, count: number): void => {
    map.set(key, (map.get(key) ?? 0) + count);
  };
  const userKey = (accountId: string, userId: string): string => `${accountId}\n${userId}`;
  for (const { accountId, userId, planId, count } of running) {
    add(use.account, accountId, count);
    add(use.user, userKey(accountId, userId), count);
    add(use.plan, planId, count);
  }
  const owners = queues
    .filter((queue) => queue.length > 0)
    .map((queue) => {
      const { accountId, userId } = queue[0] as WaitingRun;
      return { accountId, userId, queue, next: 0, limits: limitsOf(accountId, userId) };
    });
  type Owner = (typeof owners)[number];
  const reasonOf = ({ accountId, userId, limits }: Owner): WaitReason | null => {
    if ((use.account.get(accountId) ?? 0) >= limits.perAccount)
      return { for: 'account_limit', limit: limits.perAccount };
    if ((use.user.get(userKey(accountId, userId)) ?? 0) >= limits.perUser)
      return { for: 'user_limit', limit: limits.perUser };
    if (limits.plan !== null && (use.plan.get(limits.plan.id) ?? 0) >= limits.plan.concurrent)
      return { for: 'plan_limit', limit: limits.plan.concurrent };
    return null;
  };
  const loadOf = ({ accountId, limits }: Owner): number => (use.account.get(accountId) ?? 0) / limits.share;
  const begin: WaitingRun[] = [];
  while (begin.length < places) {
    let best: Owner | null = null;
    for (const owner of owners) {
      if (owner.next >= owner.queue.length || reasonOf(owner) !== null) continue;
      if (best === null || isBefore(owner, best)) best = owner;
    }
    if (best === null) break;
    begin.push(best.queue[best.next] as WaitingRun);
    best.next += 1;
    add(use.account, best.accountId, 1);
    add(use.user, userKey(best.accountId, best.userId), 1);
    if (best.limits.plan !== null) add(use.plan, best.limits.plan.id, 1);
  }
  return {
    begin,
    held: owners.map((owner) => ({
      accountId: owner.accountId,
      userId: owner.userId,
      reason: reasonOf(owner) ?? { for: 'worker' },
    })),
  };

  function isBefore(one: Owner, other: Owner): boolean {
    const loads = loadOf(one) - loadOf(other);
    if (loads !== 0) return loads < 0;
    const [first, second] = [one.queue[one.next] as WaitingRun, other.queue[other.next] as WaitingRun];
    if (one.accountId === other.accountId && first.priority !== second.priority)
      return first.priority > second.priority;
    return first.acceptedAt < second.acceptedAt;
  }
}
