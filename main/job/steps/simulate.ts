// sim and acceptance: every testbench of tb/, then every sealed test, each a run of its own with its own verdict.
import path from 'node:path';
import { COMPOSER_MODEL, GenrtlError, stepSummary, type Diagnostic, type TestResult } from '@genrtl/contracts';
import type { DesignUnit } from '@genrtl/core/project/design-units.ts';
import { isVendorRootCause } from '@genrtl/core/evidence/index.ts';
import type { RunToolResult } from '@genrtl/eda/runner/types.ts';
import { collectFilelists } from '../../cbb/index.ts';
import { findAcceptanceTests, findBenches, type Bench } from '../benches.ts';
import { partsOf, runProjectChecks, unverified, verificationOf, type ProjectVerification } from '../job-checks.ts';
import { defineStep, halt, type StepContext, type StepOutcome } from '../step.ts';
import { verdictError } from '../../checks/verdict-error.ts';
import { runJobTool, toolTimeoutMs, withCause } from '../tool-run.ts';
import { judgeUntried } from '../waivers.ts';

interface BenchOutcome {
  readonly result: RunToolResult;
  readonly test: TestResult;
  readonly diagnostics: Diagnostic[];
  readonly error: GenrtlError | null;
}

async function runBench(context: StepContext<'plan_model'>, bench: Bench): Promise<BenchOutcome> {
  const tool = context.settings.sim_tool;
  const limitMs = toolTimeoutMs(context.env);
  // Only evidence of our own benches needs a waveform, so it is recorded by a second run of a failing one.
  const run = (waves: boolean): Promise<RunToolResult> =>
    runJobTool(context, {
      tool_id: tool,
      action: 'simulate',
      sources: bench.sources,
      includeDirs: bench.includeDirs,
      defines: bench.defines,
      libraries: bench.libraries,
      top: bench.name,
      runDir: path.join(context.runDir, ...(bench.kind === 'acceptance' ? [bench.name] : [])),
      test: { name: bench.name, kind: bench.kind },
      waves: waves ? { format: 'vcd', file: 'waves.vcd' } : null,
    });
  let result = await run(false);
  if (result.verdict === 'fail' && bench.kind === 'testbench' && result.record.commands.length > 1)
    result = await run(true);
  const error = benchError(context, bench, tool, result, limitMs);
  const diagnostics =
    result.verdict === 'pass'
      ? [...result.diagnostics]
      : withCause(
          result.diagnostics,
          tool,
          causeOf(result, bench, limitMs),
          bench.kind === 'testbench' ? bench.file : undefined,
        );
  const failures = diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map((diagnostic) => ({ message: diagnostic.message, ...(diagnostic.time ? { time: diagnostic.time } : {}) }));
  const test = result.tests[0] ?? {
    name: bench.name,
    kind: bench.kind,
    passed: result.verdict === 'pass',
    tool,
    failures,
    duration_ms: result.record.duration_ms,
  };
  return { result, test: { ...test, passed: result.verdict === 'pass' }, diagnostics, error };
}

/**
 * A bench that never ends or never gives a verdict speaks against the design: always when it is sealed, else when a
 * model wrote it.
 */
function benchError(
  context: StepContext<'plan_model'>,
  bench: Bench,
  tool: string,
  result: RunToolResult,
  limitMs: number,
): GenrtlError | null {
  const running = result.record.commands.length > 1 || tool === 'verilator';
  const againstDesign = bench.kind === 'acceptance' || context.facts.plan_model !== COMPOSER_MODEL;
  if (running && againstDesign && (result.verdict === 'unknown' || result.verdict === 'timeout')) return null;
  return verdictError(tool, result.verdict, limitMs);
}

function causeOf(result: RunToolResult, bench: Bench, limitMs: number): string {
  if (result.verdict === 'timeout')
    return `${bench.name} did not reach $finish within ${Math.round(limitMs / 1000)} s.`;
  if (result.verdict === 'unknown')
    return `${bench.name} printed neither a line that starts with PASS nor a FAIL line before $finish.`;
  return `${bench.name} failed without naming a signal; see its log.`;
}

/** What stands in tb/ and is none. */
function helpersText(helpers: readonly DesignUnit[]): string {
  const named = helpers.map(({ name, file }) => `${name} in ${file}`);
  return named.length === 0 ? '' : ` (no testbench instantiates ${named.join(', ')})`;
}

function summarise(tests: readonly TestResult[]): string {
  return stepSummary('tests', { passed: tests.filter((test) => test.passed).length, total: tests.length });
}

