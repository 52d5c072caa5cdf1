// Interactive runs in numbers: `scripts/soak ai [--closes N] [--streams N]`. Many streams of which a tenth reads
// slowly, then connections that break off at any moment, after which nothing may be left: no run, no hold, no timer, no
// connection.
import { setFlagsFromString } from 'node:v8';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { createPool } from '../../backend/db/index.ts';
import { checkLedger } from '../../backend/ledger/index.ts';
import { LeftBehind, type Open } from '../../test/left-behind.ts';
import { openLoad, percentile, ttftOf } from '../ai-load/load.ts';

const SETTLED_MS = 60_000;
/** Of a pool's connections and of what is always under way. */
const FEW = 15;
/** Of the heap: known answers and compiled code grow a little with many runs, a run that is kept weighs more. */
const BYTES_A_CLOSE = 4_096;
const MB = 1 << 20;

export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { closes: { type: 'string' }, streams: { type: 'string' } },
  });
  const left = new LeftBehind();
  const load = await openLoad();
  const pool = createPool(load.databaseUrl, { max: 2 });
  try {
    await load.do({ ...warm, kind: 'streams', target: load.backend, slowShare: 0, spreadMs: 500 });
    const count = Number(values.streams ?? 500);
    const speed = { tokens: 150, everyMs: 20, count };
    const resting = heap();
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 250);
    const { results = [], seconds = 0 } = await load.do({
      ...speed,
      name: 'many',
      kind: 'streams',
      target: load.backend,
      slowShare: 0.1,
      spreadMs: 2_000,
    });
    clearInterval(watch);
    const broken = results.filter(({ end, tokens }) => end !== 'succeeded' || tokens === 0);
    if (broken.length > 0) throw new Error(`${String(broken.length)} streams broke: ${JSON.stringify(broken[0])}`);
    const quick = results.filter((_, nth) => nth % 100 >= 10).map(({ totalMs }) => totalMs);
    const slow = results.filter((_, nth) => nth % 100 < 10).map(({ totalMs }) => totalMs);
    const ms = (list: readonly number[], share: number): string => percentile(list, share).toFixed(0);
    console.log(`${String(count)} streams in ${seconds.toFixed(1)} s, a tenth of them slow`);
    console.log(
      `  whole answer: quick readers p50 ${ms(quick, 0.5)} p99 ${ms(quick, 0.99)} ms, slow ${ms(slow, 0.5)} ms`,
    );
    console.log(`  first token p50 ${ms(ttftOf({ results }), 0.5)} p99 ${ms(ttftOf({ results }), 0.99)} ms`);
    await settled(pool, null, left);
    const before = left.open;
    const idle = heap();
    console.log(`  memory: at most ${mb(peak)} MB, heap ${mb(resting)} MB before, ${mb(idle)} MB behind them`);
    const closes = Number(values.closes ?? 10_000);
    const started = performance.now();
    await load.do({
      ...warm,
      name: 'close',
      kind: 'closes',
      count: closes,
      parallel: 100,
      target: { ...load.backend, options: { refresh: true, cancelOnDisconnect: true } },
    });
    console.log(`${String(closes)} abrupt closes in ${((performance.now() - started) / 1000).toFixed(0)} s`);
    await settled(pool, before, left);
    const grown = heap() - idle;
    console.log(`  heap grown by ${mb(grown)} MB`);
    if (grown > Math.max(16 * MB, closes * BYTES_A_CLOSE)) throw new Error(`the heap grew by ${mb(grown)} MB`);
    const { delaysMs = [] } = await load.do({
      name: 'cancel',
      kind: 'cancels',
      count: 200,
      tokens: 2_000,
      everyMs: 20,
      target: load.backend,
    });
    console.log(`cancel to the upstream: p50 ${ms(delaysMs, 0.5)} p99 ${ms(delaysMs, 0.99)} ms`);
    const faults = await checkLedger(pool);
    if (faults.length > 0) throw new Error(`the books are wrong: ${JSON.stringify(faults)}`);
  } finally {
    left.stop();
    await pool.end();
    await load.close();
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What is reachable. */
function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
const mb = (bytes: number): string => (bytes / MB).toFixed(0);

const warm = { name: 'warm', count: 20, tokens: 40, everyMs: 10 };

/** Throws when something is left behind. */
async function settled(pool: ReturnType<typeof createPool>, before: Open | null, left: LeftBehind): Promise<void> {
  const until = performance.now() + SETTLED_MS;
  for (;;) {
    const { rows } = await pool.query<{ runs: number; holds: number }>(
      `SELECT (SELECT count(*)::int FROM flow_runs WHERE ended_at IS NULL) AS runs,
              (SELECT count(*)::int FROM holds WHERE state = 'open') AS holds`,
    );
    const now = left.open;
    const more = (kind: keyof Open): number => (before === null ? 0 : now[kind] - before[kind]);
    const said = `runs ${String(rows[0]?.runs)}, holds ${String(rows[0]?.holds)}, timers ${String(more('timers'))} and sockets ${String(more('sockets'))} more than before, crowded emitters ${String(more('crowdedEmitters'))}`;
    const gone = more('timers') <= FEW && more('sockets') <= FEW && more('crowdedEmitters') === 0;
    if (rows[0]?.runs === 0 && rows[0].holds === 0 && gone) {
      if (before !== null) console.log(`  left behind: ${said}`);
      return;
    }
    if (performance.now() > until) {
      const { rows: open } = await pool.query(
        `SELECT h.state, a.state AS attempt, r.run_id, r.status, r.ended_at IS NOT NULL AS ended FROM holds h
         JOIN flow_attempts a USING (hold_id) JOIN flow_runs r ON r.account_id = a.account_id AND r.run_id = a.run_id
         WHERE h.state = 'open' OR r.ended_at IS NULL LIMIT 10`,
      );
      console.error(open);
    }
    if (performance.now() > until) throw new Error(`left behind: ${said}`);
    await delay(250);
  }
}
