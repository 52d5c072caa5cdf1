// Housekeeping on the real database: what a hold lives with, and what readers of old events get.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GenrtlError, microUsd, type JobRequest } from '@genrtl/contracts';
import { GroupWriter } from '../db/group-writer.ts';
import { reading, type Pool } from '../db/index.ts';
import { budgetView, ensureBudget, openHolds } from '../ledger/index.ts';
import { openTestDatabase, testTransaction, type TestDatabase } from '../test/database.ts';
import { fakeRouter, planNamed } from '../test/fake-models.ts';
import { nothingUsed } from '../models/progress.ts';
import { openAttempt, settleAnswered, settleFailed, settleLost } from './attempts.ts';
import { ENGINE_VERSION } from './engine.ts';
import { appendEvent, eventsAfter, insertTokens } from './repository/events.ts';
import { findRun, finishRun, insertRun, lockRun, reopenRun, unfinishedRuns, type RunRow } from './repository/runs.ts';
import { sweep } from './sweeper.ts';
import type { JobServices } from './services.ts';
import { viewOf } from './submit.ts';
import { RunBus } from './run-bus.ts';
import { TokenStreams } from './token-stream.ts';

let database: TestDatabase;
let pool: Pool;
let services: JobServices;
beforeAll(async () => {
  database = await openTestDatabase();
  pool = database.pool;
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  // Only pool, log and news are used by what is tested here.
  services = { pool, log: silent, news: { announce: () => undefined } } as unknown as JobServices;
}, 60_000);
afterAll(async () => {
  await database.close();
});

async function newRun(): Promise<RunRow> {
  const runId = `run_${randomUUID()}`;
  const request = {
    kind: 'plan',
    job_id: `job_${randomUUID()}`,
    step_id: 'plan_1',
    attempt: 1,
    workspace_id: 'ws',
    model: null,
    cap_usd: '1.00',
    spec: 'a'.repeat(64),
    spec_name: 's',
    feedback: [],
  } satisfies JobRequest;
  return testTransaction(pool, async (tx) => {
    await ensureBudget(tx, 'local', request.job_id, microUsd(1_000_000));
    await insertRun(tx, { runId, accountId: 'local', request });
    const run = await findRun(tx, runId);
    if (run === null) throw new Error('no run');
    return run;
  });
}

function open(run: RunRow, attempt = 1): ReturnType<typeof openAttempt> {
  const model = { id: 'fake/first', provider: 'compatible', rateCard: 'fake@1' } as const;
  const prompt = {
    service: 'plan',
    template: 't@1',
    system: '',
    messages: [],
    maxOutputTokens: 1,
    composer: { spec: '', specName: '', request: run.request },
  } as const;
  return openAttempt(
    pool,
    fakeRouter('/dev/null'),
    run,
    { name: 'call', prompt, promptHash: 'b'.repeat(64) },
    model,
    attempt,
  );
}

const finish = (runId: string): Promise<void> =>
  testTransaction(pool, (tx) =>
    finishRun(tx, runId, { status: 'succeeded', output: { kind: 'plan', plan: planNamed('x') }, error: null }),
  );

const engineThat = <T extends 'working' | 'ended'>(answers: T) => ({
  attend: () => Promise.resolve(answers),
  unattended: () => reading(pool, unfinishedRuns),
  takeOver: () => Promise.resolve(),
});
const working = engineThat('working');
const ended = engineThat('ended');
const holdsOf = async (run: RunRow): Promise<number> =>
  (await openHolds(pool)).filter((hold) => hold.workflow_id === `${run.run_id}.1`).length;

