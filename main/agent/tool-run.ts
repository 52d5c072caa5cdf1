// One tool run of a job: vendor check, run, copies for last_run, and what its verdict means for the job.
import { cp, rm } from 'node:fs/promises';
import { GenrtlError, type Diagnostic, type ToolAction, type ToolVerdict } from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import type { RunToolRequest, RunToolResult } from '@genrtl/eda/runner/types.ts';
import { assertVendorIntact } from '../cbb/index.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { writeReplay } from './replay.ts';
import type { StepContext } from './step.ts';

const DEFAULT_TIMEOUT_S = 120;

/** Limit of one tool run in milliseconds; GENRTL_TOOL_TIMEOUT_S overrides the default of two minutes. */
export function toolTimeoutMs(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['GENRTL_TOOL_TIMEOUT_S'] ?? DEFAULT_TIMEOUT_S);
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_TIMEOUT_S) * 1000;
}

export type JobToolRequest = Omit<RunToolRequest, 'adapter' | 'workspace' | 'signal' | 'env' | 'onOutput'> & { readonly tool_id: string; readonly action: ToolAction };

/** Throws TOOL_MISSING, TOOL_FAILED, TOOL_TIMEOUT (not for `allowTimeout`), TOOL_OUTPUT_LIMIT, LICENSE_WAIT, CANCELLED, VENDOR_DAMAGED. */
export async function runJobTool(context: StepContext, request: JobToolRequest): Promise<RunToolResult> {
  const { tool_id: toolId, ...rest } = request;
  const adapter = adapterById(toolId);
  if (!adapter) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${toolId}.`);
  await assertVendorIntact(context.paths.root);
  const result = await runTool({
    ...rest, adapter, workspace: context.paths.root, signal: context.signal, env: context.env,
    limits: { timeoutMs: toolTimeoutMs(context.env), ...rest.limits },
    onOutput: (stream, text) => context.emit({ type: 'log', step_id: context.stepId, stream, text }),
  });
  context.emit({ type: 'diagnostics', step_id: context.stepId, diagnostics: [...result.diagnostics] });
  await writeReplay(context.paths.root, request.runDir, result.record);
  await keepAsLastRun(context.paths, request.runDir);
  return result;
}

async function keepAsLastRun(paths: WorkspacePaths, runDir: string): Promise<void> {
  await rm(paths.lastRun, { recursive: true, force: true });
  for (const name of ['tool.json', 'raw_stdout.log', 'raw_stderr.log', 'diagnostics.json']) {
    await cp(`${runDir}/${name}`, `${paths.lastRun}/${name}`, { force: true }).catch(() => undefined);
  }
}

/** The error of a run that says nothing about the design; null for pass and fail. */
export function toolError(toolId: string, verdict: ToolVerdict, timeoutMs: number): GenrtlError | null {
  switch (verdict) {
    case 'pass':
    case 'fail':
      return null;
    case 'unknown':
      return new GenrtlError('TOOL_UNKNOWN_VERDICT', `${toolId} ended without a verdict that is recognised.`);
    case 'timeout':
    case 'idle_timeout':
      return new GenrtlError('TOOL_TIMEOUT', `${toolId} was stopped after ${Math.round(timeoutMs / 1000)} s.`);
    case 'output_limit':
      return new GenrtlError('TOOL_OUTPUT_LIMIT', `${toolId} printed more than the limit and was stopped.`);
    case 'cancelled':
      return new GenrtlError('CANCELLED', 'Cancelled.');
    case 'crashed':
      return new GenrtlError('TOOL_FAILED', `${toolId} crashed.`);
    case 'missing':
      return new GenrtlError('TOOL_MISSING', `${toolId} is not installed.`);
    case 'license_wait':
      return new GenrtlError('LICENSE_WAIT', `${toolId} got no licence within its limit.`);
  }
}

/** A failing verdict without a single error still needs one sentence that says what is wrong. */
export function withCause(diagnostics: readonly Diagnostic[], tool: string, message: string, file?: string): Diagnostic[] {
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return [...diagnostics];
  return [{ tool, severity: 'error', message, ...(file ? { file } : {}) }, ...diagnostics];
}
