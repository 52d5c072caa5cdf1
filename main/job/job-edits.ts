// What a person may do to a job that stands still: go back to a step, change the plan at its gate, have one finding
// mended.
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import path from 'node:path';
import {
  COMPOSER_MODEL,
  GenrtlError,
  Diagnostic,
  traitsOf,
  type JobState,
  type PatchRules,
  type Plan,
  toolPlace,
} from '@genrtl/contracts';
import { FlowState, retryFlow } from '@genrtl/core/job/index.ts';
import { DEFAULT_RULES, editable } from '@genrtl/core/project/patch-rules.ts';
import { checkInterface, checkPlan, extractInterface, type PlanScope } from '@genrtl/core/plan/index.ts';
import { z } from 'zod';
import { readJson, sha256, writeAtomic } from '@genrtl/disk/records.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { readRunFile } from './job-files.ts';

/** The step that waited or was interrupted is left behind. */
function closeOpenStep(state: JobState): JobState['steps'] {
  return state.steps.map((step) =>
    step.status === 'waiting' || step.status === 'running' ? { ...step, status: 'skipped', outcome: 'LEFT' } : step,
  );
}

/** The same job, about to run `stepId`'s step anew with fresh repair turns. Throws NOT_FOUND, USAGE. */
export async function goBackTo(state: JobState, stepId: string, paths: WorkspacePaths): Promise<JobState> {
  const at = state.steps.findIndex((step) => step.step_id === stepId);
  const step = state.steps[at];
  if (step === undefined) throw new GenrtlError('NOT_FOUND', `The job has no step ${stepId}.`);
  if (traitsOf(step.step).retryable !== true)
    throw new GenrtlError('USAGE', `The job cannot go back to ${stepId}.`, {
      hint: 'Go back to the plan, the code, a check or a repair.',
    });
  const moved: JobState = {
    ...state,
    status: 'running',
    error: null,
    steps: closeOpenStep(state),
    flow: retryFlow(FlowState.parse(state.flow), step.step),
  };
  const facts: JobState['facts'] = { ...state.facts, patch_feedback: [], only_files: [] };
  if (step.step === 'plan') return { ...moved, facts: { ...facts, contradictions: [] } };
  if (step.step !== 'repair') return { ...moved, facts };
  const failed = state.steps
    .slice(0, at)
    .findLast((earlier) => traitsOf(earlier.step).judges === true && earlier.status === 'failed');
  if (failed === undefined) return { ...moved, facts };
  const diagnostics =
    (await readJson(path.join(paths.run(state.job_id, failed.step_id), 'diagnostics.json'), z.array(Diagnostic))) ??
    state.facts.diagnostics ??
    [];
  return { ...moved, facts: { ...facts, failed_step: failed.step_id, diagnostics } };
}

/**
 * The job with an edited plan, still at its gate: checked like a model's plan, compared with the specification
 * again, and approved by nobody yet.
 * Throws USAGE (no gate waits; the composer builds what the specification says), PLAN_INVALID with `details.problems`.
 */
