// What operators are told: parts of health apart, the port that nobody else may read, numbers of the work, alerts.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterEach, describe, expect, it } from 'vitest';
import { HealthWatch } from './health.ts';
import { openMetrics, type Metrics } from './metrics.ts';
import { readOperatorListen, startOperatorServer, type OperatorServer } from './operator-server.ts';
import { signal, type Signals } from './signals.ts';
import { metric } from '../test/metrics.ts';

const OPERATIONS = join(import.meta.dirname, '../../resources/operations');
const fine = (): Promise<void> => Promise.resolve();
const broken = (): Promise<void> => Promise.reject(new Error('away'));

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function watch(probes: { database?: () => Promise<void>; objects?: () => Promise<void> } = {}): HealthWatch {
  const health = new HealthWatch({ database: fine, objects: fine, ...probes });
  closers.push(() => {
    health.close();
  });
  return health;
}

const callOf = (provider: string, code: string | null): Signals['model_call'] => ({
  provider,
  model: `${provider}/m`,
  outcome: code === null ? 'answered' : 'failed',
  code,
  firstTokenMs: 12,
  durationMs: 340,
  inputTokens: 100,
  outputTokens: 20,
  cachedTokens: 60,
  costMicro: 1_234,
});

describe('health', () => {
  it('tells database and object store apart, and either makes the process not ready', async () => {
    const states = async (probes: Parameters<typeof watch>[0]): Promise<unknown[]> => {
      const { ready, parts } = await watch(probes).report();
      return [ready, parts['process']?.state, parts['database']?.state, parts['object_store']?.state];
    };
    expect(await states({})).toEqual([true, 'up', 'up', 'up']);
    expect(await states({ database: broken })).toEqual([false, 'up', 'down', 'up']);
    expect(await states({ objects: broken })).toEqual([false, 'up', 'up', 'down']);
  });

  it('a provider that is away is told and does not make the process unready', async () => {
    const health = watch();
    for (let n = 0; n < 3; n++) signal('model_call', callOf('openai', 'MODEL_UNAVAILABLE'));
    // faults of the request say nothing of the provider
    for (let n = 0; n < 3; n++) signal('model_call', callOf('anthropic', 'MODEL_CONTEXT_EXCEEDED'));
    const { ready, parts } = await health.report();
    expect([ready, parts['provider:openai']?.state, parts['provider:anthropic']]).toEqual([true, 'down', undefined]);
  });

  it('draining is not ready, with every part up', async () => {
    const health = watch();
    expect((await health.report()).ready).toBe(true);
    health.drain();
    const { ready, draining, parts } = await health.report();
    expect([ready, draining, parts['database']?.state]).toEqual([false, true, 'up']);
  });

  it('many questions at once are one for the database', async () => {
    let asked = 0;
    const health = watch({
      database: async () => {
        asked += 1;
      },
    });
    await Promise.all(Array.from({ length: 50 }, () => health.report()));
    expect(asked).toBe(1);
  });
});

function metricsOf(health: HealthWatch): Metrics {
  const metrics = openMetrics(
    {
      queue: async () => [{ status: 'queued', runs: 3, oldestSeconds: 42 }],
      backlog: async () => [{ what: 'stripe_event', items: 4, oldestSeconds: 77 }],
      pool: () => ({ total: 5, idle: 2, waiting: 1 }),
      breakers: () => [{ provider: 'openai', server: 'api.openai.com:443', model: 'm', state: 'open' }],
      health: () => health.report(),
      activeRuns: () => 2,
    },
    { role: 'api' },
  );
  closers.push(() => {
    metrics.close();
  });
  return metrics;
}

async function serve(token: string | null): Promise<OperatorServer> {
  const health = watch();
  const server = await startOperatorServer(
    { host: '127.0.0.1', port: 0, token },
    { metrics: metricsOf(health), health },
  );
  closers.push(() => server.close());
  return server;
}

