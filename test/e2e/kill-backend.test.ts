// kill -9 of the backend in each phase of its jobs: resume ends in the same files, one charge a package, no attempt
// charged twice.
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startFakeModels } from '../fakes/models/server.ts';
import { representatives } from '../representatives.ts';
import { TestHome, delivered, runCli, tempDir } from './harness.ts';
import { PLAN, RTL, BENCH, newFile, serviceOf } from './mtimer-model.ts';

const BLINKER = path.join(import.meta.dirname, 'specs/blinker.md');
const MTIMER = path.join(import.meta.dirname, 'specs/mtimer.md');
const JOB_POINTS = [
  'after_run_recorded',
  'before_phase',
  'after_attempt_recorded',
  'during_model_call',
  'after_model_answer',
  'before_settle',
  'after_settle',
  'before_result',
  'after_result',
];
/** Each point, at its pass in plan (1) and in implement (2). */
const POINTS = representatives(
  [
    ...JOB_POINTS.flatMap((point) => [`${point}:1`, `${point}:2`]),
    'checkout_before_commit',
    'checkout_after_commit',
    'migration',
  ],
  ['before_result:1', 'checkout_after_commit'],
);

/**
 * Homes go from test to test: making a database takes longer than a job, and the next one starts after a kill as well.
 */
const homes: { free: TestHome[]; all: TestHome[] } = { free: [], all: [] };

async function withNewHome<T>(use: (home: TestHome) => Promise<T>): Promise<T> {
  const home = new TestHome();
  try {
    return await use(home);
  } finally {
    await home.close();
  }
}

async function withHome<T>(use: (home: TestHome) => Promise<T>): Promise<T> {
  let home = homes.free.pop();
  if (!home) {
    home = new TestHome();
    homes.all.push(home);
  }
  const result = await use(home);
  await home.releaseBackend();
  homes.free.push(home);
  return result;
}

afterAll(async () => {
  for (const home of homes.all) await home.close();
});

async function killedAndResumed(
  home: TestHome,
  spec: string,
  point: string,
): Promise<{ workspace: string; rows: Awaited<ReturnType<TestHome['usage']>> }> {
  const workspace = path.join(tempDir('kill-backend'), 'ws');
  const run = await runCli(['run', '--json', '--spec', spec, '--workspace', workspace, '--yes'], {
    ...home.env,
    GENRTL_TEST_DIE_AT: point,
    GENRTL_STRENGTH_SECONDS: '0',
  });
  expect(run.signal).toBe(null);
  if (run.code !== 0) {
    expect(run.code, run.stdout).toBe(4);
    expect(run.result.error?.hint).toBeTruthy();
    expect(run.result.job_id === null, run.stdout).toBe(point === 'migration');
    const resume =
      point === 'migration'
        ? ['run', '--json', '--spec', spec, '--workspace', workspace, '--yes']
        : ['resume', '--json', '--workspace', workspace];
    const resumed = await runCli(resume, { ...home.env, GENRTL_STRENGTH_SECONDS: '0' });
    expect(resumed.result.error).toBeUndefined();
    expect([resumed.code, resumed.result.status]).toEqual([0, 'done']);
    return { workspace, rows: await home.usage(String(resumed.result.job_id)) };
  }
  return { workspace, rows: await home.usage(String(run.result.job_id)) };
}

describe.concurrent('after kill -9 of the backend', () => {
  it.each(POINTS)(
    'at %s, a structured job resumes with one charge',
    async (point) => {
      const { workspace, rows } = await (point === 'migration' ? withNewHome : withHome)((home) =>
        killedAndResumed(home, BLINKER, point),
      );
      expect(Object.keys(delivered(workspace))).toEqual(['src/blinker.sv', 'tb/tb_blinker.sv']);
      expect(rows.filter((row) => row.kind === 'cbb').length).toBe(1);
      expect(
        rows.filter((row) => row.kind === 'model' && row.item === 'builtin/composer').length,
      ).toBeGreaterThanOrEqual(2);
    },
    120_000,
  );

  it.each(
    representatives(
      ['during_model_call:1', 'after_model_answer:1', 'before_settle:2', 'after_settle:2'],
      ['after_settle:2'],
    ),
  )(
    'at %s, a paid upstream attempt is charged once or lost by the platform',
    async (point) => {
      const models = await startFakeModels({
        script: (request) => ({
          kind: 'text',
          text:
            serviceOf(request) === 'plan'
              ? JSON.stringify(PLAN)
              : `${newFile('src/mtimer.sv', RTL)}${newFile('tb/tb_mtimer.sv', BENCH)}`,
          usage: { input: 1000, output: 1000 },
          beforeMs: 150,
        }),
      });
      try {
        const home = new TestHome({
          OPENAI_API_KEY: 'test-key',
          OPENAI_BASE_URL: models.openaiUrl,
          GENRTL_MODEL: 'm',
          GENRTL_MODEL_PRICES: '{"m":{"input":"10.00","output":"10.00"}}',
        });
        const { workspace, rows } = await killedAndResumed(home, MTIMER, point);
        expect(Object.keys(delivered(workspace))).toEqual(['src/mtimer.sv', 'tb/tb_mtimer.sv']);
        const charged = rows
          .filter((row) => row.kind === 'model' && row.amount_usd !== '0.00')
          .map((row) => row.amount_usd);
        expect(charged).toEqual(['0.02', '0.02']);
        await home.close();
      } finally {
        await models.close();
      }
    },
    120_000,
  );
});
