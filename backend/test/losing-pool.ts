// A pool whose connections lose the answer of COMMIT: it has happened, and nobody hears of it. For tests of bodies that
// have to find their own earlier commit.
import type { Pool } from '../db/index.ts';

export interface LosingPool {
  readonly pool: Pool;
  /** names of the transactions whose answer was lost, in their order */
  readonly lost: readonly string[];
}

function connectionLost(): Error {
  return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
}

/**
 * The first COMMIT of every transaction named `name`, or the statement of that name, is carried out and its answer lost
 * (`after`), or lost on its way so that the server rolls back (`before`).
 */
export function losingPool(real: Pool, name: string, how: 'after' | 'before', times = 1): LosingPool {
  const lost: string[] = [];
  const connect = async (): Promise<unknown> => {
    const client = await real.connect();
    let running = '';
    return new Proxy(client, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        if (key !== 'query') return value.bind(target) as unknown;
        return async (text: unknown, ...rest: unknown[]): Promise<unknown> => {
          const begun = typeof text === 'string' ? /^BEGIN \/\* (.+) \*\//.exec(text)?.[1] : undefined;
          if (begun !== undefined) running = begun;
          if (text !== 'COMMIT' || !running.split(' ').includes(name) || lost.length >= times)
            return (value as (...args: unknown[]) => unknown).call(target, text, ...rest);
          lost.push(name);
          await target.query(how === 'after' ? 'COMMIT' : 'ROLLBACK');
          throw connectionLost();
        };
      },
    });
  };
  // A statement that is a transaction by itself: named, carried out or not, and nobody hears of it.
  const query = async (query: unknown, ...rest: unknown[]): Promise<unknown> => {
    const { text = query } = (typeof query === 'object' ? query : {}) as { text?: unknown };
    const own = (real.query as (...args: unknown[]) => Promise<unknown>).bind(real);
    const named = typeof text === 'string' ? /^\/\* (\S+) \*\//.exec(text)?.[1] : undefined;
    if (named !== name || lost.length >= times) return own(query, ...rest);
    lost.push(named);
    if (how === 'after') await own(query, ...rest);
    throw connectionLost();
  };
  return { lost, pool: Object.assign(Object.create(real) as Pool, { connect, query }) };
}
