// What a person may do to a job that stands still, on states as the loop leaves them.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobState, StepRecord } from '@genrtl/contracts';
import { FlowState, startFlow } from '@genrtl/core/job/index.ts';
import { applyToWorkspace } from '../patch/index.ts';
import { decideReview, readReview } from '../review/index.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { writeState } from '../workspace/state-store.ts';
import { aboutToFix, goBackTo, withEditedPlan } from './job-edits.ts';
import { addNote, wordsForModel } from './notes.ts';
import { COUNTER_PLAN, COUNTER_SPEC, JOB_SETTINGS, stepSite, type StepSite } from './step-fixture.ts';
import type { StepContext } from './step.ts';
import { applyStep } from './steps/apply.ts';
import { approvePatchStep } from './steps/approve.ts';

let site: StepSite;
let root: string;
let paths: WorkspacePaths;
const step = (id: string, status: StepRecord['status']): StepRecord => ({
  step_id: id,
  step: id.replace(/_\d+$/, '') as StepRecord['step'],
  status,
  outcome: null,
  summary: '',
  started_at: new Date().toISOString(),
  duration_ms: 1,
  cost_usd: '0.00',
});
const stateWith = (at: FlowState['at'], steps: StepRecord[], facts: JobState['facts'] = {}): JobState => ({
  schema_version: 1,
  workspace_id: 'ws_1',
  job_id: 'job_1',
  status: 'needs_input',
  flow: { at, context: { ...startFlow(3).context, repairs: 3, patchRejections: 2 } },
  steps,
  facts,
  attempts: {},
  error: null,
  cost_usd: '0.00',
  created_at: new Date().toISOString(),
  updated_at: new Date().toISOString(),
  settings: JOB_SETTINGS,
});
const contextOf = (state: JobState, approval: StepContext['approval'] = 'none'): StepContext =>
  site.context({ stepId: 'approve_patch_2', settings: state.settings, facts: state.facts, approval });
const patchOf = (id: string, diff: string): void => site.leave(id, 'patch.diff', diff);

beforeEach(() => {
  site = stepSite();
  ({ root, paths } = site);
  site.leave('import_1', 'spec.md', COUNTER_SPEC);
});
afterEach(() => site.remove());

describe('going back to a step', () => {
  it('leaves the waiting step behind, gives fresh repair turns and forgets why the last patch was refused', async () => {
    const state = stateWith(
      'approve_patch',
      [step('lint_1', 'failed'), step('repair_1', 'ok'), step('approve_patch_1', 'waiting')],
      { patch_feedback: ['no'] },
    );
    const moved = await goBackTo(state, 'lint_1', paths);
    expect(FlowState.parse(moved.flow)).toMatchObject({
      at: 'lint',
      context: { repairs: 0, patchRejections: 0, maxRepairs: 3 },
    });
    expect(moved.steps.at(-1)).toMatchObject({ status: 'skipped', outcome: 'LEFT' });
    expect(moved.facts.patch_feedback).toEqual([]);
  });

  it('to a repair takes the evidence of the run that failed before it', async () => {
    await mkdir(paths.run('job_1', 'lint_1'), { recursive: true });
    await writeFile(
      path.join(paths.run('job_1', 'lint_1'), 'diagnostics.json'),
      JSON.stringify([{ tool: 'verilator', severity: 'error', message: 'first', file: 'src/a.sv', line: 3 }]),
    );
    const state = stateWith(
      'failed',
      [step('lint_1', 'failed'), step('repair_1', 'ok'), step('lint_2', 'ok'), step('sim_1', 'failed')],
      { failed_step: 'sim_1', diagnostics: [] },
    );
    const moved = await goBackTo(state, 'repair_1', paths);
    expect(moved.facts).toMatchObject({ failed_step: 'lint_1', diagnostics: [{ message: 'first' }] });
    expect(FlowState.parse(moved.flow)).toMatchObject({ at: 'repair', context: { author: 'repair' } });
  });

  it.each([
    ['apply_1', 'USAGE'],
    ['lint_9', 'NOT_FOUND'],
  ])('%s is refused', async (id, code) => {
    await expect(goBackTo(stateWith('done', [step('apply_1', 'ok')]), id, paths)).rejects.toMatchObject({ code });
  });
});

