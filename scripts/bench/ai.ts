// What the AI module adds to a model server's stream, beside a bare relay of node:http in the same process and, where
// it is installed, the open-source Portkey gateway in one of its own. The model server and the clients are another
// process; the database's time is its own and not counted. Relay and backend take turns, and of each the quietest turn
// counts: on a machine that others use too, every other one says more of them.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  openLoad,
  OUTPUT_USD_PER_MTOK,
  percentile,
  ttftOf,
  type Load,
  type Outcome,
  type Target,
} from '../ai-load/load.ts';
import type { Probed, Probing } from '../ai-load/ledger-probe.ts';
import { median, type Measurement } from './table.ts';

/** The whole of it, whatever the machine; what is not measured by then is said. */
const LIMIT_MS = 225_000;
const EVERY_MS = 20;
const TURNS = 3;
const WARM = { count: 50, tokens: 40, everyMs: EVERY_MS, spreadMs: 500 };
/** A hundred streams at any time, and the beginnings of so many; 50 a second, since each takes two seconds. */
const STEADY = { parallel: 100, count: 400, tokens: 100, everyMs: EVERY_MS };
const MANY = 500;
/** Of a machine that is busy with others' work: what is counted in processor time comes out much alike, and comes out. */
const MANY_WHERE_BUSY = 80;
const BUSY_SHARE = 0.4;
const [SHORT, LONG] = [30, 150];
/** An answer of so many tokens is what the figure with beginnings and ends is told of. */
const WHOLE_ANSWER = 600;
/** Streams that a machine without any processor left may break, of all. */
const BROKEN_SHARE = 0.01;

interface FirstToken {
  readonly p50: number;
  readonly p99: number;
}

interface Run {
  readonly tokens: number;
  /** of the process that relays */
  readonly cpuSeconds: number;
  readonly notificationsPerSecond: number;
}

const own = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Seconds that this process's main thread ran, and that it could have run and had no processor. */
function scheduled(): { ran: number; waited: number } {
  try {
    const [ran = 0, waited = 0] = readFileSync('/proc/self/schedstat', 'utf8').split(' ').map(Number);
    return { ran: ran / 1e9, waited: waited / 1e9 };
  } catch {
    return { ran: Number.NaN, waited: Number.NaN };
  }
}

class Bench {
  readonly #load: Load;
  readonly #until = performance.now() + LIMIT_MS;
  #nth = 0;
  /** streams of what is counted in processor time */
  many = { count: MANY, everyMs: EVERY_MS, spreadMs: 2_000 };
  readonly rows: Measurement[] = [];

  constructor(load: Load) {
    this.#load = load;
  }

  add(name: string, value: number, unit: string, goal?: Measurement['goal']): void {
    this.rows.push({ name, value, unit, ...(goal === undefined ? {} : { goal }) });
  }