describe('metrics', () => {
  it('every signal and every state comes out as numbers', async () => {
    const metrics = metricsOf(watch());
    signal('request', { method: 'GET', route: '/v1/jobs/:run_id', status: 200, durationMs: 30 });
    signal('admission', { outcome: 'admitted', durationMs: 2 });
    signal('model_call', callOf('openai', null));
    signal('ledger_entry', { kind: 'model', postings: 2 });
    signal('event_batch', { events: 7, durationMs: 3, ok: true });
    signal('group_commit', { items: 9, durationMs: 4, ok: true });
    signal('run_begin', { kind: 'plan', waitedMs: 900 });
    signal('run_end', { kind: 'plan', status: 'succeeded', durationMs: 4_000 });
    signal('ai_run', {
      intent: 'ask',
      flow: 'ask@1',
      model: 'm',
      status: 'cancelled',
      code: 'BUDGET_EXCEEDED',
      firstTokenMs: 80,
      durationMs: 2_000,
      replaced: 2,
      fellBack: true,
      inputTokens: 10,
      outputTokens: 5,
      costMicro: 77,
      cached: true,
    });
    signal('flow_step', { flow: 'ask@1', step: 'draft', type: 'llm', status: 'failed', durationMs: 500 });
    const plan = { chunks: 40, chunkTokens: 4_000, overlapRatio: 0.08, concurrency: 4, reused: 38 };
    signal('long_plan', { intent: 'summarize', ...plan, boundaryErrorRate: 0.05 });
    signal('long_call', { stage: 'map', durationMs: 700, reused: false });
    const text = await metrics.text();
    const series: [name: string, labels: Record<string, string>, value: number][] = [
      ['genrtl_http_request_seconds_count', { method: 'GET', route: '/v1/jobs/:run_id', status: '200' }, 1],
      ['genrtl_admission_seconds_count', { outcome: 'admitted' }, 1],
      ['genrtl_model_call_seconds_sum', { provider: 'openai', model: 'openai/m', outcome: 'answered' }, 0.34],
      ['genrtl_model_first_token_seconds_sum', { provider: 'openai', model: 'openai/m' }, 0.012],
      ['genrtl_model_tokens_total', { provider: 'openai', model: 'openai/m', direction: 'cached' }, 60],
      ['genrtl_model_cost_micro_usd_total', { provider: 'openai', model: 'openai/m' }, 1234],
      ['genrtl_ledger_postings_total', {}, 2],
      ['genrtl_batched_events_total', {}, 7],
      ['genrtl_run_wait_seconds_sum', { kind: 'plan' }, 0.9],
      ['genrtl_run_seconds_count', { kind: 'plan', status: 'succeeded' }, 1],
      ['genrtl_ai_run_seconds_sum', { intent: 'ask', flow: 'ask@1', status: 'cancelled' }, 2],
      ['genrtl_ai_first_token_seconds_sum', { intent: 'ask' }, 0.08],
      ['genrtl_ai_errors_total', { intent: 'ask', code: 'BUDGET_EXCEEDED' }, 1],
      ['genrtl_ai_budget_exceeded_total', { intent: 'ask' }, 1],
      ['genrtl_ai_replaced_attempts_total', { intent: 'ask' }, 2],
      ['genrtl_ai_fallbacks_total', { intent: 'ask' }, 1],
      ['genrtl_ai_cached_runs_total', { intent: 'ask' }, 1],
      ['genrtl_ai_tokens_total', { intent: 'ask', direction: 'output' }, 5],
      ['genrtl_ai_cost_micro_usd_total', { intent: 'ask' }, 77],
      ['genrtl_flow_step_seconds_sum', { flow: 'ask@1', step: 'draft', type: 'llm', status: 'failed' }, 0.5],
      ['genrtl_long_chunks_sum', { intent: 'summarize' }, 40],
      ['genrtl_long_chunk_tokens_sum', { intent: 'summarize' }, 100],
      ['genrtl_long_overlap_ratio_sum', { intent: 'summarize' }, 0.08],
      ['genrtl_long_map_concurrency_sum', { intent: 'summarize' }, 4],
      ['genrtl_long_reuse_rate_sum', { intent: 'summarize' }, 0.95],
      ['genrtl_long_boundary_error_rate_sum', { intent: 'summarize' }, 0.05],
      ['genrtl_long_call_seconds_sum', { stage: 'map', reused: 'false' }, 0.7],
      ['genrtl_queue_oldest_seconds', { status: 'queued' }, 42],
      ['genrtl_database_waiting', {}, 1],
      ['genrtl_breaker_state', { provider: 'openai', server: 'api.openai.com:443', model: 'm' }, 2],
      ['genrtl_part_up', { part: 'database' }, 1],
      ['genrtl_active_runs', {}, 2],
    ];
    for (const [name, labels, value] of series)
      expect([name, metric(text, name, { ...labels, role: 'api' })]).toEqual([name, value]);
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds\{role="api"\} /);
  });

  it('a state that cannot be read leaves the others', async () => {
    const metrics = openMetrics(
      {
        queue: () => Promise.reject(new Error('away')),
        backlog: () => Promise.resolve([]),
        pool: () => ({ total: 0, idle: 0, waiting: 0 }),
        breakers: () => [],
        health: () => watch().report(),
        activeRuns: () => 4,
      },
      {},
    );
    closers.push(() => {
      metrics.close();
    });
    await metrics.text();
    const text = await metrics.text();
    expect(metric(text, 'genrtl_active_runs')).toBe(4);
    expect(text).toMatch(/genrtl_state_read_failures_total\{state="genrtl_queue_runs"\} [12]/);
  });

  it('after its end a listener counts nothing', () => {
    const metrics = metricsOf(watch());
    metrics.close();
    expect(() => {
      signal('ledger_entry', { kind: 'model', postings: 2 });
    }).not.toThrow();
  });
});