export async function withEditedPlan(
  state: JobState,
  edited: unknown,
  paths: WorkspacePaths,
  scope: PlanScope = {},
): Promise<{ state: JobState; plan: Plan; contradictions: string[] }> {
  const gate = state.steps.at(-1);
  if (gate?.step !== 'approve_plan' || gate.status !== 'waiting')
    throw new GenrtlError('USAGE', 'The plan can be changed while it waits for its approval.', {
      hint: 'Go back to the plan’s approval first.',
    });
  if (state.facts.plan_model === COMPOSER_MODEL)
    throw new GenrtlError('USAGE', 'The built-in composer builds what the specification says.', {
      hint: 'Change the specification and run it again.',
    });
  const checked = checkPlan(edited, scope);
  if (!checked.ok)
    throw new GenrtlError('PLAN_INVALID', checked.problems[0] ?? 'That is no plan.', {
      hint: 'Correct what the message names.',
      details: { problems: checked.problems },
    });
  const { plan } = checked;
  const spec = readRunFile(paths, state.job_id, state.facts.spec_step ?? '', 'spec.md');
  const found = checkInterface(
    plan,
    extractInterface(
      spec,
      plan.top.name,
      plan.modules.map(({ name }) => name),
    ),
  );
  const contradictions = found.map((diagnostic) =>
    diagnostic.line ? `line ${diagnostic.line} of the specification: ${diagnostic.message}` : diagnostic.message,
  );
  // The model's own plan stays where it is; the edited one lies with the gate that it has to pass.
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  await writeAtomic(path.join(paths.run(state.job_id, gate.step_id), 'plan.json'), text);
  const diagnostics = found.map((diagnostic) => ({
    ...diagnostic,
    file: diagnostic.file ?? state.facts.spec_name ?? 'spec.md',
  }));
  const facts = { ...state.facts, plan_step: gate.step_id, plan_sha256: sha256(text), contradictions, diagnostics };
  const error =
    contradictions.length > 0
      ? new GenrtlError('INTERFACE_CONTRADICTION', contradictions.join(' '))
      : new GenrtlError('APPROVAL_NEEDED', 'The edited plan waits for your approval.');
  return {
    plan,
    contradictions,
    state: { ...state, facts, error: error.toBody(), updated_at: new Date().toISOString() },
  };
}

/** The job, about to mend one finding in its own file only. Throws USAGE, NO_JOB, VENDOR_ROOT_CAUSE. */
export function aboutToFix(state: JobState, finding: Diagnostic, rules: PatchRules = DEFAULT_RULES): JobState {
  const { file } = finding;
  if (file === undefined)
    throw new GenrtlError('USAGE', 'The finding names no file.', {
      hint: 'Choose one that names a source.',
    });
  if (isVendorFile(file)) throw new GenrtlError('VENDOR_ROOT_CAUSE', `${file} belongs to a purchased package.`);
  const held = editable(rules)(file);
  if (held !== null)
    throw new GenrtlError('USAGE', `${file} may not be changed by a patch: ${held}.`, {
      hint: 'Findings in files that patches may touch can be mended.',
    });
  if (state.facts.plan_step === undefined)
    throw new GenrtlError('NO_JOB', 'No job of this workspace has a plan yet.', {
      hint: 'Run the specification first.',
    });
  const own = state.steps.findLast(
    ({ step, status }) =>
      step === (finding.tool === toolPlace(state.settings.lint_tool, 'lint')?.id ? 'lint' : 'sim') &&
      status !== 'waiting',
  );
  const failed = own ?? state.steps.findLast((step) => traitsOf(step.step).judges === true);
  if (failed === undefined)
    throw new GenrtlError('USAGE', 'No tool has run in this job yet.', { hint: 'Let the job run its checks first.' });
  return {
    ...state,
    status: 'running',
    error: null,
    steps: closeOpenStep(state),
    flow: retryFlow(FlowState.parse(state.flow), 'repair'),
    facts: {
      ...state.facts,
      diagnostics: [finding],
      failed_step: failed.step_id,
      patch_feedback: [],
      only_files: [file],
    },
  };
}

/**
 * The job whose purchase waits, about to look for its packages again without the declined one. Throws USAGE (no
 * purchase waits, the package is none of it, or the specification itself names it).
 */
export function withoutPackage(state: JobState, cbbId: string, instead: string | null): JobState {
  const gate = state.steps.at(-1);
  if (gate?.step !== 'approve_purchase' || gate.status !== 'waiting')
    throw new GenrtlError('USAGE', 'A package can be declined while its purchase waits for approval.');
  if (state.facts.plan_model === COMPOSER_MODEL)
    throw new GenrtlError('USAGE', 'The specification itself asks for this package.', {
      hint: 'Name another one in its Blocks table, or describe the block in Logic and Registers; then run it again.',
    });
  if (state.facts.quotes?.some((quote) => quote.cbb_id === cbbId) !== true)
    throw new GenrtlError('USAGE', `${cbbId} is not about to be bought.`);
  return {
    ...state,
    status: 'running',
    error: null,
    steps: closeOpenStep(state),
    flow: { ...FlowState.parse(state.flow), at: 'cbb_resolve' },
    facts: { ...state.facts, declined: { ...state.facts.declined, [cbbId]: instead } },
  };
}
