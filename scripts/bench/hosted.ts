// What a hosted backend carries, each figure by itself on one PostgreSQL: jobs beside the bare workflow engine, one hot
// account of the ledger, what letting a request in costs, what a process asks while nothing happens.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { API_ROUTES, IDEMPOTENCY_HEADER, microUsd, type JobRequest } from '../../contracts/index.ts';
import { inTransaction, type Pool } from '../../backend/db/index.ts';
import { checkLedger, committed, openBuckets, type Act } from '../../backend/ledger/index.ts';
import { fakeFlows, fakeRouter } from '../../backend/test/fake-models.ts';
import { openHosted, type Hosted } from '../../backend/test/hosted.ts';
import { onSignal } from '../../backend/telemetry/signals.ts';
import { median, type Measurement } from './table.ts';

const LANES = 16;
/** Calls of the hot account at the same time: an organisation whose engineers all work. */
const CROWD = 256;
const SETTLEMENTS = 8_000;
const ADMISSIONS = 1_000;
const JOBS = 200;
/** Jobs at the same time, and bare workflows beside them. */
const PLACES = 64;
/** What a job of two calls does that lasts: two phases, the packages it sees, two calls, its end. */
const EFFECTS = 6;
/** Rounds of jobs and bare workflows, in turns, so that both have the same neighbours. */
const ROUNDS = 3;
/** The client looks so often whether its jobs have ended: its questions are not what is measured. */
const LOOK_MS = 100;
const IDLE_S = 10;
/** An idle connection tells its figures after 10 s. */
const SETTLE_MS = 15_000;

async function inLanes(count: number, work: (n: number) => Promise<unknown>, lanes = LANES): Promise<number> {
  const started = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let n = next++; n < count; n = next++) await work(n);
    }),
  );
  return (performance.now() - started) / 1000;
}

/** No limit stands in the way of what is measured. */
const PLANS = `plans:
  - plan: free
    version: 1
    name: { en: Bench, zh-CN: 测试 }
    price_usd: "0"
    stripe_lookup_key: null
    included_usd: "100000.00"
    models: ["*"]
    unfinished_jobs: 10000
    starts_per_minute: 100000
    prepaid_valid_days: 365
    on_demand: false
    over_quota: { then: refuse }
`;

const countOf = async (pool: Pool, sql: string, values: unknown[] = []): Promise<number> =>
  Number((await pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`, values)).rows[0]?.n);

interface Call {
  readonly accountId: string;
  readonly holdId: string;
}

const nothing = async (_tx: unknown, items: readonly unknown[]): Promise<null[]> => items.map(() => null);

const HOLD: Act<Call, null> = {
  name: 'attempt.open',
  money: ({ accountId, holdId }) => ({
    hold: { holdId, accountId, jobId: null, workflowId: `${holdId}.1`, amount: microUsd(50_000) },
  }),
  write: nothing,
};

const SETTLE: Act<Call, null> = {
  name: 'attempt.settle',
  money: ({ holdId }) => ({
    settlement: {
      entryId: `entry_${randomUUID()}`,
      holdId,
      charge: true,
      cost: microUsd(10_000),
      usage: {
        model: 'bench/m',
        rate_card: 'bench@1',
        input_tokens: 100,
        output_tokens: 20,
        cached_tokens: 0,
        cost_usd: '0.01',
        estimated: false,
      },
      attemptId: `attempt_${holdId}`,
      requestHash: 'bench',
      stepId: 'bench_1',
    },
  }),
  write: nothing,
};

/** Model calls of one account, so many at the same time: held, charged, booked, each told after its commit. */
async function hotAccount(pool: Pool, lanes: number, calls: number): Promise<number> {
  const accountId = `acct_${randomUUID()}`;
  await inTransaction(pool, 'blob.record', async (tx) => {
    await tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'bench')`, [accountId]);
    await openBuckets(tx, accountId, { included: null, onDemand: microUsd(0) });
  });
  const before = await countOf(pool, 'postings');
  const seconds = await inLanes(
    calls,
    async () => {
      const call = { accountId, holdId: `hold_${randomUUID()}` };
      await committed(pool, HOLD, accountId, call);
      await committed(pool, SETTLE, accountId, call);
    },
    lanes,
  );
  const faults = await checkLedger(pool);
  if (faults.length > 0) throw new Error(`the books are wrong: ${faults.join('; ')}`);
  return ((await countOf(pool, 'postings')) - before) / seconds;
}

