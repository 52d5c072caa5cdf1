// The client's job service, a real embedded backend and a model on real wires: a job that is cancelled, stopped by its
// cap or cut off goes on with the same files, pays each answer once, and shows what the ledger says.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseUsd, type JobResult, type JobSettings, type UsageRow } from '@genrtl/contracts';
import { createJobService } from '../../main/job/job-service.ts';
import type { JobService } from '../../main/job/service.ts';
import { BackendClient } from '../../main/cloud/backend-client.ts';
import type { BackendConnection } from '../../main/processes/backend.ts';
import { TestHome, delivered, tempDir } from '../e2e/harness.ts';
import { BENCH, PLAN, RTL, newFile, serviceOf } from '../e2e/mtimer-model.ts';
import type { FakeAnswer, FakeRequest, FakeScript } from '../fakes/models/script.ts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import { soakOnly } from '../soak-only.ts';

const SPEC = path.join(import.meta.dirname, '../e2e/specs/mtimer.md');
const PATCH = `\`\`\`diff\n${newFile('src/mtimer.sv', RTL)}${newFile('tb/tb_mtimer.sv', BENCH)}\`\`\`\n`;

/** 10,000 tokens of answer at ten dollars a million: each answered call costs 0.10 dollars. */
const ANSWER_USAGE = { input: 5_000, output: 10_000 };
const ANSWER_MICRO = 100_000;

let answers: FakeScript;
let models: FakeModels;
let home: TestHome;
let connection: BackendConnection;
let door: Door;
/** The backend as a client sees it whose way to it can be shut. */
let outside: BackendClient;

beforeAll(async () => {
  models = await startFakeModels({ script: (request) => answers(request) });
  door = await openDoor();
  home = new TestHome({
    GENRTL_ALLOWED_HOSTS: `127.0.0.1:${door.port}`,
    GENRTL_STRENGTH_SECONDS: '0',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: models.openaiUrl,
    GENRTL_MODEL: 'test-model',
    GENRTL_MODEL_PRICES: '{"test-model":{"input":"0","output":"10.00"}}',
  });
  connection = await home.keepBackend();
  const { url, ...own } = connection.client.http.endpoint;
  door.leadTo(Number(new URL(url).port));
  outside = new BackendClient({ ...own, url: `http://127.0.0.1:${door.port}` });
});
afterAll(async () => {
  door.shut();
  await home.close();
  await models.close();
});

const plain = (text: string): FakeAnswer => ({ kind: 'text', text, usage: ANSWER_USAGE });
const good = (request: FakeRequest): FakeAnswer => plain(serviceOf(request) === 'plan' ? JSON.stringify(PLAN) : PATCH);

const settings = (change: Partial<JobSettings> = {}): JobSettings => ({
  spec_path: SPEC,
  model: null,
  max_usd: '20.00',
  max_repairs: 2,
  lint_tool: 'verilator',
  sim_tool: 'icarus',
  accept_dir: null,
  gates: { plan: 'auto', purchase: 'auto', patch: 'auto' },
  ...change,
});

interface Place {
  readonly workspace: string;
  readonly jobs: JobService;
}

function place(connect: () => Promise<BackendConnection> = async () => shared()): Place {
  const workspace = path.join(tempDir('money'), 'ws');
  mkdirSync(workspace);
  return { workspace, jobs: createJobService({ env: home.env, connect }) };
}

/** The one backend of this file, which no job lets go. */
const shared = (client = connection.client): BackendConnection => ({
  ...connection,
  client,
  release: async () => undefined,
});

/** Stops with the patch, before any tool runs: what the model wrote is all that these stories change. */
const AT_PATCH = { gates: { plan: 'auto', purchase: 'auto', patch: 'ask' } } as const;

async function run({ workspace, jobs }: Place, change: Partial<JobSettings> = {}): Promise<JobResult> {
  return (await jobs.start(workspace, settings(change), () => undefined)).finished;
}

async function resume({ workspace, jobs }: Place, maxUsd: string | null = null): Promise<JobResult> {
  return (await jobs.resume(workspace, { approve: 'none', maxUsd }, () => undefined)).finished;
}

const micro = (rows: readonly UsageRow[]): number => rows.reduce((sum, row) => sum + parseUsd(row.amount_usd), 0);

/** The one thing that every story here ends with: files of an undisturbed run, and the ledger's numbers everywhere. */
async function expectSettled(here: Place, result: JobResult, cancelledCalls = 0): Promise<void> {
  if (result.status === 'done') expect(delivered(here.workspace)).toEqual(reference);
  else {
    expect(result.error?.code).toBe('APPROVAL_NEEDED');
    const patch = path.join(here.workspace, '.genRTL/runs', String(result.job_id), 'implement_1/patch.diff');
    expect(readFileSync(patch, 'utf8')).toBe(referencePatch);
  }
  const rows = await home.usage(String(result.job_id));
  // what was cut off in the middle of an answer is charged by estimate, never by what the provider would have said
  const answered = rows.filter((row) => !row.estimated);
  expect(answered.map((row) => parseUsd(row.amount_usd))).toEqual(answered.map(() => ANSWER_MICRO));
  expect(rows.length - answered.length).toBe(cancelledCalls);
  expect(parseUsd(result.cost_usd)).toBe(micro(rows));
  for (const step of result.steps) {
    const ofStep = rows.filter((row) => row.step_id === step.step_id);
    expect([step.step_id, parseUsd(step.cost_usd)]).toEqual([step.step_id, micro(ofStep)]);
  }
  expect(result.cost_stale).toBeUndefined();
}

