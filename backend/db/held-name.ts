// A name that one process has at a time, over all machines: held by a connection of its own, so that it is free the
// moment a process dies.
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export interface HeldName {
  release(): Promise<void>;
}

export interface NameOptions {
  /** how long another one may still be on its way out */
  readonly waitMs: number;
  /** the connection was lost, and somebody else has the name since */
  readonly onLost: () => void;
}

const RETRY_MS = 250;
const TAKE = `SELECT pg_try_advisory_lock(hashtextextended('genrtl.name|' || $1, 0)) AS taken`;

/** null when another process has it and keeps it. */
export async function holdName(url: string, name: string, { waitMs, onLost }: NameOptions): Promise<HeldName | null> {
  let client: pg.Client | null = null;
  let released = false;
  const take = async (until: number): Promise<boolean> => {
    const fresh = new pg.Client({ connectionString: url, application_name: 'genrtl-name' });
    // The end follows each error and is what counts.
    fresh.on('error', () => undefined);
    try {
      await fresh.connect();
      for (;;) {
        const { rows } = await fresh.query<{ taken: boolean }>(TAKE, [name]);
        if (rows[0]?.taken === true && !released) break;
        // given up meanwhile: the connection's end frees what it took
        if (released || Date.now() >= until) {
          await fresh.end();
          return false;
        }
        await delay(RETRY_MS);
      }
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    fresh.once('end', () => {
      if (!released) void takeAgain();
    });
    return true;
  };
  /** The database was away: whoever took the name meanwhile has it. */
  const takeAgain = async (): Promise<void> => {
    while (!released) {
      const taken = await take(Date.now() + waitMs).catch(() => null);
      if (taken === true) return;
      if (taken === false) return released ? undefined : onLost();
      await delay(RETRY_MS, undefined, { ref: false });
    }
  };
  if (!(await take(Date.now() + waitMs))) return null;
  return {
    async release() {
      released = true;
      await client?.end().catch(() => undefined);
    },
  };
}