describe('a process that was thought dead works on beside the one that took its run over', () => {
  it('it neither ends the attempts of the other nor begins any; its own answer comes too late', async () => {
    const first = await newRun();
    const itsOwn = await open(first);
    const second = await testTransaction(pool, (tx) => reopenRun(tx, first.run_id));
    if (second === null) throw new Error('no run');
    expect(await testTransaction(pool, (tx) => settleLost(tx, second))).toBe(1);
    const going = await open(second, 2);

    expect(await testTransaction(pool, (tx) => settleLost(tx, first))).toBe(0);
    await expect(open(first, 3)).rejects.toThrow('goes on in another generation');
    const answer = { text: 'x', usage: nothingUsed(going.model) };
    await expect(settleAnswered(pool, first, itsOwn, answer)).rejects.toThrow('resolved already');
    await settleAnswered(pool, second, going, answer);
    const { rows } = await pool.query(
      'SELECT attempt, a.state, h.state AS hold FROM model_attempts a JOIN holds h USING (hold_id) WHERE run_id = $1 ORDER BY 1',
      [first.run_id],
    );
    expect(rows).toEqual([
      { attempt: 1, state: 'lost', hold: 'released' },
      { attempt: 2, state: 'answered', hold: 'captured' },
    ]);
  });
});

describe('the sweeper', () => {
  it('asks the workflow, not the clock: an old hold of a working run stays', async () => {
    const run = await newRun();
    await open(run);
    await pool.query(`UPDATE runs SET created_at = now() - interval '40 days' WHERE run_id = $1`, [run.run_id]);
    await sweep(services, working, { tokensMs: 0, resultDays: 30 });
    expect(await holdsOf(run)).toBe(1);
  });

  it('a hold whose run has ended is released, its attempt is the platform’s loss', async () => {
    const run = await newRun();
    await open(run);
    await finish(run.run_id);
    await sweep(services, working, { tokensMs: 1e9, resultDays: 30 });
    expect(await holdsOf(run)).toBe(0);
    expect(await testTransaction(pool, (tx) => budgetView(tx, 'local', run.job_id))).toMatchObject({
      held_usd: '0.00',
      spent_usd: '0.00',
    });
  });

  it('a run whose workflow ended without it gets an end; nothing stays held', async () => {
    const run = await newRun();
    await open(run);
    await sweep(services, ended, { tokensMs: 1e9, resultDays: 30 });
    expect(await viewOf(services, 'local', run.run_id)).toMatchObject({
      status: 'failed',
      error: { code: 'INTERNAL' },
      usage: [{ estimated: true }],
      cost_usd: '0.00',
    });
    expect(await holdsOf(run)).toBe(0);
    expect((await eventsAfter(pool, run.run_id, 0, 10)).at(-1)?.body).toMatchObject({
      type: 'final',
      status: 'failed',
    });
  });

  it('streamed text goes after its time, what follows it stays, and readers before it get a snapshot', async () => {
    const run = await newRun();
    await testTransaction(pool, async (tx) => {
      for (const event of [
        { type: 'phase', phase: 'p' },
        { type: 'token', attempt: 1, text: 'a' },
        { type: 'token', attempt: 1, text: 'b' },
        { type: 'final', status: 'succeeded' },
      ]) {
        await appendEvent(tx, run.run_id, event);
      }
    });
    await finish(run.run_id);
    await sweep(services, working, { tokensMs: 1e9, resultDays: 30 });
    expect(await eventsAfter(pool, run.run_id, 0, 10)).toHaveLength(4);
    await pool.query(`UPDATE runs SET finished_at = now() - interval '1 hour' WHERE run_id = $1`, [run.run_id]);
    await sweep(services, working, { tokensMs: 60_000, resultDays: 30 });
    expect((await eventsAfter(pool, run.run_id, 0, 10)).map((event) => event.seq)).toEqual([4]);
    expect((await findRun(pool, run.run_id))?.pruned_seq).toBe(3);
  });

  it('a result is readable for 30 days; then its content goes, its ledger stays', async () => {
    const run = await newRun();
    await finish(run.run_id);
    await pool.query(`UPDATE runs SET finished_at = now() - interval '29 days' WHERE run_id = $1`, [run.run_id]);
    await sweep(services, working);
    expect((await viewOf(services, 'local', run.run_id)).output).not.toBeNull();
    await pool.query(`UPDATE runs SET finished_at = now() - interval '31 days' WHERE run_id = $1`, [run.run_id]);
    await sweep(services, working);
    expect(await viewOf(services, 'local', run.run_id)).toMatchObject({
      status: 'succeeded',
      output: null,
      error: { code: 'NOT_FOUND' },
    });
  });
});

