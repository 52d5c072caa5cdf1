// Group read: what many callers ask in the same words is one statement. A lone caller waits for nobody; who asks while a
// statement is under way is answered by the next one, so that nobody is told what was true before he asked.
import type { Pool, Queryable } from './pool.ts';

/** Answers in the order of the questions. */
export type ReadMany<K, V> = (tx: Queryable, questions: readonly K[]) => Promise<readonly V[]>;

interface Waiting<K, V> {
  readonly question: K;
  readonly resolve: (answer: V) => void;
  readonly reject: (error: unknown) => void;
}

/** The arrays of a statement stay small. */
const MOST = 256;

class GroupRead<K, V> {
  readonly #read: (questions: readonly K[]) => Promise<readonly V[]>;
  #waiting: Waiting<K, V>[] = [];
  #running = false;

  constructor(read: (questions: readonly K[]) => Promise<readonly V[]>) {
    this.#read = read;
  }

  ask(question: K): Promise<V> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const round = this.#waiting.splice(0, MOST);
      try {
        const answers = await this.#read(round.map(({ question }) => question));
        for (const [n, { resolve }] of round.entries()) resolve(answers[n] as V);
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    this.#running = false;
  }
}

type AnyRead = GroupRead<unknown, unknown>;
const groups = new WeakMap<Pool, Map<ReadMany<never, unknown>, AnyRead>>();

/** One question among those that others of this process ask of the same database. `read` has to be a constant. */
export function readTogether<K, V>(pool: Pool, read: ReadMany<K, V>, question: K): Promise<V> {
  let ofPool = groups.get(pool);
  if (ofPool === undefined) groups.set(pool, (ofPool = new Map()));
  let group = ofPool.get(read);
  if (group === undefined) {
    group = new GroupRead<K, V>((questions) => read(pool, questions)) as unknown as AnyRead;
    ofPool.set(read, group);
  }
  return group.ask(question) as Promise<V>;
}