let reference: Record<string, string>;
let referencePatch: string;

it('an undisturbed job, which the others are held against', async () => {
  answers = good;
  const here = place();
  const result = await run(here);
  reference = delivered(here.workspace);
  expect(result.status).toBe('done');
  const patch = path.join(here.workspace, '.genRTL/runs', String(result.job_id), 'implement_1/patch.diff');
  referencePatch = readFileSync(patch, 'utf8');
  expect(Object.keys(reference)).toEqual(['src/mtimer.sv', 'tb/tb_mtimer.sv']);
  await expectSettled(here, result);
  expect(result.cost_usd).toBe('0.20');
});

describe('cancelled while the model answers', () => {
  it('resume goes on in the same run: what was answered before is not asked again', async () => {
    const here = place();
    let asked = 0;
    const twice: string[] = [];
    answers = (request) => {
      if (serviceOf(request) !== 'plan') return good(request);
      asked += 1;
      twice.push(request.text);
      // an answer that is no plan, so that the run asks a second time, and hangs there
      if (asked === 1) return plain('no plan at all');
      if (asked === 2) return { kind: 'stall', text: 'half an answer ' };
      return good(request);
    };
    const first = await here.jobs.start(here.workspace, settings(), () => undefined);
    await expect.poll(() => asked, { timeout: 10_000, interval: 10 }).toBe(2);
    // the second answer has begun to arrive
    await new Promise((resolve) => setTimeout(resolve, 150));
    await here.jobs.cancel(here.workspace);
    const cancelled = await first.finished;
    expect([cancelled.status, cancelled.error?.code]).toEqual(['cancelled', 'CANCELLED']);
    expect(parseUsd(cancelled.cost_usd)).toBe(micro(await home.usage(String(cancelled.job_id))));
    expect(parseUsd(cancelled.cost_usd)).toBeGreaterThanOrEqual(ANSWER_MICRO);
    await expectSettled(here, await resume(here), 1);
    // once without a plan, cut off at the second question, which was asked again word for word
    expect(asked).toBe(3);
    expect(twice[2]).toBe(twice[1]);
  });

  soakOnly('a resume that comes before the cancelled run has ended goes on all the same', async () => {
    const here = place();
    // This client does not wait for the end of what it cancels, as one that is killed does not.
    const hasty = new BackendClient(connection.client.http.endpoint);
    hasty.cancelRun = async (runId) => {
      await connection.client.cancelRun(runId);
      throw new Error('gone');
    };
    const impatient = { ...here, jobs: createJobService({ env: home.env, connect: async () => shared(hasty) }) };
    let asked = 0;
    answers = (request) => {
      asked += 1;
      return asked === 1 ? { kind: 'hang' } : good(request);
    };
    const first = await impatient.jobs.start(here.workspace, settings(AT_PATCH), () => undefined);
    await expect.poll(() => asked, { timeout: 10_000, interval: 5 }).toBe(1);
    await impatient.jobs.cancel(here.workspace);
    expect((await first.finished).status).toBe('cancelled');
    const result = await resume(here);
    await expectSettled(here, result, (await home.usage(String(result.job_id))).filter((row) => row.estimated).length);
  });

  soakOnly(
    'cancelled again and again, each resume asks again, and the cost never runs ahead of the ledger',
    async () => {
      const here = place();
      let hang = true;
      let asked = 0;
      answers = (request) => {
        asked += 1;
        return hang ? { kind: 'hang' } : good(request);
      };
      let job = await here.jobs.start(here.workspace, settings(AT_PATCH), () => undefined);
      for (let times = 1; times <= 3; times += 1) {
        await expect.poll(() => asked, { timeout: 10_000, interval: 10 }).toBe(times);
        await here.jobs.cancel(here.workspace);
        const result = await job.finished;
        expect(parseUsd(result.cost_usd)).toBe(micro(await home.usage(String(result.job_id))));
        hang = times < 3;
        job = await here.jobs.resume(here.workspace, { approve: 'none', maxUsd: null }, () => undefined);
      }
      const rows = await home.usage(job.jobId);
      await expectSettled(here, await job.finished, rows.filter((row) => row.estimated).length);
    },
  );
});