describe('an edited plan', () => {
  const waiting = (facts: JobState['facts'] = {}): JobState =>
    stateWith('approve_plan', [step('plan_1', 'ok'), step('approve_plan_1', 'waiting')], {
      plan_step: 'plan_1',
      spec_step: 'import_1',
      spec_name: 'spec.md',
      plan_model: 'openai/x',
      ...facts,
    });

  it('lies with its gate, which waits on; the model’s own plan stays', async () => {
    const edited = { ...COUNTER_PLAN, summary: 'mine' };
    const { state, contradictions } = await withEditedPlan(waiting(), edited, paths);
    expect(contradictions).toEqual([]);
    expect(state).toMatchObject({
      facts: { plan_step: 'approve_plan_1' },
      error: { code: 'APPROVAL_NEEDED' },
      status: 'needs_input',
    });
    expect(
      JSON.parse(readFileSync(path.join(paths.run('job_1', 'approve_plan_1'), 'plan.json'), 'utf8')),
    ).toMatchObject({ summary: 'mine' });
  });

  it('that contradicts the specification is kept and says so at the gate', async () => {
    const edited = {
      ...COUNTER_PLAN,
      top: {
        ...COUNTER_PLAN.top,
        ports: COUNTER_PLAN.top.ports.map((port) => (port.name === 'q' ? { ...port, width: '4' } : port)),
      },
    };
    const { state, contradictions } = await withEditedPlan(waiting(), edited, paths);
    expect(contradictions.join(' ')).toContain('q');
    expect(state.error?.code).toBe('INTERFACE_CONTRADICTION');
    expect(state.facts.contradictions).toEqual(contradictions);
  });

  it('that is no plan is refused with every problem', async () => {
    await expect(
      withEditedPlan(waiting(), { ...COUNTER_PLAN, top: { ...COUNTER_PLAN.top, name: '2bad' } }, paths),
    ).rejects.toMatchObject({ code: 'PLAN_INVALID' });
  });

  it('is refused where nothing waits for it, and where the composer would not follow it', async () => {
    await expect(
      withEditedPlan(stateWith('done', [step('approve_plan_1', 'ok')]), COUNTER_PLAN, paths),
    ).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(
      withEditedPlan(waiting({ plan_model: 'builtin/composer' }), COUNTER_PLAN, paths),
    ).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('one finding to mend', () => {
  const done = stateWith('done', [step('lint_1', 'ok'), step('sim_1', 'ok')], { plan_step: 'plan_1' });

  it('goes to repair with this finding alone and its own file as the limit', () => {
    const moved = aboutToFix(done, {
      tool: 'verilator',
      severity: 'warning',
      message: 'width',
      file: 'src/a.sv',
      line: 3,
    });
    expect(moved.facts).toMatchObject({
      failed_step: 'lint_1',
      only_files: ['src/a.sv'],
      diagnostics: [{ message: 'width' }],
    });
    expect(FlowState.parse(moved.flow).at).toBe('repair');
    expect(
      aboutToFix(done, { tool: 'icarus', severity: 'error', message: 'x', file: 'tb/t.sv' }).facts.failed_step,
    ).toBe('sim_1');
  });

  it.each([
    [undefined, 'USAGE'],
    ['.genRTL/vendor/cbb/cbb_fifo_sync/1.0.0/rtl/a.sv', 'VENDOR_ROOT_CAUSE'],
    ['spec.md', 'USAGE'],
  ])('in %s is refused', (file, code) => {
    expect(() =>
      aboutToFix(done, { tool: 'verilator', severity: 'error', message: 'x', ...(file === undefined ? {} : { file }) }),
    ).toThrow(expect.objectContaining({ code }));
  });

  it('a patch that changes another file as well is refused, and nothing is written', async () => {
    patchOf(
      'repair_1',
      '--- /dev/null\n+++ b/src/a.sv\n@@ -0,0 +1 @@\n+// a\n--- /dev/null\n+++ b/src/b.sv\n@@ -0,0 +1 @@\n+// b\n',
    );
    const outcome = await applyStep.run(
      contextOf(stateWith('apply', [], { patch_step: 'repair_1', only_files: ['src/a.sv'] })),
    );
    expect(outcome).toMatchObject({
      kind: 'next',
      event: 'REJECTED',
      facts: { patch_feedback: [expect.stringContaining('src/b.sv')] },
    });
    expect(() => readFileSync(path.join(root, 'src/a.sv'))).toThrow(/ENOENT/);
  });
});

describe('a change that was rejected', () => {
  const PATCH = '--- a/src/m.sv\n+++ b/src/m.sv\n@@ -1,2 +1,3 @@\n module m;\n+  wire rejected_by_me;\n endmodule\n';

  async function rejectIt(): Promise<JobState> {
    await mkdir(path.join(root, 'src'), { recursive: true });
    await writeFile(path.join(root, 'src/m.sv'), 'module m;\nendmodule\n');
    const state = stateWith('approve_patch', [step('repair_1', 'ok')], { patch_step: 'repair_1' });
    await writeState(paths, state);
    await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    const [file] = (await readReview(root)).files;
    if (file === undefined) throw new Error('nothing to review');
    await decideReview(root, 'reject', [
      { path: file.path, sha256: file.sha256, hunks: file.hunks.map((hunk) => hunk.id) },
    ]);
    return state;
  }

  it('stops the next patch that brings it back, although the gate is on auto; a yes lets it pass', async () => {
    const state = await rejectIt();
    patchOf('repair_1', PATCH);
    expect(await approvePatchStep.run(contextOf(state))).toMatchObject({
      kind: 'halt',
      status: 'needs_input',
      error: { code: 'REJECTED_CHANGE_RETURNS' },
    });
    expect(await approvePatchStep.run(contextOf(state, 'gate'))).toMatchObject({ kind: 'next', event: 'OK' });
    patchOf('repair_1', PATCH.replace('rejected_by_me', 'another_wire'));
    expect(await approvePatchStep.run(contextOf(state))).toMatchObject({ kind: 'next', event: 'OK' });
  });

  it('is told to the next author together with the person’s notes', async () => {
    const state = await rejectIt();
    await addNote(paths, 'job_1', 'Keep it small.');
    const words = await wordsForModel(contextOf(state));
    expect(words[0]).toBe('Keep it small.');
    expect(words[1]).toContain('I rejected this change of src/m.sv');
    expect(words[1]).toContain('+   wire rejected_by_me;');
  });
});
