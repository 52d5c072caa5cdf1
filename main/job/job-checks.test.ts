// What of a project's failing checks a job has to answer for, with real tools and a real patch.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyToWorkspace } from '../patch/index.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { measureBefore, partsOf, runProjectChecks, unverified, verificationOf } from './job-checks.ts';
import type { StepContext } from './step.ts';

type Context = StepContext<'checks_before' | 'files' | 'plan_step'>;
const JOB = 'job_1';
let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-job-checks-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};
/** `y` should be the complement of `a`, `par` its parity. */
const top = (y: string, par: string): string =>
  `module top(input logic [1:0] a, output logic [1:0] y, output logic par);\n  assign y = ${y};\n  assign par = ${par};\nendmodule\n`;
const BENCH = `module tb; logic [1:0] a, y; logic par; top dut(.a, .y, .par);
initial begin a = 2'b01; #1;
  if (y !== ~a) $display("FAIL signal=y time=1");
  if (par !== ^a) $display("FAIL signal=par time=1");
  if (y === ~a && par === ^a) $display("PASS");
  $finish; end endmodule
`;

function context(step: string, facts: Partial<Record<string, unknown>> = {}): Context {
  const paths = workspacePaths(root);
  const runDir = paths.run(JOB, step);
  mkdirSync(runDir, { recursive: true });
  return {
    paths,
    jobId: JOB,
    stepId: step,
    runDir,
    facts: { plan_step: 'plan_1', ...facts },
    env: { ...process.env, GENRTL_HOME: path.join(root, '.home') },
    signal: new AbortController().signal,
    confinement: { mode: 'preferred' },
    emit: () => undefined,
  } as unknown as Context;
}

async function afterPatch(before: string, line: string, now: string) {
  put(
    'genrtl.yaml',
    'version: 1\nrtl: { files: [rtl/top.sv] }\ntb: { files: [dv/tb.sv] }\nchecks: [{ name: b, sim: icarus }]\n',
  );
  put('rtl/top.sv', before);
  put('dv/tb.sv', BENCH);
  put(`.genRTL/runs/${JOB}/plan_1/plan.json`, PLAN);
  const facts = await measureBefore(context('apply_1'));
  expect(facts).toEqual({ checks_before: 'apply_1' });
  const diff = `--- a/rtl/top.sv\n+++ b/rtl/top.sv\n@@ -1,4 +1,4 @@\n${before
    .trimEnd()
    .split('\n')
    .map((each) => (each === line ? `-${each}\n+${now}` : ` ${each}`))
    .join('\n')}\n`;
  expect(await applyToWorkspace({ workspace: root, diff, undoJob: JOB })).toMatchObject({ ok: true });
  const verification = await verificationOf(root, process.env);
  if (verification === null) throw new Error('no checks');
  return runProjectChecks(context('sim_1', facts), verification, partsOf(verification.checks).rest);
}
const PLAN = JSON.stringify({
  title: 't',
  summary: '',
  top: { name: 'top', purpose: '', ports: [], parameters: [], clocks: [], resets: [], instances: [] },
  modules: [],
  cbb_requirements: [],
  verification: { checks: [] },
  files: [],
  assumptions: [],
  questions: [],
});

it('a failure of before on a signal that the job never touched is not its own, and then nothing verifies it', async () => {
  const checked = await afterPatch(top('a', "1'b0"), "  assign par = 1'b0;", '  assign par = ^a;');
  expect(checked).toMatchObject({ failed: false, checks: [{ verdict: 'fail', before: 'fail', charged: false }] });
  expect(unverified(checked.checks)).toMatchObject([{ kind: 'bench', name: 'b' }]);
}, 30_000);

it('a bench that was written first and still fails on what the job worked on is its own', async () => {
  const checked = await afterPatch(top('~a', "1'b0"), "  assign par = 1'b0;", '  assign par = &a;');
  expect(checked).toMatchObject({ failed: true, checks: [{ verdict: 'fail', before: 'fail', charged: true }] });
  expect(checked.diagnostics.map(({ message }) => message).join()).toContain('signal=par');
}, 30_000);

it('what breaks a check that passed is its own', async () => {
  const checked = await afterPatch(top('~a', '^a'), '  assign y = ~a;', '  assign y = a;');
  expect(checked).toMatchObject({ failed: true, checks: [{ verdict: 'fail', before: 'pass', charged: true }] });
}, 30_000);