/** Processor time in ms until now: of this process, client included, and of the database server. */
async function processorMs(pool: Pool): Promise<number> {
  const { user, system } = process.cpuUsage();
  const { rows } = await pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const server = Number(fieldsOf(String(rows[0]?.pid))[1]);
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = fieldsOf(pid);
    if (Number(pid) === server) ticks += Number(fields[13]) + Number(fields[14]);
    if (Number(pid) === server || Number(fields[1]) === server) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (user + system) / 1_000 + ticks * TICK_MS;
}
const TICK_MS = 10;

/** Of /proc/<pid>/stat, behind the name: state, parent, … user and system ticks (11, 12), those of ended children. */
function fieldsOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Work and the processor time that it took. */
async function costing<T>(pool: Pool, work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const before = await processorMs(pool);
  const value = await work();
  return { value, ms: (await processorMs(pool)) - before };
}

/**
 * Processor time of this process, client included, to answer 404 to somebody, and how long it takes to know who that
 * is.
 */
async function admission(hosted: Hosted, key: string): Promise<{ whole: number; known: number }> {
  const cost = async (path: string, headers: Record<string, string>): Promise<number> => {
    const ask = async (): Promise<void> => {
      const response = await fetch(`${hosted.url}${path}`, { headers });
      if (response.status >= 500) throw new Error(`${path}: ${String(response.status)}`);
      await response.arrayBuffer();
    };
    for (let n = 0; n < 200; n++) await ask();
    const before = process.cpuUsage();
    await inLanes(ADMISSIONS, ask);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / ADMISSIONS;
  };
  const durations: number[] = [];
  const close = onSignal('admission', ({ durationMs }) => durations.push(durationMs));
  const whole = await cost('/v1/no-such-route', { authorization: `Bearer ${key}` });
  close();
  return { whole, known: median(durations) * 1_000 };
}

