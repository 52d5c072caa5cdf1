// The process's metrics in the form that Prometheus reads. Counts come from signals as work happens; states (queue,
// pool, breakers, health) are read when somebody asks.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { aiMetrics } from './ai-metrics.ts';
import type { HealthReport } from './health.ts';
import { onSignal } from './signals.ts';

export interface QueueState {
  readonly status: string;
  readonly runs: number;
  readonly oldestSeconds: number;
}

/** Work outside of runs that waits, such as events of the payment provider. */
export interface BacklogState {
  readonly what: string;
  readonly items: number;
  readonly oldestSeconds: number;
}

export interface BreakerState {
  readonly provider: string;
  readonly server: string;
  readonly model: string;
  readonly state: 'closed' | 'open' | 'half_open';
}

/** States that are asked at each scrape; one that fails leaves its metrics out and counts as a failed read. */
export interface StateReaders {
  readonly queue: () => Promise<readonly QueueState[]>;
  readonly backlog: () => Promise<readonly BacklogState[]>;
  readonly pool: () => { readonly total: number; readonly idle: number; readonly waiting: number };
  readonly breakers: () => readonly BreakerState[];
  readonly health: () => Promise<HealthReport>;
  readonly activeRuns: () => number;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];
const BREAKER_LEVELS = { closed: 0, half_open: 1, open: 2 } as const;

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  close(): void;
}

export function openMetrics(read: StateReaders, labels: Readonly<Record<string, string>>): Metrics {
  const registry = new Registry();
  const registers = [registry];
  registry.setDefaultLabels({ ...labels });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 10 });
  const closers = [...eventMetrics(registers), ...aiMetrics(registers)];
  stateMetrics(registers, read);
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close() {
      for (const close of closers) close();
      registry.clear();
    },
  };
}

function eventMetrics(registers: Registry[]): (() => void)[] {
  const seconds = (name: string, help: string, labelNames: string[] = []): Histogram =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers });
  const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
    new Counter({ name, help, labelNames, registers });

  const requests = seconds('genrtl_http_request_seconds', 'Answers of the API until their end, streams included', [
    'method',
    'route',
    'status',
  ]);
  const admissions = seconds('genrtl_admission_seconds', 'Looking up whose credential a request carries', ['outcome']);
  const calls = seconds('genrtl_model_call_seconds', 'Upstream calls', ['provider', 'model', 'outcome']);
  const firstTokens = seconds('genrtl_model_first_token_seconds', 'Upstream calls until their first text', [
    'provider',
    'model',
  ]);
  const errors = counter('genrtl_model_errors_total', 'Upstream calls that failed, by error code', [
    'provider',
    'code',
  ]);
  const tokens = counter('genrtl_model_tokens_total', 'Tokens of upstream calls', ['provider', 'model', 'direction']);
  const cost = counter('genrtl_model_cost_micro_usd_total', 'What upstream calls cost, in micro-dollars', [
    'provider',
    'model',
  ]);
  const entries = counter('genrtl_ledger_entries_total', 'Journal entries written', ['kind']);
  const postings = counter('genrtl_ledger_postings_total', 'Postings written');
  const batches = seconds('genrtl_event_batch_seconds', 'Statements that store events of runs', ['outcome']);
  const batched = counter('genrtl_batched_events_total', 'Events of runs that were stored');
  const rounds = seconds('genrtl_group_commit_seconds', 'Transactions that many callers share', ['outcome']);
  const grouped = counter('genrtl_group_commit_items_total', 'What callers wrote in shared transactions');
  const waits = seconds('genrtl_run_wait_seconds', 'From acceptance of a run until its work begins', ['kind']);
  const runs = seconds('genrtl_run_seconds', 'From acceptance of a run until its end', ['kind', 'status']);

  return [
    onSignal('request', ({ method, route, status, durationMs }) => {
      requests.observe({ method, route, status: String(status) }, durationMs / 1000);
    }),
    onSignal('admission', ({ outcome, durationMs }) => {
      admissions.observe({ outcome }, durationMs / 1000);
    }),
    onSignal('model_call', (call) => {
      const { provider, model, outcome } = call;
      calls.observe({ provider, model, outcome }, call.durationMs / 1000);
      if (call.firstTokenMs !== null) firstTokens.observe({ provider, model }, call.firstTokenMs / 1000);
      if (call.code !== null && outcome === 'failed') errors.inc({ provider, code: call.code });
      tokens.inc({ provider, model, direction: 'input' }, call.inputTokens);
      tokens.inc({ provider, model, direction: 'output' }, call.outputTokens);
      tokens.inc({ provider, model, direction: 'cached' }, call.cachedTokens);
      cost.inc({ provider, model }, call.costMicro);
    }),
    onSignal('ledger_entry', (entry) => {
      entries.inc({ kind: entry.kind });
      postings.inc(entry.postings);
    }),
    onSignal('event_batch', ({ events, durationMs, ok }) => {
      batches.observe({ outcome: ok ? 'stored' : 'failed' }, durationMs / 1000);
      if (ok) batched.inc(events);
    }),
    onSignal('group_commit', ({ items, durationMs, ok }) => {
      rounds.observe({ outcome: ok ? 'committed' : 'failed' }, durationMs / 1000);
      if (ok) grouped.inc(items);
    }),
    onSignal('run_begin', ({ kind, waitedMs }) => {
      waits.observe({ kind }, waitedMs / 1000);
    }),
    onSignal('run_end', ({ kind, status, durationMs }) => {
      runs.observe({ kind, status }, durationMs / 1000);
    }),
  ];
}

