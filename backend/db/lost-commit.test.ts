// COMMIT carried out, its answer lost: for every transaction that writes, by name. What is in the database then, and
// what the caller hears, is what an undisturbed run leaves, and the books are right.
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { DEVICE_GRANT, type DeviceCode } from '@genrtl/contracts/http/accounts.ts';
import { GenrtlError, microUsd, type CbbListing, type JobRequest } from '@genrtl/contracts';
import { readAiRequest, type AiRunView } from '@genrtl/contracts/http/ai.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NO_CONFIG } from '../ai/config.ts';
import { insertFlowRun } from '../ai/repository/runs.ts';
import { insertSegments } from '../ai/repository/segments.ts';
import { ResponseCache } from '../ai/response-cache.ts';
import { AiRuns } from '../ai/runs.ts';
import { Beginnings } from '../ai/beginnings.ts';
import { HoldSlices } from '../ai/hold-slices.ts';
import { SegmentWriter } from '../ai/segment-writer.ts';
import { StepWriter } from '../steps/step-writer.ts';
import { insertFlowSteps } from '../steps/repository/steps.ts';
import { GroupWriter } from './group-writer.ts';
import { AI_SETTINGS } from '../ai/services.ts';
import { FLOWS } from '../flows/index.ts';
import { createApp } from '../http/app.ts';
import { checkout, deliver } from '../http/deliveries.ts';
import { DownloadTokens } from '../http/download-tokens.ts';
import type { HttpServices } from '../http/services.ts';
import { makeKey } from '../accounts/keys.ts';
import { LOCAL, type Principal } from '../accounts/principal.ts';
import { pruneCredentials } from '../accounts/repository/credentials.ts';
import { beginDevice, decideDevice, endSignIn, issueTokens } from '../accounts/sign-ins.ts';
import { openAttempt, settleAnswered, settleLost } from '../jobs/attempts.ts';
import { callModel } from '../jobs/model-call.ts';
import { recordPhase } from '../jobs/phases.ts';
import { finishRun, findRun, insertRun, recordBlob, requestCancel, type RunRow } from '../jobs/repository/runs.ts';
import { Dispatcher } from '../jobs/dispatcher.ts';
import type { JobEngine } from '../jobs/engine.ts';
import { OWN_MACHINE } from '../jobs/limits.ts';
import type { JobServices } from '../jobs/services.ts';
import { TokenStreams } from '../jobs/token-stream.ts';
import { submit } from '../jobs/submit.ts';
import { askToCancel, recordEnd, restartRun } from '../jobs/workflow.ts';
import {
  checkLedger,
  closeExpired,
  consentToOnDemand,
  ensureBudget,
  openBuckets,
  openPeriod,
  setOnDemandLimit,
} from '../ledger/index.ts';
import { KnownTerms } from '../billing/known-terms.ts';
import { mailOnce } from '../billing/mails.ts';
import { keepPlans, SHIPPED_PLANS } from '../billing/plans.ts';
import { claimExports } from '../billing/repository/exports.ts';
import { keepCustomer, keepEvent, lockSubscribing } from '../billing/repository/stripe.ts';
import { applyObject, type ApplyServices } from '../billing/stripe/apply.ts';
import type { ModelPrompt } from '../models/model.ts';
import { sharedModels } from '../models/client-models.ts';
import { FolderStore } from '../objects/index.ts';
import * as privacy from '../privacy/repository.ts';
import type { Publisher } from '../registry/repository/claims.ts';
import { countDownload, countPasses, readPackage, setVisibility } from '../registry/repository/packages.ts';
import { publicationLog, publicationsOf, type Attempt } from '../registry/repository/publications.ts';
import { createRegistryRepository } from '../registry/repository/versions.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { fakeRouter, HOLD_MICRO } from '../test/fake-models.ts';
import { losingPool } from '../test/losing-pool.ts';
import {
  createPool,
  inTransaction,
  migrate,
  readMigrations,
  TRANSACTIONS,
  type Pool,
  type TransactionName,
} from './index.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'genrtl-lost-'));
  await new FolderStore(join(folder, 'objects')).put(Readable.from([ARCHIVE]), {});
}, 60_000);
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An account of its own with a job and a run, in the real database. */
interface World {
  readonly account: string;
  readonly run: RunRow;
  services(pool: Pool): JobServices;
}