/** Jobs of two model calls that answer at once, from acceptance to their end. */
async function jobs(hosted: Hosted, key: string): Promise<{ perSecond: number; waits: number[] }> {
  const { pool } = hosted.database;
  const headers = { authorization: `Bearer ${key}` };
  const spec = 'ok';
  const sha256 = await crypto.subtle
    .digest('SHA-256', Buffer.from(spec))
    .then((hash) => Buffer.from(hash).toString('hex'));
  await fetch(`${hosted.url}${API_ROUTES.blobs.replace(':sha256', sha256)}`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    body: spec,
  });
  const runIds: string[] = [];
  const started = performance.now();
  await inLanes(JOBS, async () => {
    const request: Partial<JobRequest> = {
      kind: 'plan',
      job_id: `job${randomUUID().slice(0, 13)}`,
      step_id: 'plan_1',
      attempt: 1,
      workspace_id: 'ws',
      model: null,
      cap_usd: '20.00',
      spec: sha256,
      spec_name: 'spec.md',
      feedback: [],
    };
    const answer = await fetch(`${hosted.url}${API_ROUTES.jobs}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', [IDEMPOTENCY_HEADER]: randomUUID() },
      body: JSON.stringify(request),
    });
    const { run_id: runId } = (await answer.json()) as { run_id?: string };
    if (runId === undefined) throw new Error(`a job was refused: ${String(answer.status)}`);
    runIds.push(runId);
  });
  while ((await countOf(pool, 'runs WHERE run_id = ANY($1) AND finished_at IS NULL', [runIds])) > 0)
    await delay(LOOK_MS);
  const seconds = (performance.now() - started) / 1000;
  if ((await countOf(pool, `runs WHERE run_id = ANY($1) AND status = 'succeeded'`, [runIds])) !== JOBS)
    throw new Error('not every job ended well');
  const { rows } = await pool.query<{ ms: number }>(
    'SELECT extract(epoch FROM dispatched_at - created_at)::float8 * 1000 AS ms FROM runs WHERE run_id = ANY($1) ORDER BY 1',
    [runIds],
  );
  return { perSecond: JOBS / seconds, waits: rows.map(({ ms }) => ms) };
}

export async function benchHosted(): Promise<Measurement[]> {
  const bare = DBOS.registerWorkflow(
    async () => {
      for (let n = 0; n < EFFECTS; n++) await DBOS.runStep(() => Promise.resolve(n), { name: `step${String(n)}` });
    },
    { name: 'bench_bare' },
  );
  const folder = await mkdtemp(join(tmpdir(), 'genrtl-bench-'));
  await writeFile(join(folder, 'plans.yaml'), PLANS);
  const hosted = await openHosted({
    router: fakeRouter('/dev/null'),
    flows: fakeFlows,
    env: {
      GENRTL_PLANS: join(folder, 'plans.yaml'),
      GENRTL_JOBS_PER_ACCOUNT: String(PLACES),
      GENRTL_JOBS_PER_USER: String(PLACES),
      GENRTL_JOBS_PER_PROCESS: String(PLACES),
      GENRTL_JOBS_UNFINISHED: '1000',
      GENRTL_REQUESTS_PER_MINUTE: '9000000',
      GENRTL_REQUESTS_BURST: '1000000',
    },
  });
  try {
    const { pool } = hosted.database;
    const person = await hosted.person();
    const made = await person.call<{ key: string }>('POST', API_ROUTES.accountKeys, {
      name: 'bench',
      scopes: ['work'],
      expires_in_days: 1,
    });
    const { key } = made.body;
    if (key === undefined) throw new Error(`no key: ${String(made.status)} ${JSON.stringify(made.body)}`);
    // a start's own work is over, and nothing that the jobs leave is tidied up yet
    await delay(SETTLE_MS);
    const transactions = async (): Promise<number> =>
      Number(
        (
          await pool.query<{ n: string }>(
            'SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()',
          )
        ).rows[0]?.n,
      );
    const before = await transactions();
    await delay(IDLE_S * 1_000);
    const idle = ((await transactions()) - before) / IDLE_S;
    const start = async (): Promise<void> => (await DBOS.startWorkflow(bare)()).getResult();
    await jobs(hosted, key);
    await inLanes(50, start);
    const rounds: { perSecond: number; raw: number; jobMs: number; rawMs: number; waits: number[] }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const ran = await costing(pool, () => jobs(hosted, key));
      const raw = await costing(pool, () => inLanes(JOBS, start, PLACES));
      rounds.push({
        ...ran.value,
        raw: JOBS / raw.value,
        jobMs: ran.ms / JOBS,
        rawMs: raw.ms / JOBS,
      });
    }
    const middle = (of: (round: (typeof rounds)[number]) => number): number => median(rounds.map(of));
    const waits = rounds.flatMap((round) => round.waits).sort((one, other) => one - other);
    const crowd = await hotAccount(pool, CROWD, SETTLEMENTS);
    const few = await hotAccount(pool, LANES, SETTLEMENTS / 10);
    const letIn = await admission(hosted, key);
    const percentile = (share: number): number => waits[Math.floor((waits.length - 1) * share)] ?? 0;
    return [
      { name: 'jobs of two calls with charges and events', value: middle(({ perSecond }) => perSecond), unit: '/s' },
      {
        name: `bare workflows with a recorded step for each of a job's ${String(EFFECTS)} effects`,
        value: middle(({ raw }) => raw),
        unit: '/s',
      },
      {
        name: 'jobs beside them',
        value: middle(({ perSecond, raw }) => perSecond / raw),
        unit: '×',
        goal: { min: 0.7 },
      },
      {
        name: 'processor time of a job, client and database included',
        value: middle(({ jobMs }) => jobMs),
        unit: 'ms',
      },
      { name: 'processor time of a bare workflow, database included', value: middle(({ rawMs }) => rawMs), unit: 'ms' },
      { name: 'wait of a job until it begins, p50', value: percentile(0.5), unit: 'ms' },
      { name: 'wait of a job until it begins, p95', value: percentile(0.95), unit: 'ms' },
      {
        name: `postings of one account, ${String(CROWD)} calls at a time`,
        value: crowd,
        unit: '/s',
        goal: { min: 2_000 },
      },
      { name: `postings of one account, ${String(LANES)} calls at a time`, value: few, unit: '/s' },
      { name: 'processor time of a request that is let in, client included', value: letIn.whole, unit: 'µs' },
      { name: 'time to know whose it is, p50', value: letIn.known, unit: 'µs' },
      { name: 'queries of an idle process', value: idle, unit: '/s', goal: { max: 5 } },
    ];
  } finally {
    await hosted.close();
    await rm(folder, { recursive: true, force: true });
  }
}