function stateMetrics(registers: Registry[], read: StateReaders): void {
  const failed = new Counter({
    name: 'genrtl_state_read_failures_total',
    help: 'States that could not be read at a scrape',
    labelNames: ['state'],
    registers,
  });
  /** A gauge that is filled anew at each scrape. */
  const state = (
    name: string,
    help: string,
    labelNames: string[],
    fill: (gauge: Gauge) => void | Promise<void>,
  ): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        this.reset();
        try {
          await fill(this);
        } catch {
          failed.inc({ state: name });
        }
      },
    });
  };

  state('genrtl_queue_runs', 'Runs without an end, by status, of all processes', ['status'], async (gauge) => {
    for (const { status, runs } of await read.queue()) gauge.set({ status }, runs);
  });
  state('genrtl_queue_oldest_seconds', 'Age of the oldest run of a status', ['status'], async (gauge) => {
    for (const { status, oldestSeconds } of await read.queue()) gauge.set({ status }, oldestSeconds);
  });
  state(
    'genrtl_backlog_items',
    'What payment and deletion still have to do, of all processes',
    ['what'],
    async (gauge) => {
      for (const { what, items } of await read.backlog()) gauge.set({ what }, items);
    },
  );
  state('genrtl_backlog_oldest_seconds', 'How long the oldest of it has waited', ['what'], async (gauge) => {
    for (const { what, oldestSeconds } of await read.backlog()) gauge.set({ what }, oldestSeconds);
  });
  state('genrtl_active_runs', 'Runs that this process works on', [], (gauge) => {
    gauge.set(read.activeRuns());
  });
  state('genrtl_database_connections', 'Connections of the pool', ['state'], (gauge) => {
    const { total, idle } = read.pool();
    gauge.set({ state: 'idle' }, idle);
    gauge.set({ state: 'used' }, total - idle);
  });
  state('genrtl_database_waiting', 'Requests that wait for a connection', [], (gauge) => {
    gauge.set(read.pool().waiting);
  });
  state(
    'genrtl_breaker_state',
    'Circuit breakers: 0 closed, 1 half open, 2 open',
    ['provider', 'server', 'model'],
    (gauge) => {
      for (const { provider, server, model, state: level } of read.breakers())
        gauge.set({ provider, server, model }, BREAKER_LEVELS[level]);
    },
  );
  state(
    'genrtl_part_up',
    'Whether a part answers: process, database, object store, each provider',
    ['part'],
    async (gauge) => {
      for (const [part, { state: is }] of Object.entries((await read.health()).parts))
        if (is !== 'unknown') gauge.set({ part }, is === 'up' ? 1 : 0);
    },
  );
}