describe('events', () => {
  it('the same event written again after a crash is one event', async () => {
    const run = await newRun();
    const write = (): Promise<number | null> =>
      testTransaction(pool, (tx) => appendEvent(tx, run.run_id, { type: 'phase', phase: 'p' }, 'w.1:1'));
    expect([await write(), await write()]).toEqual([1, null]);
  });

  it('numbers of concurrent writers have no gap', async () => {
    const run = await newRun();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        testTransaction(pool, async (tx) => {
          await appendEvent(tx, run.run_id, { type: 'token', attempt: 1, text: String(index) });
          if (index % 4 === 0) throw new Error('rolled back');
        }).catch(() => undefined),
      ),
    );
    expect((await eventsAfter(pool, run.run_id, 0, 100)).map((event) => event.seq)).toEqual(
      Array.from({ length: 15 }, (_, index) => index + 1),
    );
  });

  it('tokens of many runs are one commit, in order, whole pairs, nothing twice; a run that is busy holds up nobody', async () => {
    const [one, two] = [await newRun(), await newRun()];
    const announced: string[] = [];
    const news = { announce: (topics: readonly string[]) => void announced.push(...topics) };
    const group = new GroupWriter();
    const streams = new TokenStreams({ pool, news, log: services.log }, group);
    const first = streams.open(one.run_id, { attemptId: 'a1', attempt: 1 });
    const second = streams.open(two.run_id, { attemptId: 'b1', attempt: 1 });
    const texts = async (run: RunRow): Promise<unknown[]> =>
      (await eventsAfter(pool, run.run_id, 0, 100)).map(({ body }) => body['text']);
    await testTransaction(pool, async (tx) => {
      await lockRun(tx, two.run_id);
      for (const part of ['a', 'b', '\ud83d']) await first.push(part);
      await second.push('x');
      void group.flush();
      await vi.waitFor(async () => {
        expect(await texts(one)).toEqual(['ab']);
      }, 20_000);
      expect(await texts(two)).toEqual([]);
    });
    await first.push('\ude00');
    await group.flush();
    expect([await texts(one), await texts(two)]).toEqual([['ab', '\u{1F600}'], ['x']]);
    expect(group.commits).toBe(2);
    expect(announced).toEqual([one.run_id, two.run_id, one.run_id]);
    const body = { type: 'token', attempt: 1, text: 'x' };
    const again = [{ runId: two.run_id, key: 'token:b1:1', body }];
    expect(await testTransaction(pool, (tx) => insertTokens(tx, again))).toEqual(new Set([two.run_id]));
    expect(await texts(two)).toEqual(['x']);
  });

  it('news reach other processes by few notifications, and no transaction that moves money sends one', async () => {
    const [run, bus, other] = [await newRun(), new RunBus(database.url, pool), new RunBus(database.url)];
    const heard: string[] = [];
    await other.connect();
    other.onRun((topic) => heard.push(topic));
    const attempt = await open(run);
    await settleFailed(pool, run, attempt, new GenrtlError('MODEL_TIMEOUT', 'late'));
    const topics = Array.from({ length: 500 }, (_, nth) => `topic_${String(nth)}_${'x'.repeat(30)}`);
    for (const topic of topics) bus.announce([topic]);
    await vi.waitFor(() => {
      expect(heard.length).toBeGreaterThanOrEqual(topics.length);
    }, 20_000);
    expect(heard).toEqual(topics);
    expect(bus.notifications).toBeLessThan(20);
    await Promise.all([bus.close(), other.close()]);
  });
});

it('the engine’s version is the installed one', async () => {
  const manifest = JSON.parse(
    await readFile(join(import.meta.dirname, '../../node_modules/@dbos-inc/dbos-sdk/package.json'), 'utf8'),
  ) as { version: string };
  expect(manifest.version).toBe(ENGINE_VERSION);
});
