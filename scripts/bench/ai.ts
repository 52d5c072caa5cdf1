// What the AI module adds to a model server's stream, beside a bare relay of node:http in the same process and, where
// it is installed, the open-source Portkey gateway in one of its own. The model server and the clients are another
// process; the database's time is its own and not counted.
import { createPool, type Pool } from '../../backend/db/index.ts';
import { openLoad, OUTPUT_USD_PER_MTOK, percentile, ttftOf, type Load, type Target } from '../ai-load/load.ts';
import type { Measurement } from './table.ts';

interface Run {
  readonly p50: number;
  readonly p99: number;
  /** of the process that relays */
  readonly tokensPerCpuSecond: number;
  readonly notificationsPerSecond: number;
}

const own = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function measure(
  load: Load,
  name: string,
  target: Target,
  { count, tokens, everyMs }: { count: number; tokens: number; everyMs: number },
): Promise<Run> {
  const cpu = target === load.portkey && load.cpuOf !== null ? load.cpuOf : own;
  const before = cpu();
  const speed = { name, target, count, tokens, everyMs };
  const outcome = await load.do({ kind: 'streams', ...speed, slowShare: 0, spreadMs: 2_000 });
  const results = outcome.results ?? [];
  const broken = results.find((result) => result.tokens !== tokens);
  if (broken !== undefined) throw new Error(`${name}: a stream broke: ${JSON.stringify(broken)}`);
  return {
    p50: percentile(ttftOf(outcome), 0.5),
    p99: percentile(ttftOf(outcome), 0.99),
    tokensPerCpuSecond: (results.length * tokens) / (cpu() - before),
    notificationsPerSecond: (outcome.notifications ?? 0) / (outcome.seconds ?? 1),
  };
}

/** A statement that does what a charge costs the database, now and then, while `work` goes on: milliseconds, p50. */
async function ledgerLatency(pool: Pool, work: Promise<unknown>): Promise<number> {
  const times: number[] = [];
  let over = false;
  void work.finally(() => {
    over = true;
  });
  do {
    const begun = performance.now();
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query(`SELECT ledger_account_id FROM ledger_accounts WHERE account_id = 'platform' FOR UPDATE`);
    await client.query(`UPDATE ledger_accounts SET pending_micro = pending_micro WHERE account_id = 'platform'`);
    await client.query('COMMIT');
    client.release();
    times.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 20));
  } while (!over);
  return percentile(times, 0.5);
}

const figure = (name: string, value: number, unit: string, goal?: Measurement['goal']): Measurement => ({
  name,
  value,
  unit,
  ...(goal === undefined ? {} : { goal }),
});

export async function benchAi(): Promise<Measurement[]> {
  const load = await openLoad();
  const pool = createPool(load.databaseUrl, { max: 1 });
  try {
    const few = { count: 100, tokens: 100, everyMs: 20 };
    const many = { count: 500, tokens: 600, everyMs: 20 };
    for (const [name, target] of [
      ['relay', load.relay],
      ['backend', load.backend],
    ] as const)
      for (const round of [1, 2]) await measure(load, `warm-${name}-${String(round)}`, target, { ...few, tokens: 30 });
    const relay = await measure(load, 'relay', load.relay, few);
    const backend = await measure(load, 'backend', load.backend, few);
    const idle = await ledgerLatency(pool, new Promise((resolve) => setTimeout(resolve, 2_000)));
    const relayMany = await measure(load, 'relay-many', load.relay, many);
    const working = measure(load, 'many', load.backend, many);
    const loaded = await ledgerLatency(pool, working);
    const backendMany = await working;
    const rows = [
      figure('added to the first token at 100 streams, p50', backend.p50 - relay.p50, 'ms', { max: 1.5 }),
      figure('added to the first token at 100 streams, p99', backend.p99 - relay.p99, 'ms', { max: 6 }),
      figure('first token of the bare relay at 100 streams, p50', relay.p50, 'ms'),
      figure('tokens a second of its own processor time, 500 streams', backendMany.tokensPerCpuSecond, 'tokens', {
        min: 25_000,
      }),
      figure('the same of the bare relay', relayMany.tokensPerCpuSecond, 'tokens'),
      figure('notifications, 500 streams', backendMany.notificationsPerSecond, '/s', { max: 50 }),
      figure('ledger latency under that load, times that of an idle one', loaded / idle, '×', { max: 1.5 }),
    ];
    if (load.portkey !== null) {
      await measure(load, 'warm-portkey', load.portkey, { ...few, tokens: 30 });
      const portkey = await measure(load, 'portkey', load.portkey, few);
      const portkeyMany = await measure(load, 'portkey-many', load.portkey, many);
      rows.push(
        figure('added by the Portkey gateway, p50', portkey.p50 - relay.p50, 'ms'),
        figure('added by the Portkey gateway, p99', portkey.p99 - relay.p99, 'ms'),
        figure('tokens a second of its processor time', portkeyMany.tokensPerCpuSecond, 'tokens'),
      );
    }
    return [...rows, ...(await bounded(load)), ...(await ended(load))];
  } finally {
    await pool.end();
    await load.close();
  }
}

async function bounded(load: Load): Promise<Measurement[]> {
  const budget = 0.4;
  const { results = [] } = await load.do({
    kind: 'streams',
    name: 'budget',
    target: { ...load.backend, options: { refresh: true, budgetUsd: String(budget) } },
    count: 40,
    tokens: 2_000,
    everyMs: 20,
    slowShare: 0,
    spreadMs: 500,
  });
  const overshoot = results.map(({ output }) => (((output ?? 0) * OUTPUT_USD_PER_MTOK) / 1e6 / budget - 1) * 100);
  return [figure('budget overshoot, p95', percentile(overshoot, 0.95), '%')];
}

async function ended(load: Load): Promise<Measurement[]> {
  const speed = { tokens: 2_000, everyMs: 20 };
  const { delaysMs = [] } = await load.do({
    kind: 'cancels',
    name: 'cancel',
    target: load.backend,
    count: 100,
    ...speed,
  });
  const ghosts = async (target: Target, name: string): Promise<number> => {
    const short = { tokens: 8, everyMs: 1, count: 60 };
    return percentile(ttftOf(await load.do({ kind: 'ghosts', name, target, ...short })), 0.5);
  };
  const url = load.backend.url.replace('/ask', '/complete');
  const bare = await ghosts(load.relay, 'ghost-relay');
  const ghost = await ghosts({ ...load.backend, url }, 'ghost');
  return [
    figure('cancel to the upstream, p99', percentile(delaysMs, 0.99), 'ms', { max: 100 }),
    figure('own overhead of ghost text, p50', ghost - bare, 'ms', { max: 10 }),
  ];
}
