// The project's own checks as the verification of a job: measured before its first patch, run after each one, and what
// of a failure came with the job.
import { cp, mkdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { CheckResult, GenrtlError, PROJECT_FILE, toolPlace } from '@genrtl/contracts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import type { Diagnostic, JobCheck, JobFacts, JobSettings, TestResult, Untried } from '@genrtl/contracts';
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import { chargedFindings } from '@genrtl/core/project/charge.ts';
import type { PlannedCheck } from '@genrtl/core/project/checks.ts';
import { isVendorRootCause } from '@genrtl/core/evidence/index.ts';
import { readJson, writeJson } from '@genrtl/disk/records.ts';
import { assertVendorIntact, collectFilelists } from '../cbb/index.ts';
import type { CompileInput } from '../cbb/index.ts';
import { checksOf } from '../checks/project-checks.ts';
import { runCheck } from '../checks/run-check.ts';
import { requireTrusted, untrusted } from '../project/trust.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { changesOfJob } from './job-changes.ts';
import { readPlan } from './job-files.ts';
import { judgedDesign } from './judged.ts';
import { writeReplay } from './replay-script.ts';
import type { StepContext } from './step.ts';
import { toolTimeoutMs } from './tool-run.ts';

export interface ProjectVerification {
  readonly lists: CompileInput;
  readonly checks: readonly PlannedCheck[];
}

/** Null where the project names no checks: lint and every testbench hold. Throws PROJECT_INVALID. */
export async function verificationOf(root: string, env: NodeJS.ProcessEnv): Promise<ProjectVerification | null> {
  if (!existsSync(path.join(root, PROJECT_FILE))) return null;
  const lists = await collectFilelists(root, env);
  if (lists.project.config?.checks === undefined) return null;
  return { lists, checks: await checksOf(lists, env) };
}

/** The lints that stand first, and everything behind them: together the project's order. */
export function partsOf(checks: readonly PlannedCheck[]): { lint: PlannedCheck[]; rest: PlannedCheck[] } {
  const end = checks.findIndex(({ kind }) => kind !== 'lint');
  const at = end === -1 ? checks.length : end;
  return { lint: checks.slice(0, at), rest: checks.slice(at) };
}

/** Throws PROJECT_UNTRUSTED, before anything of a job is paid for. */
export async function requireTrustedChecks(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const verification = await verificationOf(root, env);
  if (verification !== null) requireTrusted(await untrusted(env, root, verification.checks));
}

/** Throws USAGE for a project whose own checks would not run where the person asked for. */
export async function requireToolsHere(root: string, settings: JobSettings, env: NodeJS.ProcessEnv): Promise<void> {
  const cloud =
    toolPlace(settings.lint_tool, 'lint')?.cloud === true || toolPlace(settings.sim_tool, 'simulate')?.cloud === true;
  if (cloud && (await verificationOf(root, env)) !== null)
    throw new GenrtlError('USAGE', `The checks of ${PROJECT_FILE} name their tools, which run on this machine.`, {
      hint: 'Leave out `cloud`, or the checks.',
    });
}

const BEFORE = 'checks_before.json';

/**
 * Runs the checks on the project as it is before the job's first patch; the step that does is the fact `checks_before`.
 * Taken up by a process that died behind it, the patch may stand already: then what was measured counts.
 */
export async function measureBefore(
  context: StepContext<'checks_before' | 'files'>,
): Promise<Pick<JobFacts, 'checks_before'>> {
  const file = path.join(context.runDir, BEFORE);
  if (context.facts.checks_before !== undefined || (context.facts.files ?? []).length > 0) return {};
  if (existsSync(file)) return { checks_before: context.stepId };
  const verification = await verificationOf(context.paths.root, context.env);
  if (verification === null) return {};
  requireTrusted(await untrusted(context.env, context.paths.root, verification.checks));
  const results: CheckResult[] = [];
  for (const check of verification.checks)
    results.push(await runOne(context, verification, check, path.join(context.runDir, 'before', check.name)));
  await writeJson(file, results);
  return { checks_before: context.stepId };
}

async function readBefore(
  paths: WorkspacePaths,
  jobId: string,
  stepId: string | undefined,
): Promise<ReadonlyMap<string, CheckResult>> {
  if (stepId === undefined) return new Map();
  const results = await readJson(path.join(paths.run(jobId, stepId), BEFORE), z.array(CheckResult));
  return new Map((results ?? []).map((result) => [result.name, result]));
}

/** How the checks of a step ended. */
export interface CheckedProject {
  readonly checks: readonly JobCheck[];
  readonly tests: readonly TestResult[];
  /** of the failure, else of all */
  readonly diagnostics: readonly Diagnostic[];
  /** a check failed by what the job did; the ones behind it were not run */
  readonly failed: boolean;
  /** checks that say nothing, and said nothing before the job */
  readonly untried: readonly Untried[];
  readonly summary: string;
}

/** Throws PROJECT_UNTRUSTED, VENDOR_DAMAGED, VENDOR_ROOT_CAUSE, TOOL_FAILED, CANCELLED. */
export async function runProjectChecks(
  context: StepContext<'checks_before' | 'plan_step'>,
  verification: ProjectVerification,
  checks: readonly PlannedCheck[],
): Promise<CheckedProject> {
  const { root } = context.paths;
  requireTrusted(await untrusted(context.env, root, checks));
  const before = await readBefore(context.paths, context.jobId, context.facts.checks_before);
  const results: CheckResult[] = [];
  const judged: JobCheck[] = [];
  const untried: Untried[] = [];
  let charged: readonly Diagnostic[] | null = null;
  for (const check of checks) {
    const folder = checks.length === 1 ? context.runDir : path.join(context.runDir, check.name);
    const result = await runOne(context, verification, check, folder);
    if (result.verdict === 'cancelled') throw new GenrtlError('CANCELLED', 'Cancelled.');
    results.push(result);
    const earlier = before.get(check.name);
    charged = chargedFindings(result, earlier) ?? (await ownSignals(context, verification, result));
    judged.push(jobCheck(result, earlier, charged !== null));
    await keepRecords(folder, context.runDir);
    if (charged !== null) {
      if (isVendorRootCause(charged))
        throw new GenrtlError('VENDOR_ROOT_CAUSE', charged[0]?.message ?? 'The fault lies in a purchased package.');
      if (result.verdict === 'error' && earlier?.verdict !== 'pass')
        throw new GenrtlError('TOOL_FAILED', `${check.name}: ${result.reason}`);
      charged = charged.length > 0 ? charged : [causeOf(result)];
      break;
    }
    if (result.verdict === 'error' || result.verdict === 'unknown')
      untried.push({ kind: 'bench', name: check.name, why: `${result.reason} So it was before this job.` });
  }
  const passed = judged.filter(({ verdict }) => verdict === 'pass').length;
  const old = judged.filter((one) => one.verdict !== 'pass' && !one.charged).length;
  return {
    checks: judged,
    tests: results.flatMap(testsOf),
    diagnostics: charged ?? results.flatMap(({ diagnostics }) => diagnostics),
    failed: charged !== null,
    untried,
    summary:
      old === 0
        ? stepSummary('checks', { passed, total: checks.length })
        : stepSummary('checksBefore', { passed, total: checks.length, before: old }),
  };
}

/**
 * A testbench that failed before, on a signal that the job has since worked on, waited for the job: what it still
 * reports is the job's. Null: nothing of that kind.
 */
async function ownSignals(
  context: StepContext<'plan_step'>,
  { lists }: ProjectVerification,
  result: CheckResult,
): Promise<readonly Diagnostic[] | null> {
  const signals = result.tests.flatMap(({ failures }) => failures.flatMap(({ signal }) => signal ?? []));
  if (result.verdict !== 'fail' || signals.length === 0) return null;
  const own = lists.rtl.filter((file) => !isVendorFile(file));
  const texts = new Map(
    await Promise.all(
      own.map(async (file) => [file, await readFile(path.resolve(context.paths.root, file), 'utf8')] as const),
    ),
  );
  const changes = await changesOfJob(context.paths.root, context.jobId);
  const [top] = judgedDesign(texts, readPlan(context).top.name, changes).judged;
  const mine = signals.filter((signal) => top?.charged?.has(signal) ?? true);
  if (mine.length === 0) return null;
  return result.diagnostics.filter(
    ({ severity, message }) => severity === 'error' && mine.some((one) => message.includes(one)),
  );
}

/** Where every check failed before the job and none passes now, nothing verifies it. */
export function unverified(checks: readonly JobCheck[]): Untried[] {
  if (checks.length === 0 || checks.some(({ verdict }) => verdict === 'pass')) return [];
  return checks.map(({ name }) => ({
    kind: 'bench' as const,
    name,
    why: 'It failed before this job, as every other check of the project, so that none verifies what the job did.',
  }));
}

async function runOne(
  context: StepContext<never>,
  { lists }: ProjectVerification,
  check: PlannedCheck,
  runDir: string,
): Promise<CheckResult> {
  const { root } = context.paths;
  await assertVendorIntact(root);
  await mkdir(runDir, { recursive: true });
  const result = await runCheck({
    root,
    lists,
    check,
    runDir,
    env: context.env,
    signal: context.signal,
    confinement: context.confinement,
    timeoutMs: toolTimeoutMs(context.env),
    onOutput: (stream, text) => context.emit({ type: 'log', step_id: context.stepId, stream, text }),
    // a command reads what only it knows: there is nothing to repeat it on but the workspace itself
    ...(check.kind === 'command'
      ? {}
      : { onRun: (folder, { record }) => writeReplay(root, folder, record, context.env) }),
  });
  context.emit({ type: 'diagnostics', step_id: context.stepId, diagnostics: [...result.diagnostics] });
  await writeJson(path.join(runDir, 'check.json'), result);
  return result;
}

/** Records and logs of the check that decides stand in the step's own folder, where people and evidence look. */
async function keepRecords(from: string, to: string): Promise<void> {
  if (from === to) return;
  for (const name of ['tool.json', 'raw_stdout.log', 'raw_stderr.log', 'diagnostics.json'])
    await cp(path.join(from, name), path.join(to, name), { force: true }).catch(() => undefined);
}

const jobCheck = (result: CheckResult, before: CheckResult | undefined, charged: boolean): JobCheck => ({
  name: result.name,
  kind: result.kind,
  verdict: result.verdict,
  reason: result.reason,
  waived: result.waived,
  waivers: result.waivers,
  before: before?.verdict ?? null,
  charged,
});

/** A check without tests of its own is one. */
const testsOf = (result: CheckResult): TestResult[] =>
  result.tests.length > 0 || result.kind === 'lint'
    ? result.tests
    : [
        {
          name: result.name,
          kind: 'testbench',
          passed: result.verdict === 'pass',
          tool: result.kind,
          failures: result.verdict === 'pass' ? [] : [{ message: result.reason }],
          duration_ms: result.duration_ms,
        },
      ];

const causeOf = ({ name, reason }: CheckResult): Diagnostic => ({
  tool: 'genrtl',
  severity: 'error',
  code: 'CHECK_FAILED',
  message: `The check ${name} does not pass: ${reason}`,
});
