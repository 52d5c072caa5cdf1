// Done means measured: a bench that a stub passes goes back to its author, and a replay tells whether results are the
// same.
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvidenceBundle } from '@genrtl/contracts';
import { startFakeModels, type FakeModels } from '../fakes/models/server.ts';
import { TestHome, runCli, tempDir, type CliRun } from './harness.ts';
import { BENCH, PLAN, RTL, newFile, serviceOf } from './mtimer-model.ts';
import { soakOnly } from '../soak-only.ts';

const SPEC = path.join(import.meta.dirname, 'specs/mtimer.md');
/** Runs the design, looks at nothing. */
const BLIND_BENCH = BENCH.replace('if (mtime !== expected)', "if (1'b0)").replace(
  'if (intr !== (expected >= mtimecmp))',
  "if (1'b0)",
);

function replaced(file: string, from: string, to: string): string {
  const [before, after] = [from.replace(/\n$/, '').split('\n'), to.replace(/\n$/, '').split('\n')];
  return `--- a/${file}\n+++ b/${file}\n@@ -1,${before.length} +1,${after.length} @@\n${before.map((line) => `-${line}`).join('\n')}\n${after.map((line) => `+${line}`).join('\n')}\n`;
}

let models: FakeModels;
let home: TestHome;
beforeAll(async () => {
  models = await startFakeModels({
    script: (request) => {
      const service = serviceOf(request);
      const answer =
        service === 'plan'
          ? JSON.stringify(PLAN)
          : service === 'implement'
            ? newFile('src/mtimer.sv', RTL) + newFile('tb/tb_mtimer.sv', BLIND_BENCH)
            : request.text.includes('tied to')
              ? replaced('tb/tb_mtimer.sv', BLIND_BENCH, BENCH)
              : 'I was not told what to strengthen.';
      return { kind: 'text', text: answer };
    },
  });
  home = new TestHome({
    GENRTL_STRENGTH_SECONDS: '3',
    OPENAI_API_KEY: 'test-key',
    OPENAI_BASE_URL: models.openaiUrl,
    GENRTL_MODEL: 'm',
    GENRTL_MODEL_PRICES: '{"m":{"input":"0","output":"0"}}',
  });
  await home.keepBackend();
});
afterAll(async () => {
  await home.close();
  await models.close();
});

const job = (workspace: string, ...more: string[]): Promise<CliRun> =>
  runCli(['run', '--json', '--spec', SPEC, '--workspace', workspace, '--yes', ...more], home.env);

describe('a testbench that lets a stub pass', () => {
  const workspace = path.join(tempDir('weak'), 'ws');

  it('goes back to the model, and the job is done once it tells the stubs from the design', async () => {
    const run = await job(workspace);
    expect(run.result.error).toBeUndefined();
    expect([run.code, run.result.status]).toEqual([0, 'done']);
    const steps = run.result.steps.map((step) => step.step_id);
    expect(steps.slice(steps.indexOf('strength_1'))).toEqual([
      'strength_1',
      'repair_1',
      'approve_patch_2',
      'apply_2',
      'lint_2',
      'sim_2',
      'acceptance_2',
      'strength_2',
    ]);
    expect(run.result.strength?.stubs.every((stub) => stub.failed)).toBe(true);
    expect(run.result.strength?.mutants?.killed).toBeGreaterThan(0);
    const evidence = EvidenceBundle.parse(
      JSON.parse(
        readFileSync(path.join(workspace, '.genRTL/runs', String(run.result.job_id), 'repair_1/evidence.json'), 'utf8'),
      ),
    );
    expect(evidence.diagnostics[0]).toMatchObject({ tool: 'genrtl', code: 'BENCH_WEAK' });
  });

  soakOnly('is not done when no repair turn is left', async () => {
    const run = await job(path.join(tempDir('weak'), 'ws'), '--max-repairs', '0');
    expect([run.code, run.result.status]).toEqual([1, 'failed']);
    expect(run.result.error?.message).toContain('tied to');
  });

  it('every tool run of the job replays to the same results, and a changed input does not', async () => {
    const same = await runCli(['replay', '--json', '--workspace', workspace], home.env);
    expect(same.events.at(-1)).toMatchObject({
      status: 'done',
      runs: ['lint_1', 'sim_1', 'lint_2', 'sim_2'].map((step_id) => ({ step_id, same: true })),
    });
    expect(same.code).toBe(0);
    const job = String((await runCli(['status', '--json', '--workspace', workspace], home.env)).result.job_id);
    const sim = path.join(workspace, '.genRTL/runs', job, 'sim_1');
    // by hand the script confines itself: a command of it leaves no mark outside
    const mark = path.join(tempDir('mark'), 'x');
    const script = readFileSync(path.join(sim, 'replay.sh'), 'utf8');
    writeFileSync(path.join(sim, 'replay.sh'), script.replace('same=0\n', `same=0\ntouch ${mark} 2>/dev/null\n`));
    const byHand = spawnSync('sh', [path.join(sim, 'replay.sh')], { encoding: 'utf8', env: home.env });
    expect([byHand.status, byHand.stdout]).toEqual([0, expect.stringContaining('same results')]);
    // and a script that a bench left among its files is no replay
    mkdirSync(path.join(sim, 'files'), { recursive: true });
    writeFileSync(path.join(sim, 'files/replay.sh'), `touch ${mark}; exit 1\n`);
    expect(existsSync(mark)).toBe(false);
    const input = path.join(workspace, '.genRTL/runs', job, 'sim_2/inputs/src/mtimer.sv');
    chmodSync(input, 0o644);
    writeFileSync(input, readFileSync(input, 'utf8').replace('>= mtimecmp', '> mtimecmp'));
    appendFileSync(input, '\n');
    const changed = await runCli(['replay', '--json', '--workspace', workspace], home.env);
    expect([changed.code, changed.result.status]).toEqual([1, 'failed']);
    expect(
      (changed.events.at(-1) as { runs: { step_id: string; same: boolean }[] }).runs
        .filter((run) => !run.same)
        .map((run) => run.step_id),
    ).toEqual(['sim_2']);
  });
});
