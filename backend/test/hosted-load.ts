// A hosted backend under load: jobs while processes are killed, equal checkouts, a cap that many jobs share, a database
// that is away. Each measures, and throws where a promise is broken. The soak runs them large, the tests small.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JobRequest, RunView } from '@genrtl/contracts';
import { checkLedger } from '../ledger/index.ts';
import type { TestClient } from './client.ts';
import type { HostedProcesses } from './hosted-processes.ts';

/** What two calls of the fake models cost a job. */
const JOB_MICRO = 20_000;

export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** Repeats a request over processes that die and a database that is away; the key makes it one request. */
export async function persistently<T>(
  hosted: HostedProcesses,
  act: (client: TestClient) => Promise<T | null>,
): Promise<T> {
  for (let round = 0; round < 2_000; round++) {
    const clients = hosted.clients();
    const client = clients[Math.floor(Math.random() * clients.length)];
    const answer = client === undefined ? null : await act(client).catch(() => null);
    if (answer !== null) return answer;
    await delay(50);
  }
  throw new Error('nobody answers');
}

export function submit(hosted: HostedProcesses, request: JobRequest): Promise<string> {
  return persistently(hosted, async (client) => {
    const { status, body } = await client.submit(request);
    if (status === 200) return body.run_id;
    if (status === 429 || status >= 500) return null;
    throw new Error(`submit: ${status} ${JSON.stringify(body)}`);
  });
}

export async function inBatches<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

export async function allEnded(hosted: HostedProcesses, runIds: readonly string[], limitMs: number): Promise<void> {
  const { pool } = hosted;
  for (const until = Date.now() + limitMs; Date.now() < until; await delay(200)) {
    const { rows } = await pool.query<{ open: number }>(
      'SELECT count(*)::int AS open FROM runs WHERE run_id = ANY($1) AND finished_at IS NULL',
      [runIds],
    );
    if (rows[0]?.open === 0) return;
  }
  const { rows } = await pool.query(
    'SELECT run_id, status, phase, worker, waiting FROM runs WHERE finished_at IS NULL LIMIT 5',
  );
  throw new Error(`runs do not end: ${JSON.stringify(rows)}`);
}

export async function requireBooks(hosted: HostedProcesses): Promise<void> {
  const faults = await checkLedger(hosted.pool);
  must(faults.length === 0, `the books are wrong: ${JSON.stringify(faults.slice(0, 3))}`);
  const { rows } = await hosted.pool.query<{ open: number }>(
    `SELECT count(*)::int AS open FROM model_attempts WHERE state = 'open'`,
  );
  must(rows[0]?.open === 0, `${String(rows[0]?.open)} attempts were left open`);
}

/** What is known of a run that did not end well: its end, its attempts, what processes said of it and of each other. */
async function whyNot(hosted: HostedProcesses, runIds: readonly string[]): Promise<string> {
  const { rows: runs } = await hosted.pool.query<{ run_id: string }>(
    `SELECT run_id, error, generation, worker, created_at, dispatched_at, finished_at FROM runs
     WHERE run_id = ANY($1) AND status <> 'succeeded' ORDER BY finished_at LIMIT 3`,
    [runIds],
  );
  const ids = runs.map(({ run_id: id }) => id);
  const { rows: attempts } = await hosted.pool.query(
    `SELECT a.run_id, a.call_name, a.attempt, a.state, a.started_at, a.settled_at, h.workflow_id, h.state AS hold
     FROM model_attempts a JOIN holds h USING (hold_id) WHERE a.run_id = ANY($1) ORDER BY a.started_at`,
    [ids],
  );
  const { rows: workers } = await hosted.pool.query('SELECT * FROM job_workers');
  const told = await hosted.logged(...ids, 'taken over', 'announced');
  return [...runs, ...attempts, ...workers, ...told.slice(-60)]
    .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    .join('\n');
}

export interface JobsReport {
  readonly jobs: number;
  readonly kills: number;
  readonly seconds: number;
  readonly upstreamCalls: number;
  readonly lostAttempts: number;
  /** milliseconds from acceptance to the begin of the last generation */
  readonly waitMs: { readonly p50: number; readonly p95: number };
}

