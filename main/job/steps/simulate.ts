// sim and acceptance: every testbench of tb/, then every sealed test, each a run of its own with its own verdict.
import path from 'node:path';
import { GenrtlError, type Diagnostic, type TestResult } from '@genrtl/contracts';
import { stepSummary } from '@genrtl/contracts/step-summary.ts';
import type { DesignUnit } from '@genrtl/core/project/design-units.ts';
import { isSyntaxError, isVendorRootCause } from '@genrtl/core/evidence/index.ts';
import { collectFilelists } from '../../cbb/index.ts';
import { findAcceptanceTests, findBenches, type Bench } from '../benches.ts';
import { partsOf, runProjectChecks, unverified, verificationOf, type ProjectVerification } from '../job-checks.ts';
import { defineStep, halt, type StepContext, type StepOutcome } from '../step.ts';
import { compareWithReference } from '../reference.ts';
import { BENCH_NO_FINISH, runBench, type BenchOutcome } from '../run-bench.ts';
import { sealedFromMacros } from '../sealed-macros.ts';
import { judgeUntried } from '../waivers.ts';

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
  reads: ['plan_model', 'plan_step', 'spec_step', 'spec_name', 'checks_before', 'checks', 'waived'],
  writes: ['tests', 'diagnostics', 'failed_step', 'patch_feedback', 'checks', 'reference', 'untried', 'waived'],
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
    const compared = await compareWithReference(context, lists);
    tests.push(...compared.tests);
    if (compared.error !== null) return halt(compared.error, { facts: { tests } });
    if (compared.diagnostics.length > 0)
      return {
        kind: 'next',
        event: 'FAIL',
        summary: summarise(tests),
        facts: {
          tests,
          reference: null,
          diagnostics: [...compared.diagnostics],
          failed_step: context.stepId,
          patch_feedback: [],
        },
      };
    const { facts, error } = await judgeUntried(context, compared.untried);
    const all = { tests, reference: compared.reference, ...facts };
    if (error !== null) return halt(error, { facts: all });
    return { kind: 'next', event: 'OK', summary: summarise(tests), facts: all };
  },
});

export const acceptanceStep = defineStep({
  name: 'acceptance',
  reads: ['tests', 'plan_model'],
  writes: ['tests', 'diagnostics', 'failed_step', 'patch_feedback'],
  async run(context) {
    const directory = context.settings.accept_dir;
    const own = (context.facts.tests ?? []).filter((test) => test.kind !== 'acceptance');
    if (directory === null)
      return { kind: 'next', event: 'NONE', summary: stepSummary('noAcceptance'), facts: { tests: own } };
    const benches = await findAcceptanceTests(directory, await collectFilelists(context.paths.root, context.env));
    const sealed: TestResult[] = [];
    const diagnostics: Diagnostic[] = [];
    for (const bench of benches) {
      const outcome = await runBench(context, await apart(context, bench));
      if (outcome.error) return halt(outcome.error);
      const broken = brokenTest(context.paths.root, bench, outcome);
      if (broken !== null) return halt(broken);
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

/** The test behind a source that keeps the design's macros from it, where there are such. */
async function apart(context: StepContext<'plan_model'>, bench: Bench): Promise<Bench> {
  const folder = path.join(context.runDir, bench.name);
  const between = await sealedFromMacros(context.paths.root, context.jobId, bench.file, folder);
  return between === null
    ? bench
    : { ...bench, sources: bench.sources.flatMap((source) => (source === bench.file ? [between, source] : [source])) };
}

/** A test that no compiler reads says nothing of the design. What its port list lacks or names may be the design's. */
function brokenTest(root: string, { name, file }: Bench, { diagnostics }: BenchOutcome): GenrtlError | null {
  // what follows from it may stand anywhere
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const inside = first?.file !== undefined && path.resolve(root, first.file) === file;
  if (first === undefined || !inside || !isSyntaxError(first)) return null;
  return new GenrtlError(
    'ACCEPTANCE_BROKEN',
    `The acceptance test ${name} cannot be compiled: line ${first.line ?? 1}: ${first.message}.`,
  );
}

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

/** How it ended is no secret: whoever repairs has to know that it waits for something. */
function sealedDiagnostics(name: string, outcome: BenchOutcome): Diagnostic[] {
  const ending = outcome.diagnostics.find(({ code }) => code === BENCH_NO_FINISH)?.message;
  const failures = outcome.test.failures.filter((failure) => failure.signal !== undefined);
  const named = failures.length > 0 ? failures : [{ signal: undefined, time: undefined }];
  return named.map((failure) => ({
    tool: outcome.test.tool,
    severity: 'error',
    code: 'ACCEPTANCE',
    message: failure.signal
      ? `acceptance test ${name}: ${failure.signal} is wrong`
      : (ending ?? `acceptance test ${name} failed`),
    ...(failure.time ? { time: failure.time } : {}),
  }));
}
