// Runs that a release left in flight go on in the next one: what the last release recorded of each kind of job, step by
// step, is replayed on this code, from every place where it may have stopped. `GENRTL_UPDATE_FIXTURES=1` records anew,
// together with a new STEPS_VERSION in engine.ts: runs of another version begin a new generation instead.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMPOSER_MODEL, type JobRequest, type RunView } from '@genrtl/contracts';
import { startBackend, type RunningBackend } from '../start.ts';
import type { BackendHome } from '../processes/home.ts';
import { makeTestHome, openTestDatabase, removeTestHome, type TestDatabase } from '../test/database.ts';
import { TestClient } from '../test/client.ts';
import { STEPS_VERSION } from './engine.ts';

interface RecordedStep {
  readonly name: string;
  /** as the engine wrote it */
  readonly output: string | null;
}
type Histories = Record<string, RecordedStep[]>;

const FILE = path.join(import.meta.dirname, `fixtures/${STEPS_VERSION}.json`);
const LIMIT_MS = 60_000;
const SPEC = readFileSync(path.join(import.meta.dirname, '../../test/e2e/specs/blinker.md'), 'utf8');

let database: TestDatabase;
let home: BackendHome;
let backend: RunningBackend;
let client: TestClient;
beforeAll(async () => {
  [database, home] = await Promise.all([openTestDatabase({ migrated: false }), makeTestHome()]);
  await start();
}, 60_000);
afterAll(async () => {
  await backend.stop();
  await database.close();
  await removeTestHome(home);
});

async function start(): Promise<void> {
  const env = { ...process.env, DATABASE_URL: database.url, GENRTL_EXECUTOR_ID: 'histories' };
  for (const name of ['GENRTL_PUBLIC_URL', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'OPENAI_BASE_URL'])
    delete (env as NodeJS.ProcessEnv)[name];
  backend = await startBackend({ home: home.root, role: 'all', embedded: false, env });
  client = new TestClient(backend);
}

async function requests(): Promise<Record<string, JobRequest>> {
  const spec = await client.blob(SPEC);
  const common = {
    attempt: 1,
    workspace_id: 'ws',
    model: COMPOSER_MODEL,
    cap_usd: '1.00',
    spec,
    spec_name: 'blinker.md',
  };
  const plan: JobRequest = { kind: 'plan', job_id: 'plan', step_id: 'plan_1', ...common, feedback: [] };
  const { output } = await client.finished((await client.submit(plan)).body.run_id, LIMIT_MS);
  if (output?.kind !== 'plan') throw new Error('no plan');
  const planned = await client.blob(JSON.stringify(output.plan));
  return {
    plan,
    implement: {
      kind: 'implement',
      job_id: 'implement',
      step_id: 'implement_1',
      ...common,
      plan: planned,
      files: [],
      cbbs: [{ cbb_id: 'cbb_counter', version: '1.0.0' }],
      feedback: [],
    },
    design: { kind: 'design', job_id: 'design', step_id: 'design_1', ...common },
  };
}

const stepsOf = async (workflow: string): Promise<RecordedStep[]> =>
  (
    await database.pool.query<RecordedStep>(
      'SELECT function_name AS name, output FROM dbos.operation_outputs WHERE workflow_uuid = $1 ORDER BY function_id',
      [workflow],
    )
  ).rows;

const attempts = async (runId: string): Promise<number> =>
  (await database.pool.query('SELECT 1 FROM model_attempts WHERE run_id = $1', [runId])).rowCount ?? 0;

/** As if a process of an older release had died in the middle: its recorded steps are not those of this one. */
async function leaveToOlder(runId: string): Promise<void> {
  await leaveInFlight(runId, [], 0);
  await database.pool.query(`UPDATE dbos.workflow_status SET application_version = $2 WHERE workflow_uuid = $1`, [
    `${runId}.1`,
    'steps-1',
  ]);
}

/** As if the process had died after so many of the recorded steps. */
async function leaveInFlight(runId: string, history: readonly RecordedStep[], after: number): Promise<void> {
  const { pool } = database;
  const workflow = `${runId}.1`;
  await pool.query('DELETE FROM dbos.operation_outputs WHERE workflow_uuid = $1 AND function_id >= $2', [
    workflow,
    after,
  ]);
  for (const [id, { output }] of history.slice(0, after).entries())
    await pool.query('UPDATE dbos.operation_outputs SET output = $3 WHERE workflow_uuid = $1 AND function_id = $2', [
      workflow,
      id,
      output,
    ]);
  await pool.query(
    `UPDATE dbos.workflow_status SET status = 'PENDING', output = NULL, completed_at = NULL WHERE workflow_uuid = $1`,
    [workflow],
  );
  await pool.query(`DELETE FROM run_events WHERE run_id = $1 AND type = 'final'`, [runId]);
  await pool.query(
    `UPDATE runs SET status = 'running', output = NULL, error = NULL, finished_at = NULL WHERE run_id = $1`,
    [runId],
  );
}

describe('a run of the last release', () => {
  it('goes on in this one, from every place, and asks no model for what it was answered', async () => {
    const recorded: Histories = {};
    const ran = new Map<string, RunView>();
    for (const [kind, request] of Object.entries(await requests())) {
      const run = await client.finished((await client.submit(request)).body.run_id, LIMIT_MS);
      expect([kind, run.status, run.error]).toEqual([kind, 'succeeded', null]);
      ran.set(kind, run);
      recorded[kind] = await stepsOf(`${run.run_id}.1`);
    }
    if (process.env['GENRTL_UPDATE_FIXTURES'] === '1') writeFileSync(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
    const histories = JSON.parse(readFileSync(FILE, 'utf8')) as Histories;
    const namesOf = (all: Histories): Record<string, string[]> =>
      Object.fromEntries(Object.entries(all).map(([kind, steps]) => [kind, steps.map(({ name }) => name)]));
    // other steps under the same version would end runs in flight
    expect(namesOf(recorded)).toEqual(namesOf(histories));
    const longest = Math.max(...Object.values(histories).map((steps) => steps.length));
    // the last step is the end itself; each round is one restart for all kinds
    for (const back of new Set([2, Math.ceil(longest / 2)])) {
      const before = new Map<string, number>();
      await backend.stop();
      for (const [kind, run] of ran) {
        const history = histories[kind] ?? [];
        const after = Math.max(0, history.length - back);
        before.set(kind, await attempts(run.run_id));
        await leaveInFlight(run.run_id, history, after);
      }
      await start();
      for (const [kind, run] of ran) {
        const again = await client.finished(run.run_id, LIMIT_MS);
        expect([back, kind, again.status, again.error]).toEqual([back, kind, 'succeeded', null]);
        expect(again.output?.kind).toBe(kind);
        expect(await attempts(run.run_id)).toBe(before.get(kind));
      }
    }
    // of other steps: a new generation takes it up, and pays nothing again
    await backend.stop();
    for (const run of ran.values()) await leaveToOlder(run.run_id);
    await start();
    for (const [kind, run] of ran) {
      const before = await attempts(run.run_id);
      const again = await client.finished(run.run_id, LIMIT_MS);
      expect([kind, again.status, again.output?.kind]).toEqual([kind, 'succeeded', kind]);
      expect(await attempts(run.run_id)).toBe(before);
      const { rows } = await database.pool.query('SELECT generation FROM runs WHERE run_id = $1', [run.run_id]);
      expect(rows).toEqual([{ generation: 2 }]);
    }
  }, 120_000);
});