describe('stopped by the cap', () => {
  it('between two calls of one run: raising it pays the second only', async () => {
    const here = place();
    let asked = 0;
    answers = (request) => {
      if (serviceOf(request) !== 'plan') return good(request);
      asked += 1;
      return asked === 1 ? plain('no plan at all') : good(request);
    };
    const stopped = await run(here, { ...AT_PATCH, max_usd: '0.33' });
    expect([stopped.status, stopped.error?.code, stopped.cost_usd]).toEqual([
      'budget_exceeded',
      'BUDGET_EXCEEDED',
      '0.10',
    ]);
    expect(asked).toBe(1);
    // a resume without a higher cap stops again at no cost
    expect((await resume(here)).status).toBe('budget_exceeded');
    expect(asked).toBe(1);
    const result = await resume(here, '5.00');
    await expectSettled(here, result);
    expect(result.cost_usd).toBe('0.30');
    expect(asked).toBe(2);
  });
});

describe('a model server that breaks off', () => {
  it('after the first of two answers: the next attempt takes the paid answer over', async () => {
    const here = place();
    let asked = 0;
    let broken = true;
    answers = (request) => {
      if (serviceOf(request) !== 'plan') return good(request);
      if (request.text.includes('no plan at all')) return broken ? { kind: 'status', status: 401 } : good(request);
      asked += 1;
      return plain('no plan at all');
    };
    const failed = await run(here, AT_PATCH);
    expect([failed.status, failed.error?.code, failed.cost_usd]).toEqual(['failed', 'MODEL_AUTH', '0.10']);
    broken = false;
    const result = await resume(here);
    expect(asked).toBe(1);
    expect(result.cost_usd).toBe('0.30');
    expect(result.error?.code).toBe('APPROVAL_NEEDED');
  });
});

describe('the connection to the backend lost', () => {
  it('for good while the model answers: the job stops, the answer comes without it, resume takes it up', async () => {
    const here = place(async () => shared(outside));
    const answer = Promise.withResolvers<undefined>();
    let asked = 0;
    answers = async (request) => {
      asked += 1;
      await answer.promise;
      return good(request);
    };
    try {
      const job = await here.jobs.start(here.workspace, settings(AT_PATCH), () => undefined);
      await expect.poll(() => asked, { timeout: 10_000, interval: 10 }).toBe(1);
      door.shut();
      const lost = await job.finished;
      expect([lost.status, lost.error?.code, lost.cost_stale]).toEqual(['failed', 'BACKEND_UNAVAILABLE', true]);
      answer.resolve(undefined);
      await expect.poll(async () => (await home.usage(job.jobId)).length, { timeout: 10_000 }).toBe(1);
      await door.open();
      await expectSettled(here, await resume(here));
      expect(asked).toBe(2);
    } finally {
      await door.open();
    }
  });

  it('while a package is bought: resume finds the purchase, and an error in between shows what was paid', async () => {
    const here = place(async () => shared(outside));
    const bought = outside.checkout.bind(outside);
    // the charge is booked, its answer never arrives
    outside.checkout = async (body, key) => {
      await bought(body, key);
      door.shut();
      return bought(body, key);
    };
    try {
      const lost = await run(here, {
        spec_path: path.join(import.meta.dirname, '../e2e/specs/blinker.md'),
        model: 'builtin/composer',
        ...AT_PATCH,
      });
      expect([lost.error?.code, lost.cost_stale]).toEqual(['BACKEND_UNAVAILABLE', true]);
      outside.checkout = bought;
      await door.open();
      const result = await resume(here);
      const rows = await home.usage(String(result.job_id));
      expect([result.error?.code, rows.filter((row) => row.kind === 'cbb').length]).toEqual(['APPROVAL_NEEDED', 1]);
      expect(parseUsd(result.cost_usd)).toBe(micro(rows));
      expect(parseUsd(result.cost_usd)).toBeGreaterThan(0);
    } finally {
      await door.open();
    }
  });
});

it('a disk that is full after a purchase: the result names the job and what it has cost', async () => {
  const here = place();
  const spec = path.join(import.meta.dirname, '../e2e/specs/blinker.md');
  const job = await here.jobs.start(
    here.workspace,
    settings({ spec_path: spec, model: 'builtin/composer' }),
    (update) => {
      // the state can no longer be replaced once the checkout has been answered
      if (update.type === 'step' && update.step.step === 'cbb_checkout') {
        const state = path.join(here.workspace, '.genRTL/state.json');
        rmSync(state);
        mkdirSync(path.join(state, 'in the way'), { recursive: true });
      }
    },
  );
  const result = await job.finished;
  const rows = await home.usage(job.jobId);
  expect(result).toMatchObject({ status: 'failed', job_id: job.jobId });
  expect(result.error?.message).not.toMatch(/EISDIR|state\.json/);
  expect(micro(rows)).toBeGreaterThan(0);
  expect(parseUsd(result.cost_usd)).toBe(micro(rows));
});

interface Door {
  readonly port: number;
  leadTo(port: number): void;
  shut(): void;
  open(): Promise<void>;
}

/** A way to the backend that can be shut and opened again. */
async function openDoor(): Promise<Door> {
  let target = 0;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const through = net.connect(target, '127.0.0.1');
    for (const end of [socket, through]) {
      sockets.add(end);
      end
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(end);
          socket.destroy();
          through.destroy();
        });
    }
    socket.pipe(through).pipe(socket);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    leadTo: (next) => {
      target = next;
    },
    open: () => (server.listening ? Promise.resolve() : listen(port)),
    shut: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