/** Jobs while `disturb` does what it does; all end well, each call is paid once. */
export async function jobsUnder(
  hosted: HostedProcesses,
  jobs: number,
  disturb: (over: AbortSignal) => Promise<number>,
  script = 'slow',
): Promise<JobsReport> {
  const started = performance.now();
  const first = await persistently(hosted, (client) => client.planRequest(script));
  const requests = Array.from({ length: jobs }, () => ({ ...first, job_id: `job${randomUUID().slice(0, 13)}` }));
  const over = new AbortController();
  const disturbing = disturb(over.signal);
  const runIds: string[] = [];
  try {
    await inBatches(requests, 16, async (request) => runIds.push(await submit(hosted, request)));
    must(new Set(runIds).size === jobs, 'a job has two runs, or two jobs have one');
    await allEnded(hosted, runIds, 120_000 + jobs * 1_000);
  } finally {
    over.abort();
  }
  const kills = await disturbing;
  const { pool } = hosted;
  const { rows: ends } = await pool.query<{ status: string; count: number; finals: number }>(
    `SELECT status, count(*)::int AS count,
       sum((SELECT count(*) FROM run_events e WHERE e.run_id = r.run_id AND e.type = 'final'))::int AS finals
     FROM runs r WHERE run_id = ANY($1) GROUP BY status`,
    [runIds],
  );
  if (ends.length !== 1 || ends[0]?.status !== 'succeeded' || ends[0].count !== jobs || ends[0].finals !== jobs)
    throw new Error(`not all ended once and well: ${JSON.stringify(ends)}\n${await whyNot(hosted, runIds)}`);
  const { rows: paid } = await pool.query<{ answered: number; lost: number; paid: number; entries: number }>(
    `SELECT count(*) FILTER (WHERE a.state = 'answered')::int AS answered, count(*) FILTER (WHERE a.state = 'lost')::int AS lost,
       sum(h.captured_micro)::int AS paid, count(DISTINCT a.entry_id)::int AS entries
     FROM model_attempts a JOIN holds h USING (hold_id) WHERE a.run_id = ANY($1)`,
    [runIds],
  );
  const { answered = 0, lost = 0, paid: micro = 0, entries = 0 } = paid[0] ?? {};
  must(answered === 2 * jobs, `${answered} answers for ${jobs} jobs of two calls`);
  must(micro === JOB_MICRO * jobs, `${micro} micro-dollars were paid for ${jobs} jobs`);
  must(entries === answered + lost, 'an attempt has no entry of its own');
  const mine = new Set(requests.map(({ job_id: id }) => id));
  const upstreamCalls = readFileSync(hosted.upstreamFile, 'utf8')
    .split('\n')
    .filter((line) => mine.has(line.split(' ')[0] ?? '')).length;
  must(
    upstreamCalls >= answered && upstreamCalls <= answered + lost,
    `${upstreamCalls} upstream calls, ${answered} answered and ${lost} lost attempts`,
  );
  await requireBooks(hosted);
  const { rows: waits } = await pool.query<{ p50: number; p95: number }>(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY w) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY w) AS p95
     FROM (SELECT extract(epoch FROM dispatched_at - created_at) * 1000 AS w FROM runs WHERE run_id = ANY($1)) q`,
    [runIds],
  );
  return {
    jobs,
    kills,
    seconds: Math.round((performance.now() - started) / 1000),
    upstreamCalls,
    lostAttempts: lost,
    waitMs: { p50: Math.round(Number(waits[0]?.p50 ?? 0)), p95: Math.round(Number(waits[0]?.p95 ?? 0)) },
  };
}

/** PostgreSQL stopped for so long, once the first jobs run. */
export function databaseAway(hosted: HostedProcesses, forMs: number) {
  return async (): Promise<number> => {
    for (;;) {
      const { rows } = await hosted.pool.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM model_attempts WHERE state = 'open'`,
      );
      if ((rows[0]?.open ?? 0) > 0) break;
      await delay(20);
    }
    await hosted.stopDatabase();
    await delay(forMs);
    await hosted.startDatabase();
    return 0;
  };
}

/** A release with a later schema takes the place of this one, process by process, while jobs run. */
export function rollingRestart(hosted: HostedProcesses) {
  return async (): Promise<number> => {
    const folder = join(hosted.folder, 'next-release');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, '9000_next_release.sql'), NEXT_RELEASE);
    await delay(500);
    await hosted.roll(folder);
    // A process of this release that its supervisor starts late finds the later schema.
    await hosted.killAndRestart(0);
    return 0;
  };
}

/** What a release adds, in the busiest tables: a column, an index, a wider check, a table, an event's new kind. */
const NEXT_RELEASE = `
ALTER TABLE runs ADD COLUMN next_note text NOT NULL DEFAULT 'none';
CREATE INDEX runs_by_next_note ON runs (next_note) WHERE next_note <> 'none';
ALTER TABLE model_attempts ADD COLUMN next_score double precision;
ALTER TABLE holds ADD COLUMN next_reason text;
CREATE TABLE next_notes (run_id text PRIMARY KEY REFERENCES runs, note text NOT NULL);
`;