const BLOB = 'a'.repeat(64);
const ARCHIVE = Buffer.from('archive');
const LISTING = {
  sha256: createHash('sha256').update(ARCHIVE).digest('hex'),
  size_bytes: ARCHIVE.length,
  manifest: { cbb_id: 'cbb_fifo_sync', version: '1.0.0', price_usd: '0.50' },
} as unknown as CbbListing;

function requestOf(job: string): JobRequest {
  return {
    kind: 'plan',
    job_id: job,
    step_id: 'plan_1',
    attempt: 1,
    workspace_id: 'ws',
    model: null,
    cap_usd: '1.00',
    spec: BLOB,
    spec_name: 's.md',
    feedback: [],
  };
}

async function newWorld(): Promise<World> {
  const account = `account-${randomUUID()}`;
  const request = requestOf(`job-${randomUUID().slice(0, 8)}`);
  const run = await testTransaction(database.pool, async (tx) => {
    await tx.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'test')`, [account]);
    await openBuckets(tx, account, { included: null, onDemand: null });
    await ensureBudget(tx, account, request.job_id, microUsd(1_000_000));
    await recordBlob(tx, account, { sha256: BLOB, sizeBytes: 1 });
    const runId = `run_${randomUUID()}`;
    await insertRun(tx, { runId, accountId: account, request });
    const made = await findRun(tx, runId);
    if (made === null) throw new Error('no run');
    return made;
  });
  const upstream = join(folder, `${account}.txt`);
  const news = { announce: () => undefined };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const services = (pool: Pool): JobServices =>
    ({
      pool,
      news,
      tokens: new TokenStreams({ pool, news, log }),
      steps: { add: () => undefined },
      payloads: () => false,
      objects: new FolderStore(join(folder, 'objects')),
      packages: {
        seenBy: () => ({ find: async () => LISTING, latest: async () => [] }),
        signatureOf: async () => ({ signature: '', public_key: '' }),
      },
      models: sharedModels(fakeRouter(upstream)),
      flows: FLOWS,
      limitsOf: () => OWN_MACHINE,
      terms: new KnownTerms(pool),
      log,
    }) as unknown as JobServices;
  return { account, run, services };
}

const prompt = (world: World, script: string): ModelPrompt => ({
  service: 'plan',
  template: 'test@1',
  system: script,
  messages: [{ role: 'user', content: 'x' }],
  maxOutputTokens: 10,
  composer: { spec: '', specName: 's.md', request: world.run.request },
});

const ask = (world: World, pool: Pool, script: string): Promise<unknown> =>
  callModel(world.services(pool), world.run, {
    name: 'call',
    prompt: prompt(world, script),
    catalog: [],
    seen: [],
    signal: new AbortController().signal,
    retry: { maxAttempts: 24, maxDelayMs: 120_000 },
    left: null,
  });

const again = { start: async () => undefined } as unknown as JobEngine;

const submitted = (world: World, pool: Pool, key: string): Promise<unknown> =>
  submit(world.services(pool), again, {
    accountId: world.account,
    userId: '',
    leaseId: null,
    key,
    requestHash: 'b'.repeat(64),
    request: requestOf('a-job-of-its-own'),
  });

/** Stripe with one subscription, which is paid. */
const stripeOf = (world: World, pool: Pool): ApplyServices =>
  ({
    pool,
    plans: SHIPPED_PLANS,
    now: () => NOW,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    stripe: {
      subscriptions: {
        retrieve: async (id: string) => ({
          id,
          customer: `cus_${world.account}`,
          status: 'active',
          created: NOW.getTime() / 1000,
          billing_cycle_anchor: NOW.getTime() / 1000,
          cancel_at_period_end: false,
          latest_invoice: { id: 'in', status: 'paid' },
          items: {
            data: [
              {
                price: { lookup_key: 'genrtl_pro_monthly' },
                current_period_start: NOW.getTime() / 1000,
                current_period_end: NOW.getTime() / 1000 + 31 * 86_400,
              },
            ],
          },
        }),
      },
    },
  }) as unknown as ApplyServices;
async function customer(world: World): Promise<void> {
  await planned(world);
  await testTransaction(database.pool, (tx) => keepCustomer(tx, world.account, `cus_${world.account}`));
}

const NOW = new Date('2026-03-10T00:00:00Z');
/** On the free plan, as accounts of persons are. */
async function planned(world: World): Promise<void> {
  await testTransaction(database.pool, async (tx) => {
    await keepPlans(tx, SHIPPED_PLANS);
    await tx.query('INSERT INTO billing_accounts (account_id, anchor) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      world.account,
      '2026-01-31T00:00:00Z',
    ]);
  });
}

const buy = (world: World, pool: Pool): ReturnType<typeof checkout> =>
  checkout(world.services(pool), {
    accountId: world.account,
    key: `key of ${world.account}`,
    requestHash: 'b'.repeat(64),
    request: {
      job_id: world.run.job_id,
      step_id: 'cbb_checkout_1',
      workspace_id: 'ws',
      cbb_id: 'cbb_fifo_sync',
      version: '1.0.0',
      price_usd: '0.50',
      cap_usd: null,
    },
  });

/** The HTTP routes on a pool, as the account of the world. */
async function call(world: World, pool: Pool, method: string, path: string, body: unknown): Promise<unknown> {
  const jobs = world.services(pool);
  const app = createApp({
    pool,
    jobs,
    health: { draining: false },
    allowedHosts: () => new Set(),
    principalOf: async () => ({ ...LOCAL, accountId: world.account }),
    accounts: null,
    requestRate: null,
    version: 'test',
  } as unknown as HttpServices);
  const raw = typeof body === 'string';
  const answer = await app.request(path, {
    method,
    headers: { authorization: 'Bearer t', ...(raw ? {} : { 'content-type': 'application/json' }) },
    body: raw ? body : JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

const codes = new WeakMap<World, DeviceCode>();
const refresh = new WeakMap<World, string>();
/** A signed-up person whose id is the name of the world's account. */
async function person({ account }: World): Promise<void> {
  await database.pool.query(
    `INSERT INTO auth."user" ("id", "name", "email", "emailVerified") VALUES ($1, 'p', $1 || '@example.com', true)`,
    [account],
  );
}
async function device(world: World): Promise<void> {
  await person(world);
  codes.set(world, await beginDevice(database.pool, world.account, world.account, 'http://test'));
}
const tokens = (world: World, pool: Pool): ReturnType<typeof issueTokens> =>
  issueTokens(
    pool,
    { grant_type: DEVICE_GRANT, client_id: 'genrtl', device_code: codes.get(world)?.device_code ?? '' },
    '127.0.0.1',
  );
const owner = ({ account }: World): Principal => ({
  ...LOCAL,
  accountId: `user_${account}`,
  role: 'person',
  person: { id: account, email: '', name: '' },
});
const question = readAiRequest('ask', { client: { runId: 'asked' }, instruction: 'what is this?' });

const openSlices = (world: World, pool: Pool): HoldSlices =>
  new HoldSlices({ pool, owner: 'me', idleMs: 60_000, log: world.services(pool).log });

/** Those that are ready when the account's next run begins. */
async function placedSlices(world: World, pool: Pool): Promise<HoldSlices> {
  const slices = openSlices(world, pool);
  expect(slices.take(world.account, microUsd(HOLD_MICRO))).toBeNull();
  await slices.placed();
  return slices;
}

/** Without slices nothing is held ahead. */
function aiRuns(world: World, pool: Pool, slices?: HoldSlices): AiRuns {
  const services = world.services(pool);
  const group = new GroupWriter();
  const writer = new SegmentWriter(
    (segments) => insertSegments(database.pool, segments),
    () => undefined,
    group,
  );
  const steps = new StepWriter(
    (runs) => insertFlowSteps(database.pool, runs),
    () => undefined,
    group,
  );
  const ready = slices ?? closed(openSlices(world, pool));
  return new AiRuns({
    ...services,
    writer,
    steps,
    cache: new ResponseCache(),
    terms: new KnownTerms(pool),
    slices: ready,
    beginnings: new Beginnings(pool, ready.workflowId),
    owner: 'me',
    settings: AI_SETTINGS,
    config: { current: NO_CONFIG },
  });
}

function closed(slices: HoldSlices): HoldSlices {
  void slices.close();
  return slices;
}

/** The run as it is when this process has ended it. */
async function endOf(world: World, ai: AiRuns, runId = 'asked'): Promise<AiRunView> {
  const key = { accountId: world.account, runId };
  await vi.waitFor(() => {
    expect(ai.active).toBe(0);
  }, 20_000);
  return ai.view(key);
}

async function askedOn(ai: AiRuns, world: World, runId: string): Promise<AiRunView> {
  await ai.start({
    accountId: world.account,
    leaseId: null,
    requestHash: 'c'.repeat(64),
    request: { ...question, runId },
    path: '/api/ai/ask',
  });
  return endOf(world, ai, runId);
}

const answered = (world: World, pool: Pool, slices?: HoldSlices): Promise<unknown> =>
  askedOn(aiRuns(world, pool, slices), world, 'asked');

async function answeredAgain(world: World, pool: Pool): Promise<unknown> {
  const ai = aiRuns(world, pool);
  await askedOn(ai, world, 'asked');
  return askedOn(ai, world, 'again');
}

/** A run whose process has died before it had asked anybody. */
const leftRun = (world: World): Promise<unknown> =>
  testTransaction(database.pool, (tx) =>
    insertFlowRun(
      tx,
      { accountId: world.account, runId: 'asked' },
      {
        request: question,
        requestHash: 'c'.repeat(64),
        contextHash: '',
        flow: 'ask@1',
        template: 'ask@v1',
        renderMode: 'streaming-text',
        model: 'fake/first',
        owner: 'dead',
        retained: true,
      },
    ),
  );

interface Case {
  /** brings the world to where the transaction is due */
  readonly before?: (world: World) => Promise<unknown>;
  readonly act: (world: World, pool: Pool) => Promise<unknown>;
}

const ownPackage = ({ account }: World): string => `cbb_${account.replace(/\W/g, '').slice(0, 40)}`;

const publishOwn = (world: World, pool: Pool): Promise<boolean> =>
  createRegistryRepository(pool).insert(
    {
      listing: {
        ...LISTING,
        published_at: '2026-01-01T00:00:00.000Z',
        manifest: { ...LISTING.manifest, cbb_id: ownPackage(world) },
      },
      signature: 's',
      publicKey: 'k',
    },
    publisherOf(world),
  );

const publisherOf = ({ account }: World): Publisher => ({ accountId: account, role: 'local', personId: null });
const attemptOf = (world: World): Attempt => ({
  account: world.account,
  source: 'f'.repeat(64),
  cbbId: ownPackage(world),
  version: '1.0.0',
});

const CASES: Readonly<Record<TransactionName, Case>> = {
  'ai.open': { act: (world, pool) => answered(world, pool) },
  'ai.begin': {
    act: async (world, pool) => answered(world, pool, await placedSlices(world, database.pool)),
  },
  'ai.lease': {
    act: async (world, pool) => {
      const ready = (await placedSlices(world, pool)).readyFor(world.account);
      expect(ready).toBeGreaterThan(0);
      return ready;
    },
  },
  'ai.settle': { act: (world, pool) => answered(world, pool) },
  // A known answer has nothing to settle.
  'ai.end': { act: answeredAgain },
  'ai.adopt': {
    before: leftRun,
    act: async (world, pool) => {
      const ai = aiRuns(world, pool);
      await ai.find({ accountId: world.account, runId: 'asked' }, null);
      return endOf(world, ai);
    },
  },
  'ai.resume': {
    before: async (world) => {
      await leftRun(world);
      await aiRuns(world, database.pool).cancel({ accountId: world.account, runId: 'asked' });
    },
    act: async (world, pool) => {
      const ai = aiRuns(world, pool);
      await ai.resume({ accountId: world.account, runId: 'asked' }, null, null);
      return endOf(world, ai);
    },
  },
  'ai.cancel': {
    before: leftRun,
    act: async (world, pool) => {
      const ai = aiRuns(world, pool);
      await ai.cancel({ accountId: world.account, runId: 'asked' });
      return endOf(world, ai);
    },
  },
  'attempt.open': { act: (world, pool) => ask(world, pool, 'ok') },
  'attempt.settle': { act: (world, pool) => ask(world, pool, 'fail-first') },
  'attempt.lost': {
    before: (world) =>
      openAttempt(
        database.pool,
        fakeRouter(join(folder, 'upstream.txt')),
        world.run,
        { name: 'call', prompt: prompt(world, 'ok'), promptHash: BLOB },
        { id: 'fake/first', provider: 'compatible', rateCard: 'fake@1' },
        1,
      ),
    act: (world, pool) => ask(world, pool, 'ok'),
  },
  // long enough that not all of its text goes with its end
  'run.token': { act: (world, pool) => ask(world, pool, 'slow') },
  'run.retry': { act: (world, pool) => ask(world, pool, 'fail-first') },
  'run.phase': {
    act: (world, pool) =>
      recordPhase(world.services(pool), world.run, 'key', { type: 'phase', phase: 'reading' }, 'reading'),
  },
  'run.record': { act: (world, pool) => submitted(world, pool, 'key') },
  'run.take_up': {
    before: async (world) => {
      const run = (await submitted(world, database.pool, 'key')) as { run_id: string };
      const error = new GenrtlError('CANCELLED', 'Cancelled').toBody();
      await testTransaction(database.pool, (tx) =>
        finishRun(tx, run.run_id, { status: 'cancelled', output: null, error }),
      );
    },
    act: (world, pool) => submitted(world, pool, 'key'),
  },
  'queue.take': {
    before: (world) =>
      database.pool.query('UPDATE runs SET dispatched_at = now() WHERE account_id <> $1 AND dispatched_at IS NULL', [
        world.account,
      ]),
    act: async (world, pool) => {
      const begun: string[] = [];
      const dispatcher = new Dispatcher({
        pool,
        log: world.services(pool).log,
        news: { announce: () => undefined },
        worker: 'one',
        capacity: 1,
        limitsOf: () => OWN_MACHINE,
        active: () => 0,
        begin: async (run) => void begun.push(run.account_id),
      });
      await dispatcher.look();
      return begun;
    },
  },
  'run.cancel': { act: (world, pool) => askToCancel(world.services(pool), world.run.run_id) },
  'run.end': {
    before: (world) => testTransaction(database.pool, (tx) => requestCancel(tx, world.run.run_id)),
    act: (world, pool) =>
      recordEnd(world.services(pool), world.run, {
        status: 'failed',
        output: null,
        error: new GenrtlError('PLAN_INVALID', 'no plan').toBody(),
      }),
  },
  'run.restart': { act: (world, pool) => restartRun(world.services(pool), world.run) },
  'package.purchase': { act: buy },
  'package.reverse': {
    before: (world) => buy(world, database.pool),
    act: async (world, pool) => {
      const { rows } = await database.pool.query<{ receipt_id: string }>(
        'SELECT receipt_id FROM receipts WHERE account_id = $1',
        [world.account],
      );
      const objects = new FolderStore(join(folder, 'empty'));
      return deliver({ ...world.services(pool), objects }, new DownloadTokens('s'), {
        accountId: world.account,
        receiptIds: rows.map((row) => row.receipt_id),
        origin: 'http://test',
      }).catch((error: unknown) => GenrtlError.of(error).code);
    },
  },
  'package.report': {
    act: (world, pool) =>
      call(world, pool, 'POST', '/v1/cbb/report', {
        cbb_id: 'cbb_fifo_sync',
        version: '1.0.0',
        message: 'm',
        evidence: null,
      }),
  },
  'package.yank': {
    before: (world) => publishOwn(world, database.pool).then(() => undefined),
    act: (world, pool) =>
      createRegistryRepository(pool)
        .yank(ownPackage(world), LISTING.manifest.version, publisherOf(world), 'broken')
        .then(() => 'yanked'),
  },
  'package.publish': { act: publishOwn },
  'package.change': {
    before: (world) => publishOwn(world, database.pool).then(() => undefined),
    act: (world, pool) =>
      setVisibility(pool, ownPackage(world), world.account, 'private').then(() =>
        readPackage(database.pool, ownPackage(world), world.account).then((row) => row.visibility),
      ),
  },
  // counted twice where nobody heard of the first: nothing hangs on it
  'package.download': { act: (world, pool) => countDownload(pool, ownPackage(world), '1.0.0').then(() => null) },
  'package.pass': {
    act: (world, pool) => countPasses(pool, world.account, 'job', [{ cbb_id: 'cbb_x', version: '1.0.0' }]),
  },
  'package.verify': {
    act: (world, pool) =>
      publicationLog(pool)
        .begin(attemptOf(world))
        .then(() => publicationsOf(database.pool, world.account))
        .then((rows) => rows.length),
  },
  'blob.record': {
    act: (world, pool) => call(world, pool, 'PUT', `/v1/blobs/${createHash('sha256').update('x').digest('hex')}`, 'x'),
  },
  'billing.apply': {
    before: customer,
    act: (world, pool) => applyObject(stripeOf(world, pool), 'subscription', `sub_${world.account}`),
  },
  'billing.customer': {
    before: planned,
    act: (world, pool) =>
      inTransaction(pool, 'billing.customer', (tx) => keepCustomer(tx, world.account, `cus_${world.account}`)),
  },
  // who hears nothing of a claim leaves it to the next round
  'billing.event': {
    act: (world, pool) => {
      const event = { id: world.account, type: 't', objectKind: 'k', objectId: 'o', raw: '{}' };
      return inTransaction(pool, 'billing.event', (tx) => keepEvent(tx, event)).then(() => null);
    },
  },
  'billing.export': {
    act: (_, pool) => inTransaction(pool, 'billing.export', (tx) => claimExports(tx, NOW, 5)).then(() => null),
  },
  // it writes nothing: who asks again gets another page, and the one before leads nowhere
  'billing.subscribe': {
    act: (world, pool) =>
      inTransaction(pool, 'billing.subscribe', (tx) => lockSubscribing(tx, world.account)).then(() => null),
  },
  'billing.mail': {
    act: (world, pool) => inTransaction(pool, 'billing.mail', (tx) => mailOnce(tx, world.account, 'refund', 'once')),
  },
  'billing.plans': { act: (_, pool) => inTransaction(pool, 'billing.plans', (tx) => keepPlans(tx, SHIPPED_PLANS)) },
  'billing.period': {
    before: planned,
    act: (world, pool) =>
      inTransaction(pool, 'billing.period', (tx) => openPeriod(tx, world.account, NOW)).then((row) => row?.period_end),
  },
  'billing.limit': {
    before: planned,
    act: (world, pool) =>
      inTransaction(pool, 'billing.limit', (tx) => setOnDemandLimit(tx, world.account, microUsd(5_000_000))),
  },
  'billing.consent': {
    before: async (world) => {
      await planned(world);
      await testTransaction(database.pool, (tx) => setOnDemandLimit(tx, world.account, microUsd(5_000_000)));
    },
    act: (world, pool) =>
      inTransaction(pool, 'billing.consent', (tx) => consentToOnDemand(tx, world.account, 'ada', NOW)),
  },
  'billing.close': {
    before: async (world) => {
      await planned(world);
      await testTransaction(database.pool, (tx) => openPeriod(tx, world.account, NOW));
    },
    act: (_, pool) =>
      inTransaction(pool, 'billing.close', (tx) => closeExpired(tx, new Date(NOW.getTime() + 32 * 86_400_000))).then(
        () => null,
      ),
  },
  'account.deletion': {
    before: person,
    act: (world, pool) =>
      inTransaction(pool, 'account.deletion', async (tx) => {
        await privacy.askForDeletion(tx, `user_${world.account}`, world.account, 0);
        return (await privacy.findDeletion(tx, `user_${world.account}`))?.asked_by === world.account;
      }),
  },
  'account.close': {
    before: async (world) => {
      await person(world);
      await privacy.askForDeletion(database.pool, `user_${world.account}`, world.account, 0);
    },
    act: (world, pool) =>
      inTransaction(pool, 'account.close', async (tx) => {
        await privacy.closeAccount(tx, await privacy.subjectOf(tx, `user_${world.account}`));
        return (await privacy.findDeletion(tx, `user_${world.account}`))?.closed_at !== null;
      }),
  },
  'account.erase': {
    before: person,
    act: (world, pool) =>
      inTransaction(pool, 'account.erase', async (tx) => {
        const subject = await privacy.subjectOf(tx, `user_${world.account}`);
        for (const treatment of await privacy.presentTreatments(tx)) await privacy.endTable(tx, treatment, subject);
      }),
  },
  'object.remove': {
    act: (world, pool) =>
      inTransaction(pool, 'object.remove', async (tx) => {
        await privacy.askForRemoval(tx, [createHash('sha256').update(world.account).digest('hex')]);
        return (await privacy.removableObjects(tx, 3_600_000)).length;
      }),
  },
  'account.prune': { act: (_, pool) => inTransaction(pool, 'account.prune', pruneCredentials) },
  'account.key': {
    before: person,
    act: (world, pool) =>
      makeKey(pool, owner(world), { name: 'k', scopes: ['work'], expires_in_days: null }).then(({ scopes }) => scopes),
  },
  'account.revoke': {
    before: async (world) => {
      await person(world);
      await database.pool.query(
        `INSERT INTO auth.session ("id", "expiresAt", "token", "updatedAt", "userId") VALUES ($1, now(), $1, now(), $1)`,
        [world.account],
      );
    },
    act: (world, pool) => endSignIn(pool, world.account, world.account),
  },
  'sign_in.ask': {
    before: person,
    act: (world, pool) => beginDevice(pool, world.account, '127.0.0.1', 'http://test').then(({ interval }) => interval),
  },
  'sign_in.decide': {
    before: device,
    act: (world, pool) => decideDevice(pool, world.account, codes.get(world)?.user_code ?? '', true),
  },
  'sign_in.redeem': {
    before: async (world) => {
      await device(world);
      await decideDevice(database.pool, world.account, codes.get(world)?.user_code ?? '', true);
    },
    act: (world, pool) => tokens(world, pool).then(({ token_type }) => token_type),
  },
  'sign_in.refresh': {
    before: async (world) => {
      await device(world);
      await decideDevice(database.pool, world.account, codes.get(world)?.user_code ?? '', true);
      refresh.set(world, (await tokens(world, database.pool)).refresh_token);
    },
    act: (world, pool) =>
      issueTokens(
        pool,
        { grant_type: 'refresh_token', client_id: 'genrtl', refresh_token: refresh.get(world) ?? '' },
        '127.0.0.1',
      ).then(({ token_type }) => token_type),
  },
  'budget.raise': {
    act: (world, pool) => call(world, pool, 'PUT', `/v1/budgets/${world.run.job_id}`, { cap_usd: '7.00' }),
  },
};

/** Everything that belongs to the account, without ids and times. */
async function contents(account: string): Promise<unknown> {
  const queries = {
    entries: `SELECT kind, step_id, item, sum(p.amount_micro) FILTER (WHERE a.keeps_balance) AS paid
              FROM journal_entries e JOIN postings p USING (entry_id) JOIN ledger_accounts a USING (ledger_account_id)
              WHERE e.account_id = $1 GROUP BY e.entry_id, kind, step_id, item, ordinal ORDER BY ordinal`,
    buckets: 'SELECT code, posted_micro, pending_micro FROM ledger_accounts WHERE account_id = $1 ORDER BY code',
    holds: 'SELECT state, amount_micro, captured_micro FROM holds WHERE account_id = $1 ORDER BY created_at',
    budgets: 'SELECT cap_micro, spent_micro, held_micro FROM job_budgets WHERE account_id = $1 ORDER BY created_at',
    attempts: 'SELECT call_name, attempt, model, state FROM model_attempts WHERE account_id = $1 ORDER BY started_at',
    flows: 'SELECT status, attempt, model, answer FROM flow_runs WHERE account_id = $1 ORDER BY created_at',
    calls: 'SELECT attempt, model, state, usage FROM flow_attempts WHERE account_id = $1 ORDER BY started_at',
    runs: 'SELECT generation, status, phase, cancel_requested FROM runs WHERE account_id = $1 ORDER BY created_at',
    // How many events the same text takes depends on the load.
    events: `SELECT type FROM run_events JOIN runs USING (run_id) WHERE account_id = $1 AND type <> 'token' ORDER BY seq`,
    texts: `SELECT string_agg(body->>'text', '' ORDER BY seq) AS text FROM run_events JOIN runs USING (run_id)
            WHERE account_id = $1 AND type = 'token'`,
    keys: 'SELECT kind, key FROM idempotency_keys WHERE account_id = $1 ORDER BY key',
    receipts: 'SELECT cbb_id, price_micro, bucket FROM receipts WHERE account_id = $1',
    entitlements: 'SELECT cbb_id, revoked_at IS NULL AS valid FROM entitlements WHERE account_id = $1',
    blobs: 'SELECT size_bytes FROM blobs WHERE account_id = $1 ORDER BY sha256',
    reports: 'SELECT message FROM cbb_reports WHERE account_id = $1',
    tokens: `SELECT s.device, count(DISTINCT a.hash) AS access, count(DISTINCT r.hash) AS refresh, count(DISTINCT r.used_at) AS used
             FROM auth.sign_ins s JOIN auth.access_tokens a USING (sign_in_id) JOIN auth.refresh_tokens r USING (sign_in_id)
             WHERE s.user_id = $1 GROUP BY s.device`,
    asked: 'SELECT decided, interval_s, sign_in_id IS NOT NULL AS redeemed FROM auth.device_grants WHERE device = $1',
    api_keys: 'SELECT name, scopes FROM auth.api_keys WHERE made_by = $1',
    sessions: 'SELECT count(*) FROM auth.session WHERE "userId" = $1',
    grants: 'SELECT kind, amount_micro, expires_at, closed_at IS NOT NULL AS closed FROM grants WHERE account_id = $1',
    consents: 'SELECT valid_until, limit_micro FROM on_demand_consents WHERE account_id = $1',
    mails: 'SELECT kind FROM billing_mails WHERE account_id = $1',
    stripe: 'SELECT count(*) FROM stripe_events WHERE event_id = $1',
    billing: 'SELECT customer_id, plan_id, period_start, period_end FROM billing_accounts WHERE account_id = $1',
    versions: 'SELECT version, signature FROM cbb_versions WHERE account_id = $1',
  };
  const found: Record<string, unknown> = {};
  for (const [name, sql] of Object.entries(queries)) found[name] = (await database.pool.query(sql, [account])).rows;
  return JSON.parse(JSON.stringify(found).replaceAll(account, 'ACCOUNT'));
}

/** What the caller heard, without ids and times. */
const heard = (answer: unknown): unknown =>
  JSON.parse(
    JSON.stringify(answer ?? null)
      .replace(/[a-z]+_[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
      .replace(/account-[0-9a-f-]{36}|job-[0-9a-f]{8}/g, 'NAME')
      .replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, '"TIME"')
      // how many events a text comes in depends on the moment
      .replace(/"lastSeq":\d+/g, '"lastSeq":0'),
  );

async function story(name: TransactionName, how: 'undisturbed' | 'after' | 'before'): Promise<unknown> {
  const world = await newWorld();
  const { before, act } = CASES[name];
  await before?.(world);
  const losing = how === 'undisturbed' ? null : losingPool(database.pool, name, how);
  const answer = heard(await act(world, losing?.pool ?? database.pool));
  if (losing !== null) expect(losing.lost).toEqual([name]);
  return { answer, contents: await contents(world.account) };
}

describe('the answer of COMMIT is lost', () => {
  it.each(TRANSACTIONS)('%s', async (name) => {
    const undisturbed = await story(name, 'undisturbed');
    expect(await story(name, 'after')).toEqual(undisturbed);
    expect(await story(name, 'before')).toEqual(undisturbed);
    expect(await checkLedger(database.pool)).toEqual([]);
  });

  it('twice in a row for one charge: still once', async () => {
    const world = await newWorld();
    const losing = losingPool(database.pool, 'attempt.settle', 'after', 2);
    await ask(world, losing.pool, 'ok');
    expect(losing.lost.length).toBe(2);
    const { rows } = await database.pool.query('SELECT 1 FROM journal_entries WHERE account_id = $1', [world.account]);
    expect(rows.length).toBe(1);
  });

  it('a migration: the same start goes on, and applies nothing twice', async () => {
    await database.pool.query('CREATE DATABASE migrating');
    const url = new URL(database.url);
    url.pathname = '/migrating';
    const pool = createPool(url.href, { max: 2 });
    try {
      const migrations = await readMigrations();
      const losing = losingPool(pool, 'migration', 'after', 2);
      expect(await migrate(losing.pool, migrations)).toEqual(migrations.map(({ name }) => name));
      expect(losing.lost.length).toBe(2);
      expect(await migrate(pool, migrations)).toEqual([]);
    } finally {
      await pool.end();
    }
  });

  it('what another settled is not taken for one’s own', async () => {
    const world = await newWorld();
    const router = fakeRouter(join(folder, 'upstream.txt'));
    const call = { name: 'call', prompt: prompt(world, 'ok'), promptHash: BLOB };
    const model = { id: 'fake/first', provider: 'compatible', rateCard: 'fake@1' } as const;
    const open = await openAttempt(database.pool, router, world.run, call, model, 1);
    await testTransaction(database.pool, (tx) => settleLost(tx, world.run));
    const usage = {
      model: model.id,
      rate_card: 'fake@1',
      input_tokens: 1,
      output_tokens: 1,
      cached_tokens: 0,
      cost_usd: '0.01',
      estimated: false,
    };
    await expect(settleAnswered(database.pool, world.run, open, { text: 'late', usage })).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });
});
