// Group commit: what many callers want to write is committed in one transaction, and each is told after the commit. A
// round begins at once when nothing is being written, and takes all that has come meanwhile when the last one ends, so
// nobody waits for company and a crowd shares its commits.
import { isRepeatable } from './repeat.ts';
import { signal } from '../telemetry/signals.ts';

/** What became of one of many: its result, or why it was refused while the others stand. */
export type Verdict<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error };

/** In one transaction; verdicts in the order of the items. A throw means that nothing was written. */
export type WriteAll<T, R> = (items: readonly T[]) => Promise<readonly Verdict<R>[]>;

interface Waiting<T, R> {
  readonly key: string;
  readonly item: T;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

/** One round on its way to the disk, one that is gathered and computed. */
const AT_ONCE = 2;
/** A longer round holds its locks too long for others. */
const MOST = 256;

export class GroupCommit<T, R> {
  readonly #write: WriteAll<T, R>;
  #waiting: Waiting<T, R>[] = [];
  /** what the rounds under way write to: a second one would wait for their locks */
  readonly #busy = new Set<string>();
  #rounds = 0;

  constructor(write: WriteAll<T, R>) {
    this.#write = write;
  }

  /** Items of one key are never written by two rounds at the same time. */
  add(key: string, item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, item, resolve, reject });
      this.#begin();
    });
  }

  #begin(): void {
    if (this.#rounds >= AT_ONCE) return;
    const round: Waiting<T, R>[] = [];
    this.#waiting = this.#waiting.filter((one) => {
      if (this.#busy.has(one.key) || round.length >= MOST) return true;
      round.push(one);
      return false;
    });
    if (round.length === 0) return;
    const keys = new Set(round.map(({ key }) => key));
    for (const key of keys) this.#busy.add(key);
    this.#rounds += 1;
    void this.#run(round).finally(() => {
      this.#rounds -= 1;
      for (const key of keys) this.#busy.delete(key);
      this.#begin();
    });
  }

  /**
   * What the database refuses as a whole is divided, until only those are told of the fault that have it. A database
   * that is away is away for all of them.
   */
  async #run(round: readonly Waiting<T, R>[]): Promise<void> {
    const begun = performance.now();
    let verdicts: readonly Verdict<R>[];
    try {
      verdicts = await this.#write(round.map(({ item }) => item));
    } catch (error) {
      signal('group_commit', { items: round.length, durationMs: performance.now() - begun, ok: false });
      if (round.length === 1 || isRepeatable(error)) {
        for (const { reject } of round) reject(error);
        return;
      }
      const half = Math.ceil(round.length / 2);
      await this.#run(round.slice(0, half));
      await this.#run(round.slice(half));
      return;
    }
    signal('group_commit', { items: round.length, durationMs: performance.now() - begun, ok: true });
    for (const [n, { resolve, reject }] of round.entries()) {
      const verdict = verdicts[n];
      if (verdict?.ok === true) resolve(verdict.value);
      else reject(verdict?.error ?? new Error('a round gave no verdict'));
    }
  }
}
