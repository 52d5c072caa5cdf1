// What the AI module adds to a model server's stream, beside a bare relay of node:http in the same process and run.
import { openLoad, OUTPUT_USD_PER_MTOK, percentile, ttftOf, type Load, type Target } from '../ai-load/load.ts';
import type { Measurement } from './table.ts';

interface Run {
  readonly p50: number;
  readonly p99: number;
  /** of this process */
  readonly tokensPerCpuSecond: number;
  readonly notificationsPerSecond: number;
}

async function measure(load: Load, name: string, target: Target, count: number): Promise<Run> {
  const before = process.cpuUsage();
  const outcome = await load.do({
    kind: 'streams',
    name,
    target,
    count,
    tokens: 150,
    everyMs: 20,
    slowShare: 0,
    spreadMs: 2_000,
  });
  const cpu = process.cpuUsage(before);
  const tokens = (outcome.results ?? []).length * 150;
  return {
    p50: percentile(ttftOf(outcome), 0.5),
    p99: percentile(ttftOf(outcome), 0.99),
    tokensPerCpuSecond: tokens / ((cpu.user + cpu.system) / 1e6),
    notificationsPerSecond: (outcome.notifications ?? 0) / (outcome.seconds ?? 1),
  };
}

export async function benchAi(): Promise<Measurement[]> {
  const load = await openLoad();
  try {
    await measure(load, 'warm-relay', load.relay, 50);
    await measure(load, 'warm', load.backend, 50);
    const relay = await measure(load, 'relay', load.relay, 100);
    const backend = await measure(load, 'backend', load.backend, 100);
    const relayMany = await measure(load, 'relay-many', load.relay, 500);
    const many = await measure(load, 'many', load.backend, 500);
    const budget = 0.05;
    const bounded = await load.do({
      kind: 'streams',
      name: 'budget',
      target: { ...load.backend, options: { refresh: true, budgetUsd: String(budget) } },
      count: 40,
      tokens: 2_000,
      everyMs: 20,
      slowShare: 0,
      spreadMs: 500,
    });
    const overshoot = (bounded.results ?? []).map(
      ({ output }) => (((output ?? 0) * OUTPUT_USD_PER_MTOK) / 1e6 / budget - 1) * 100,
    );
    const cancels = await load.do({
      kind: 'cancels',
      name: 'cancel',
      target: load.backend,
      count: 100,
      tokens: 2_000,
      everyMs: 20,
    });
    const figure = (name: string, value: number, unit: string, goal?: Measurement['goal']): Measurement => ({
      name,
      value,
      unit,
      ...(goal === undefined ? {} : { goal }),
    });
    return [
      figure('added to the first token at 100 streams, p50', backend.p50 - relay.p50, 'ms', { max: 1.5 }),
      figure('added to the first token at 100 streams, p99', backend.p99 - relay.p99, 'ms', { max: 6 }),
      figure('tokens a second of its own processor time, 500 streams', many.tokensPerCpuSecond, 'tokens', {
        min: 25_000,
      }),
      figure('the same of the bare relay', relayMany.tokensPerCpuSecond, 'tokens'),
      figure('notifications, 500 streams', many.notificationsPerSecond, '/s', { max: 50 }),
      figure('budget overshoot, p95', percentile(overshoot, 0.95), '%'),
      figure('cancel to the upstream, p99', percentile(cancels.delaysMs ?? [], 0.99), 'ms', { max: 100 }),
    ];
  } finally {
    await load.close();
  }
}
