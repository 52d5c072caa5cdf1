// One simulation of a job with its verdict: what it means for the design, for the testbench, and for the tool.
import path from 'node:path';
import { COMPOSER_MODEL, toolPlace, type Diagnostic, type GenrtlError, type TestResult } from '@genrtl/contracts';
import type { RunToolResult } from '@genrtl/eda/runner/types.ts';
import { verdictError } from '../checks/verdict-error.ts';
import type { Bench } from './benches.ts';
import { logReason } from '../checks/log-reason.ts';
import type { StepContext } from './step.ts';
import { runJobTool, toolTimeoutMs } from './tool-run.ts';

export interface BenchOutcome {
  readonly result: RunToolResult;
  readonly test: TestResult;
  readonly diagnostics: Diagnostic[];
  /** the run says nothing of the design */
  readonly error: GenrtlError | null;
}

export async function runBench(context: StepContext<'plan_model'>, bench: Bench): Promise<BenchOutcome> {
  const chosen = context.settings.sim_tool;
  const tool = toolPlace(chosen, 'simulate')?.id ?? chosen;
  const limitMs = toolTimeoutMs(context.env);
  const own = bench.kind === 'testbench' ? context.runDir : path.join(context.runDir, bench.name);
  // Only evidence of our own benches needs a waveform, so it is recorded by a second run of a failing one.
  const run = (waves: boolean, runDir = own): Promise<RunToolResult> =>
    runJobTool(context, {
      tool_id: chosen,
      action: 'simulate',
      sources: bench.sources,
      includeDirs: bench.includeDirs,
      defines: bench.defines,
      libraries: bench.libraries,
      top: bench.name,
      runDir,
      test: { name: bench.name, kind: bench.kind },
      waves: waves ? { format: 'vcd', file: 'waves.vcd' } : null,
    });
  let result = await run(false);
  if (result.verdict === 'fail' && bench.kind !== 'acceptance' && result.record.commands.length > 1)
    result = await run(true, context.runDir);
  const error = await benchError(context, bench, result, own, limitMs);
  const diagnostics =
    result.verdict === 'pass' || result.diagnostics.some(({ severity }) => severity === 'error')
      ? [...result.diagnostics]
      : [causeOf(tool, result, bench, limitMs), ...result.diagnostics];
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
 * model wrote it. A simulator that stumbles over itself does not.
 */
async function benchError(
  context: StepContext<'plan_model'>,
  bench: Bench,
  result: RunToolResult,
  runDir: string,
  limitMs: number,
): Promise<GenrtlError | null> {
  const tool = toolPlace(context.settings.sim_tool, 'simulate')?.id ?? context.settings.sim_tool;
  const running = result.record.commands.length > 1 || tool === 'verilator';
  const againstDesign = bench.kind !== 'testbench' || context.facts.plan_model !== COMPOSER_MODEL;
  const stumbled = result.facts.fatalLines > 0;
  if (running && againstDesign && !stumbled && (result.verdict === 'unknown' || result.verdict === 'timeout'))
    return null;
  const verdict = stumbled && result.verdict === 'unknown' ? 'crashed' : result.verdict;
  return verdictError(tool, verdict, limitMs, await logReason(result, runDir));
}

/** Findings whose cause is how the testbench ends. */
export const BENCH_NO_FINISH = 'BENCH_NO_FINISH';

/** A run without a single error still needs one sentence that says what is wrong. */
function causeOf(tool: string, result: RunToolResult, bench: Bench, limitMs: number): Diagnostic {
  const file = bench.kind === 'testbench' ? { file: bench.file } : {};
  const said = (message: string, code?: string): Diagnostic => ({
    tool,
    severity: 'error',
    message,
    ...(code === undefined ? {} : { code }),
    ...file,
  });
  const { facts, verdict } = result;
  if (verdict === 'timeout')
    return said(`${bench.name} did not reach $finish within ${Math.round(limitMs / 1000)} s.`, BENCH_NO_FINISH);
  if (verdict !== 'unknown') return said(`${bench.name} failed without naming a signal; see its log.`);
  if (facts.outOfEvents > 0)
    return said(
      `${bench.name} ended without $finish: nothing was left to happen. End it with $finish in every case.`,
      BENCH_NO_FINISH,
    );
  if (facts.stopLines > 0) return said(`${bench.name} ended by $stop instead of $finish.`, BENCH_NO_FINISH);
  if (facts.passLines === 0)
    return said(
      `${bench.name} printed neither a line that starts with PASS nor a FAIL line before $finish.`,
      BENCH_NO_FINISH,
    );
  return said(`${bench.name} printed PASS, but did not end with $finish.`, BENCH_NO_FINISH);
}