  async within<T>(work: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new OutOfTime());
    }, this.#until - performance.now());
    try {
      return await Promise.race([work, promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  ask(command: Parameters<Load['do']>[0]): Promise<Outcome> {
    this.#nth += 1;
    return this.within(this.#load.do({ ...command, name: `${command.name}-${String(this.#nth)}` }));
  }

  async streams(
    target: Target,
    { count, tokens, everyMs, spreadMs }: { count: number; tokens: number; everyMs: number; spreadMs: number },
  ): Promise<Run> {
    const cpu = target === this.#load.portkey && this.#load.cpuOf !== null ? this.#load.cpuOf : own;
    const before = cpu();
    const speed = { name: 's', target, count, tokens, everyMs, spreadMs };
    const outcome = await this.ask({ kind: 'streams', ...speed, slowShare: 0 });
    requireWhole(outcome, tokens);
    return {
      tokens: (outcome.results ?? []).reduce((sum, result) => sum + result.tokens, 0),
      cpuSeconds: cpu() - before,
      notificationsPerSecond: (outcome.notifications ?? 0) / (outcome.seconds ?? 1),
    };
  }

  /** Milliseconds to the first token while a hundred streams flow, and end, and begin. */
  async steady(target: Target): Promise<FirstToken> {
    const outcome = await this.ask({ kind: 'steady', name: 't', target, ...STEADY });
    requireWhole(outcome, STEADY.tokens);
    return { p50: percentile(ttftOf(outcome), 0.5), p99: percentile(ttftOf(outcome), 0.99) };
  }
}

function requireWhole({ results = [] }: Outcome, tokens: number): void {
  const broken = results.filter((result) => result.tokens !== tokens);
  if (broken.length > results.length * BROKEN_SHARE)
    throw new Error(
      `${String(broken.length)} of ${String(results.length)} streams broke: ${JSON.stringify(broken[0])}`,
    );
}

class OutOfTime extends Error {}

/** What a write takes in a process that does nothing else: the database's part of it, and not the wait for ours. */
class LedgerProbe {
  readonly #child: ChildProcess;

  constructor(databaseUrl: string) {
    this.#child = fork(path.join(import.meta.dirname, '../ai-load/ledger-probe.ts'), [databaseUrl]);
  }

  /** What it takes while `work` goes on. */
  async during<T>(work: Promise<T>, kind: Probing = 'charge'): Promise<Probed & { readonly value: T }> {
    this.#child.send(kind);
    const value = await work;
    this.#child.send('end');
    const [probed] = (await once(this.#child, 'message')) as [Probed];
    return { ...probed, value };
  }

  close(): void {
    this.#child.disconnect();
  }
}

/** In this order: what is measured first is measured in any case. */
const PARTS = [processorTime, firstToken, cancelling, ghostText, overshoot, gateway];

export async function benchAi(): Promise<Measurement[]> {
  const load = await openLoad();
  const probe = new LedgerProbe(load.databaseUrl);
  const bench = new Bench(load);
  const before = scheduled();
  try {
    for (const target of [load.relay, load.backend, load.relay, load.backend]) await bench.streams(target, WARM);
    const warm = scheduled();
    const share = (warm.ran - before.ran) / (warm.ran - before.ran + warm.waited - before.waited);
    if (share < BUSY_SHARE) bench.many = { ...bench.many, count: MANY_WHERE_BUSY };
    for (const part of PARTS) await part(bench, load, probe);
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    bench.add('seconds after which the rest was not measured', LIMIT_MS / 1000, 's');
  } finally {
    const after = scheduled();
    const ran = after.ran - before.ran;
    const waited = after.waited - before.waited;
    bench.add('of the time that this process wanted a processor, it had none', (100 * waited) / (ran + waited), '%');
    probe.close();
    await load.close();
  }
  return bench.rows;
}

async function firstToken(bench: Bench, load: Load, probe: LedgerProbe): Promise<void> {
  const turns: { relay: FirstToken; backend: FirstToken }[] = [];
  for (let turn = 0; turn < TURNS; turn += 1)
    turns.push({ relay: await bench.steady(load.relay), backend: await bench.steady(load.backend) });
  const least = (of: 'relay' | 'backend', which: 'p50' | 'p99'): number =>
    Math.min(...turns.map((turn) => turn[of][which]));
  for (const [which, max] of [
    ['p50', 1.5],
    ['p99', 6],
  ] as const) {
    const added = least('backend', which) - least('relay', which);
    bench.add(`added to the first token at 100 streams, ${which}`, added, 'ms', { max });
    bench.add(`first token of the bare relay at 100 streams, ${which}`, least('relay', which), 'ms');
  }
  // No run can be recorded sooner than somebody else's one row is.
  const row = await probe.during(bench.steady(load.backend), 'row');
  bench.add('one row that another process commits meanwhile, p50', row.p50, 'ms');
  bench.add('the same, p99', row.p99, 'ms');
}

/** From answers of two lengths: what a token costs, and what a run costs beside its tokens. */
function costs(count: number, short: Run, long: Run): { perToken: number; perRun: number } {
  const perToken = (long.cpuSeconds - short.cpuSeconds) / (long.tokens - short.tokens);
  return { perToken, perRun: (short.cpuSeconds - perToken * short.tokens) / count };
}

interface Loaded {
  readonly short: Run;
  readonly long: Run;
  /** of a hold and its settlement meanwhile */
  readonly ledgerMs: number;
}

function quietest(turns: readonly Loaded[]): Loaded {
  const least = (of: (turn: Loaded) => Run): Run => turns.map(of).sort((a, b) => a.cpuSeconds - b.cpuSeconds)[0] as Run;
  return {
    short: least((turn) => turn.short),
    long: least((turn) => turn.long),
    ledgerMs: Math.min(...turns.map((turn) => turn.ledgerMs)),
  };
}

async function processorTime(bench: Bench, load: Load, probe: LedgerProbe): Promise<void> {
  // the first ones prepare its statements
  await probe.during(delay(500));
  const idle = await probe.during(delay(2_000));
  const loads = (target: Target, tokens: number): Promise<Run> => bench.streams(target, { ...bench.many, tokens });
  const turns: { readonly relay: Loaded; readonly backend: Loaded }[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const [relayShort, short] = [await loads(load.relay, SHORT), await loads(load.backend, SHORT)];
    const relayed = await probe.during(loads(load.relay, LONG));
    const loaded = await probe.during(loads(load.backend, LONG));
    turns.push({
      relay: { short: relayShort, long: relayed.value, ledgerMs: relayed.p50 },
      backend: { short, long: loaded.value, ledgerMs: loaded.p50 },
    });
  }
  const { count } = bench.many;
  const [relayed, loaded] = [quietest(turns.map((turn) => turn.relay)), quietest(turns.map((turn) => turn.backend))];
  const [relay, backend] = [costs(count, relayed.short, relayed.long), costs(count, loaded.short, loaded.long)];
  const whole = ({ perToken, perRun }: typeof relay): number => WHOLE_ANSWER / (perRun + WHOLE_ANSWER * perToken);
  bench.add(`tokens a second of its own processor time, ${String(count)} streams`, 1 / backend.perToken, 'tokens', {
    min: 25_000,
  });
  bench.add('the same of the bare relay', 1 / relay.perToken, 'tokens');
  bench.add('processor time of a run beside its tokens', backend.perRun * 1000, 'ms');
  bench.add('the same of the bare relay', relay.perRun * 1000, 'ms');
  bench.add('tokens a second, beginnings and ends of answers of 600 tokens included', whole(backend), 'tokens');
  bench.add('the same of the bare relay', whole(relay), 'tokens');
  bench.add(`notifications, ${String(count)} streams`, loaded.long.notificationsPerSecond, '/s', { max: 50 });
  bench.add('ledger latency under that load, times that of an idle one', loaded.ledgerMs / idle.p50, '×', { max: 1.5 });
  bench.add('the same under the load of the bare relay', relayed.ledgerMs / idle.p50, '×');
  bench.add('a hold and its settlement on an idle machine, p50', idle.p50, 'ms');
}

async function cancelling(bench: Bench, load: Load): Promise<void> {
  const cancels = async (target: Target): Promise<number> => {
    const speed = { name: 'c', target, count: 50, tokens: 1_000, everyMs: EVERY_MS };
    return percentile((await bench.ask({ kind: 'cancels', ...speed })).delaysMs ?? [], 0.99);
  };
  const delays: number[] = [];
  const relayed: number[] = [];
  for (let turn = 0; turn < 2; turn += 1) {
    relayed.push(await cancels(load.relay));
    delays.push(await cancels(load.backend));
  }
  bench.add('cancel to the upstream, p99', Math.min(...delays), 'ms', { max: 100 });
  bench.add('a reader that goes, to the upstream of the bare relay, p99', Math.min(...relayed), 'ms');
}

async function ghostText(bench: Bench, load: Load): Promise<void> {
  const ghosts = async (target: Target): Promise<number> => {
    const speed = { name: 'g', target, tokens: 8, everyMs: 1, count: 20 };
    return percentile(ttftOf(await bench.ask({ kind: 'ghosts', ...speed })), 0.5);
  };
  const target = { ...load.backend, url: load.backend.url.replace('/ask', '/complete') };
  const added: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const bare = await ghosts(load.relay);
    added.push((await ghosts(target)) - bare);
  }
  bench.add('own overhead of ghost text, p50', median(added), 'ms', { max: 10 });
}

async function overshoot(bench: Bench, load: Load): Promise<void> {
  const budget = 0.2;
  const { results = [] } = await bench.ask({
    kind: 'streams',
    name: 'b',
    target: { ...load.backend, options: { refresh: true, budgetUsd: String(budget) } },
    count: 30,
    tokens: 1_000,
    everyMs: 10,
    slowShare: 0,
    spreadMs: 500,
  });
  const passed = results.map(({ output }) => (((output ?? 0) * OUTPUT_USD_PER_MTOK) / 1e6 / budget - 1) * 100);
  bench.add('budget overshoot, p95', percentile(passed, 0.95), '%');
}

async function gateway(bench: Bench, load: Load): Promise<void> {
  if (load.portkey === null) return;
  await bench.streams(load.portkey, WARM);
  const [relay, portkey] = [await bench.steady(load.relay), await bench.steady(load.portkey)];
  bench.add('added by the Portkey gateway, p50', portkey.p50 - relay.p50, 'ms');
  bench.add('added by the Portkey gateway, p99', portkey.p99 - relay.p99, 'ms');
  const short = await bench.streams(load.portkey, { ...bench.many, tokens: SHORT });
  const long = await bench.streams(load.portkey, { ...bench.many, tokens: LONG });
  bench.add('tokens a second of its processor time', 1 / costs(bench.many.count, short, long).perToken, 'tokens');
}