describe('the operator’s port', () => {
  it('never opens to others without a token', () => {
    const read = (env: NodeJS.ProcessEnv): unknown => readOperatorListen(env);
    expect(read({})).toBeNull();
    expect(read({ GENRTL_OPERATOR_LISTEN: '9464' })).toEqual({ host: '127.0.0.1', port: 9464, token: null });
    expect(read({ GENRTL_OPERATOR_LISTEN: '[::1]:9464' })).toEqual({ host: '::1', port: 9464, token: null });
    const token = 't'.repeat(32);
    expect(read({ GENRTL_OPERATOR_LISTEN: '0.0.0.0:9464', GENRTL_OPERATOR_TOKEN: token })).toEqual({
      host: '0.0.0.0',
      port: 9464,
      token,
    });
    for (const env of [
      { GENRTL_OPERATOR_LISTEN: '0.0.0.0:9464' },
      { GENRTL_OPERATOR_LISTEN: 'ops.example.com:9464' },
      { GENRTL_OPERATOR_LISTEN: '9464', GENRTL_OPERATOR_TOKEN: 'short' },
      { GENRTL_OPERATOR_LISTEN: 'here' },
      { GENRTL_OPERATOR_LISTEN: '99999' },
    ])
      expect(() => read(env)).toThrow(expect.objectContaining({ code: 'BACKEND_START_FAILED' }));
  });

  it('answers with the token only, and on loopback only to this machine’s names', async () => {
    const token = 'operator-token-of-at-least-32-characters';
    const { port } = await serve(token);
    const ask = (path: string, authorization?: string): Promise<number> =>
      fetch(`http://127.0.0.1:${port}${path}`, authorization === undefined ? {} : { headers: { authorization } }).then(
        (answer) => answer.status,
      );
    expect(await ask('/metrics')).toBe(401);
    expect(await ask('/metrics', 'Bearer wrong-wrong-wrong')).toBe(401);
    expect(await ask('/metrics', `Bearer ${token}`)).toBe(200);
    expect(await ask('/ready', `Bearer ${token}`)).toBe(200);
    expect(await ask('/v1/jobs', `Bearer ${token}`)).toBe(404);
    const open = await serve(null);
    expect(await fetch(`http://localhost:${open.port}/live`).then((answer) => answer.status)).toBe(200);
    // a page whose name was pointed at this machine
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      get({ host: '127.0.0.1', port: open.port, path: '/metrics', headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    expect(rebound).toBe(401);
  });
});

describe('alerts', () => {
  const text = readFileSync(join(OPERATIONS, 'alerts.yml'), 'utf8');
  const rules = parse(text) as { groups: { rules: { alert: string; expr: string }[] }[] };
  const names = rules.groups.flatMap((group) => group.rules.map((rule) => rule.alert));

  it('each fires once in the rule tests, and looks at metrics that exist', async () => {
    const tests = parse(readFileSync(join(OPERATIONS, 'alerts.test.yml'), 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const fired = tests.tests
      .flatMap((test) => test.alert_rule_test)
      .filter((test) => test.exp_alerts.length === 1)
      .map((test) => test.alertname);
    expect(fired.sort()).toEqual([...names].sort());
    const served = await metricsOf(watch()).text();
    for (const [name] of text.matchAll(/\b(genrtl|nodejs|process)_[a-z0-9_]+/g))
      expect(served).toContain(`# HELP ${name.replace(/_(count|sum|bucket)$/, '')}`);
  });

  it('promtool accepts the rules and sees each alert fire', (context) => {
    const found = spawnSync('promtool', ['--version']);
    if (found.error !== undefined) return context.skip('promtool (Debian package prometheus) is not installed');
    for (const args of [
      ['check', 'rules', 'alerts.yml'],
      ['test', 'rules', 'alerts.test.yml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: OPERATIONS, encoding: 'utf8' });
      expect({ status, stdout, stderr }).toMatchObject({ status: 0 });
    }
  });
});
