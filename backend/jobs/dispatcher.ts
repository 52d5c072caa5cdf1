// The queue of a process that runs jobs: takes waiting runs when it has a place, in the order that is fair between
// accounts, and tells the rest what they wait for. It asks when something changed, and every few seconds in case news
// were lost.
import { randomUUID } from 'node:crypto';
import { inTransaction, reading, type Pool, type Transaction } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import { chooseRuns } from './fair-choice.ts';
import type { JobLimits, LimitsOf } from './limits.ts';
import * as queue from './repository/queue.ts';
import type { News } from './run-bus.ts';
import type { RunRow } from './repository/runs.ts';

export interface DispatcherOptions {
  readonly pool: Pool;
  readonly log: Pick<Log, 'warn'>;
  readonly news: News;
  /** this process; stable over its restarts */
  readonly worker: string;
  readonly capacity: number;
  readonly limitsOf: LimitsOf;
  /** how many run here now */
  readonly active: () => number;
  /** begins the workflow of a run that was taken; resolves when it is recorded */
  readonly begin: (run: RunRow) => Promise<void>;
}

const LOOK_MS = 5_000;
/** Between two looks of a process that has no place. */
const TELL_MS = 200;
export const SEEN_MS = 5_000;
/** A process that was not seen for so long is dead: others take over what it had. */
export const DEAD_MS = 60_000;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  #timer: NodeJS.Timeout | null = null;
  #seen: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;
  #again = false;
  #looked = -TELL_MS;
  #later: NodeJS.Timeout | null = null;
  #starting = 0;
  #stopped = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Tells the others that this process lives, from now on. */
  async announce(): Promise<void> {
    await this.#see();
    this.#seen ??= setInterval(() => void this.#see(), SEEN_MS).unref();
  }

  async open(): Promise<void> {
    await this.announce();
    this.#timer = setInterval(() => {
      this.kick();
    }, LOOK_MS).unref();
    this.kick();
  }

  /** Looks at the queue soon; calls that come meanwhile are one. */
  kick(): void {
    if (this.#stopped) return;
    if (this.#looking !== null) {
      this.#again = true;
      return;
    }
    // Without a place it only tells what others wait for, which has time.
    const wait = this.#places() > 0 ? 0 : this.#looked + TELL_MS - performance.now();
    if (wait > 0) {
      this.#later ??= setTimeout(() => {
        this.#later = null;
        this.kick();
      }, wait).unref();
      return;
    }
    this.#looked = performance.now();
    this.#again = false;
    this.#looking = this.look()
      .then(() => undefined)
      .catch((error: unknown) => {
        if (!this.#stopped) this.#options.log.warn('waiting jobs could not be taken', { error: String(error) });
      })
      .finally(() => {
        this.#looking = null;
        if (this.#again) this.kick();
      });
  }

  /** Takes what fits now and begins it. Returns the ids. */
  async look(): Promise<string[]> {
    const { pool, log, news, worker, begin } = this.#options;
    const places = this.#places();
    const by = { worker, dispatchId: `dispatch_${randomUUID()}` };
    let tries = 0;
    const told: string[] = [];
    const taken = await inTransaction(pool, 'queue.take', async (tx) => {
      const before = (tries += 1) > 1 ? await queue.takenBy(tx, by.dispatchId) : [];
      return [...before, ...(await this.#take(tx, places - before.length, by, told))];
    });
    news.announce(told);
    this.#starting += taken.length;
    const beginnings = taken.map((run) =>
      begin(run)
        .catch((error: unknown) => {
          // Taken by this process and not begun: the sweeper begins it.
          log.warn('a job could not be begun', { run_id: run.run_id, error: String(error) });
        })
        .finally(() => {
          this.#starting -= 1;
        }),
    );
    await Promise.all(beginnings);
    return taken.map(({ run_id: runId }) => runId);
  }

  #places(): number {
    const { capacity, active } = this.#options;
    return Math.max(0, capacity - active() - this.#starting);
  }

  async #take(
    tx: Transaction,
    places: number,
    by: Parameters<typeof queue.takeRuns>[1],
    told: string[],
  ): Promise<RunRow[]> {
    await queue.lockQueue(tx);
    const queues = await queue.waitingRuns(tx, Math.max(1, places));
    if (queues.length === 0) return [];
    const limits = new Map<string, JobLimits>();
    for (const [first] of queues)
      if (first !== undefined) limits.set(`${first.accountId}\n${first.userId}`, await this.#options.limitsOf(first));
    const choice = chooseRuns(
      queues,
      await queue.runningCounts(tx),
      (accountId, userId) => limits.get(`${accountId}\n${userId}`) as JobLimits,
      places,
    );
    const taken = await queue.takeRuns(
      tx,
      by,
      choice.begin.map(({ runId }) => runId),
    );
    for (const { reason, ...owner } of choice.held) told.push(...(await queue.tellReason(tx, owner, reason)));
    return taken;
  }

  async #see(): Promise<void> {
    const { pool, worker, capacity, log } = this.#options;
    await queue.workerSeen(pool, worker, capacity).catch((error: unknown) => {
      if (!this.#stopped) log.warn('this process could not be announced', { error: String(error) });
    });
  }

  /** What others may take over. */
  orphans(): Promise<RunRow[]> {
    return reading(this.#options.pool, (tx) => queue.orphanedJobs(tx, DEAD_MS));
  }

  /** Tells the others that this process ended in order: what it has left is theirs at once. */
  async leave(): Promise<void> {
    const { pool, worker, log } = this.#options;
    await queue.workerGone(pool, worker).catch((error: unknown) => {
      log.warn('this process could not take its leave', { error: String(error) });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#seen !== null) clearInterval(this.#seen);
    if (this.#later !== null) clearTimeout(this.#later);
    await this.#looking;
  }
}