/** Everything of the project's checks behind its first lints. */
async function simulateByProject(
  context: StepContext<'checks_before' | 'plan_step' | 'checks' | 'waived'>,
  verification: ProjectVerification,
): Promise<StepOutcome<'tests' | 'diagnostics' | 'failed_step' | 'patch_feedback' | 'checks' | 'untried' | 'waived'>> {
  const { lint, rest } = partsOf(verification.checks);
  const checked = await runProjectChecks(context, verification, rest);
  const linted = (context.facts.checks ?? []).filter(({ name }) => lint.some((check) => check.name === name));
  const checks = [...linted, ...checked.checks];
  const facts = { checks, tests: [...checked.tests], diagnostics: [...checked.diagnostics] };
  const { summary } = checked;
  if (checked.failed)
    return {
      kind: 'next',
      event: 'FAIL',
      summary,
      facts: { ...facts, failed_step: context.stepId, patch_feedback: [] },
    };
  const nothing = unverified(checks);
  const judged = await judgeUntried(context, nothing.length > 0 ? nothing : checked.untried);
  if (judged.error !== null) return halt(judged.error, { facts: { ...facts, ...judged.facts } });
  return { kind: 'next', event: 'OK', summary, facts: { ...facts, ...judged.facts } };
}

export const simulateStep = defineStep({
  name: 'sim',
  reads: ['plan_model', 'plan_step', 'checks_before', 'checks', 'waived'],
  writes: ['tests', 'diagnostics', 'failed_step', 'patch_feedback', 'checks', 'untried', 'waived'],
  async run(context) {
    const verification = await verificationOf(context.paths.root, context.env);
    if (verification !== null) return simulateByProject(context, verification);
    const lists = await collectFilelists(context.paths.root, context.env);
    const benches = findBenches(lists);
    const { helpers } = lists.project;
    if (benches.length === 0) {
      const diagnostics = [
        {
          tool: 'genrtl',
          severity: 'error' as const,
          message: `There is no testbench in tb/${helpersText(helpers)}: write a self-checking one that prints PASS or FAIL lines.`,
        },
      ];
      return {
        kind: 'next',
        event: 'FAIL',
        summary: stepSummary('noTestbench'),
        facts: { diagnostics, tests: [], failed_step: context.stepId, patch_feedback: [] },
      };
    }
    const tests: TestResult[] = [];
    for (const bench of benches) {
      const outcome = await runBench(context, bench);
      tests.push(outcome.test);
      if (outcome.error) return halt(outcome.error, { facts: { diagnostics: outcome.diagnostics } });
      if (outcome.result.verdict === 'pass') continue;
      if (isVendorRootCause(outcome.diagnostics)) {
        return halt(
          new GenrtlError(
            'VENDOR_ROOT_CAUSE',
            outcome.diagnostics[0]?.message ?? 'The fault lies in a purchased package.',
          ),
          { facts: { diagnostics: outcome.diagnostics } },
        );
      }
      return {
        kind: 'next',
        event: 'FAIL',
        summary: summarise(tests),
        facts: { tests, diagnostics: outcome.diagnostics, failed_step: context.stepId, patch_feedback: [] },
      };
    }
    return { kind: 'next', event: 'OK', summary: summarise(tests), facts: { tests } };
  },
});

export const acceptanceStep = defineStep({
  name: 'acceptance',
  reads: ['tests', 'plan_model'],
  writes: ['tests', 'diagnostics', 'failed_step', 'patch_feedback'],
  async run(context) {
    const directory = context.settings.accept_dir;
    const own = (context.facts.tests ?? []).filter((test) => test.kind === 'testbench');
    if (directory === null)
      return { kind: 'next', event: 'NONE', summary: stepSummary('noAcceptance'), facts: { tests: own } };
    const benches = await findAcceptanceTests(directory, await collectFilelists(context.paths.root, context.env));
    const sealed: TestResult[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const bench of benches) {
      const outcome = await runBench(context, bench);
      if (outcome.error) return halt(outcome.error);
      sealed.push(sealResult(outcome.test));
      if (!outcome.test.passed) diagnostics.push(...sealedDiagnostics(bench.name, outcome));
    }
    const facts = { tests: [...own, ...sealed] };
    if (diagnostics.length === 0) return { kind: 'next', event: 'OK', summary: summarise(sealed), facts };
    return {
      kind: 'next',
      event: 'FAIL',
      summary: summarise(sealed),
      facts: { ...facts, diagnostics, failed_step: context.stepId, patch_feedback: [] },
    };
  },
});

/** Only test name, signal and time leave a sealed test. */
function sealResult(test: TestResult): TestResult {
  return {
    ...test,
    failures: test.failures.map((failure) => ({
      message: `acceptance test ${test.name} failed`,
      ...(failure.signal ? { signal: failure.signal } : {}),
      ...(failure.time ? { time: failure.time } : {}),
    })),
  };
}

function sealedDiagnostics(name: string, outcome: BenchOutcome): Diagnostic[] {
  const failures = outcome.test.failures.filter((failure) => failure.signal !== undefined);
  const named = failures.length > 0 ? failures : [{ signal: undefined, time: undefined }];
  return named.map((failure) => ({
    tool: outcome.test.tool,
    severity: 'error',
    code: 'ACCEPTANCE',
    message: failure.signal ? `acceptance test ${name}: ${failure.signal} is wrong` : `acceptance test ${name} failed`,
    ...(failure.time ? { time: failure.time } : {}),
  }));
}