/** kill -9 to one process after another, each started again. */
export function killing(hosted: HostedProcesses, everyMs: number, random = Math.random) {
  return async (over: AbortSignal): Promise<number> => {
    let kills = 0;
    while (!over.aborted) {
      await delay(everyMs, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) break;
      await hosted.killAndRestart(Math.floor(random() * hosted.count));
      kills += 1;
    }
    return kills;
  };
}

/** It did not arrive, or the database did not answer in time: asked again, as clients do. */
const ASKED_AGAIN: readonly number[] = [408, 503];

/** The same package, bought many times at once through every process: one debit. Returns the seconds it took. */
export async function equalCheckouts(hosted: HostedProcesses, count: number): Promise<number> {
  const started = performance.now();
  const body = {
    job_id: `job${randomUUID().slice(0, 8)}`,
    step_id: 'cbb_1',
    workspace_id: randomUUID(),
    cbb_id: 'cbb_counter',
    version: '1.0.0',
    price_usd: '0.10',
    cap_usd: '20.00',
  };
  const clients = hosted.clients();
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const client = clients[n % clients.length] as TestClient;
      const buy = (): ReturnType<TestClient['checkout']> => client.checkout(body, `equal-${body.workspace_id}`);
      let answer = await buy();
      for (let round = 0; ASKED_AGAIN.includes(answer.status) && round < 5; round++) answer = await buy();
      return answer;
    }),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  must(refused.length === 0, `checkout: ${refused.length} refused, e.g. ${JSON.stringify(refused[0])}`);
  must(new Set(answers.map(({ body: { receipt } }) => receipt.receipt_id)).size === 1, 'more than one receipt');
  const usage = await (clients[0] as TestClient).usage(body.job_id);
  must(usage.rows.length === 1, `${usage.rows.length} debits for equal checkouts`);
  await requireBooks(hosted);
  return (performance.now() - started) / 1000;
}

/** Jobs that share one cap: it is never passed, and what does not fit ends as that. Returns how many succeeded. */
export async function sharedCap(hosted: HostedProcesses, count: number, capUsd: string): Promise<number> {
  const base = await persistently(hosted, (client) =>
    client.planRequest('ok', { cap_usd: capUsd } as Partial<JobRequest>),
  );
  const requests = Array.from({ length: count }, (_, n) => ({ ...base, step_id: `plan_${n + 1}` }));
  const { pool } = hosted;
  let most = 0;
  const watching = new AbortController();
  const watch = (async () => {
    while (!watching.signal.aborted) {
      const { rows } = await pool.query<{ micro: number }>(
        'SELECT coalesce(sum(CASE WHEN resolved_at IS NULL THEN amount_micro ELSE captured_micro END), 0)::int AS micro FROM holds WHERE job_id = $1',
        [base.job_id],
      );
      most = Math.max(most, rows[0]?.micro ?? 0);
      await delay(20);
    }
  })();
  const runIds: string[] = [];
  await inBatches(requests, 16, async (request) => runIds.push(await submit(hosted, request)));
  await allEnded(hosted, runIds, 300_000);
  watching.abort();
  await watch;
  const { rows } = await pool.query<{ status: RunView['status']; code: string | null; count: number }>(
    `SELECT status, error ->> 'code' AS code, count(*)::int AS count FROM runs WHERE run_id = ANY($1) GROUP BY 1, 2`,
    [runIds],
  );
  const cap = Math.round(Number(capUsd) * 1e6);
  must(most <= cap, `${most} micro-dollars were spent or held under a cap of ${cap}`);
  must(
    rows.every(({ status, code }) => status === 'succeeded' || code === 'BUDGET_EXCEEDED'),
    `other ends: ${JSON.stringify(rows)}`,
  );
  await requireBooks(hosted);
  return rows.find(({ status }) => status === 'succeeded')?.count ?? 0;
}

const SETTLE_MS = 15_000;

/** Queries a second and process while nothing happens. */
export async function idleQueries(hosted: HostedProcesses, seconds: number): Promise<number> {
  const { pool } = hosted;
  const count = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>(
      `SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()`,
    );
    return Number(rows[0]?.n);
  };
  // What the start did is over, and the server has been told of it: an idle connection tells its figures after 10 s.
  await delay(SETTLE_MS);
  const before = await count();
  const started = performance.now();
  await delay(seconds * 1_000);
  return ((await count()) - before) / ((performance.now() - started) / 1000) / hosted.count;
}
