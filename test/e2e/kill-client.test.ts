// kill -9 of the client at each step and at each point between: resume ends in the same files and the same ledger.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STEP_NAMES } from '@genrtl/contracts/steps.ts';
import { representatives } from '../representatives.ts';
import { TestHome, delivered, runCli, tempDir } from './harness.ts';

const SPEC = path.join(import.meta.dirname, 'specs/blinker.md');
const STEPS = STEP_NAMES.filter((step) => step !== 'repair');
const POINTS = representatives(
  [
    ...STEPS.map((step) => `${step}:after`),
    'plan:done',
    'cbb_checkout:done',
    'apply:done',
    'plan:request_written',
    'plan:request_sent',
    'plan:answer_received',
    'implement:request_sent',
    'cbb_checkout:request_written',
    'cbb_checkout:charged',
    'cbb_install:one_installed',
  ],
  ['plan:answer_received', 'cbb_checkout:charged', 'apply:done'],
);

// What mutants tell is another test's business.
const home = new TestHome({ GENRTL_STRENGTH_SECONDS: '0' });
let reference: Record<string, string>;

beforeAll(async () => {
  await home.keepBackend();
  const workspace = path.join(tempDir('reference'), 'ws');
  const run = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], home.env);
  expect(run.result.error).toBeUndefined();
  reference = delivered(workspace);
  expect(Object.keys(reference).length).toBe(2);
}, 60_000);
afterAll(() => home.close());

describe.concurrent('after kill -9 of the client', () => {
  it.each(POINTS)(
    'at %s, resume ends in the same files with one charge',
    async (point) => {
      const folder = tempDir('kill');
      const workspace = path.join(folder, 'ws');
      const killed = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], {
        ...home.env,
        GENRTL_TEST_DIE_AT: point,
      });
      expect(killed.signal).toBe('SIGKILL');
      const resumed = await runCli(['resume', '--json', '--workspace', workspace], home.env);
      expect(resumed.result.error).toBeUndefined();
      expect([resumed.code, resumed.result.status]).toEqual([0, 'done']);
      expect(delivered(workspace)).toEqual(reference);
      const rows = await home.usage(String(resumed.result.job_id));
      expect(rows.filter((row) => row.kind === 'cbb').length).toBe(1);
      expect(rows.filter((row) => row.kind === 'model').length).toBe(2);
      rmSync(folder, { recursive: true, force: true });
    },
    120_000,
  );
});

it('buys nothing again in another job of the same workspace', async () => {
  const workspace = path.join(tempDir('again'), 'ws');
  const first = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], home.env);
  const second = await runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes'], home.env);
  expect([first.result.status, second.result.status]).toEqual(['done', 'done']);
  expect((await home.usage(String(second.result.job_id))).filter((row) => row.kind === 'cbb')).toEqual([]);
});
