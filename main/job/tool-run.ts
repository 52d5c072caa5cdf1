// One tool run of a job: vendor check, run, copies for last_run, and what its verdict means for the job.
import { cp, rm } from 'node:fs/promises';
import { GenrtlError, toolIdFrom, toolPlace, type Diagnostic, type ToolAction } from '@genrtl/contracts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import type { RunToolRequest, RunToolResult } from '@genrtl/eda/runner/types.ts';
import { assertVendorIntact } from '../cbb/index.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';
import { runCloudTool } from './cloud-run.ts';
import { writeReplay } from './replay-script.ts';
import type { StepContext } from './step.ts';

const DEFAULT_TIMEOUT_S = 120;

/** Limit of one tool run in milliseconds; GENRTL_TOOL_TIMEOUT_S overrides the default of two minutes. */
export function toolTimeoutMs(env: NodeJS.ProcessEnv): number {
  const seconds = Number(env['GENRTL_TOOL_TIMEOUT_S'] ?? DEFAULT_TIMEOUT_S);
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_TIMEOUT_S) * 1000;
}

export type JobToolRequest = Omit<RunToolRequest, 'adapter' | 'workspace' | 'signal' | 'env' | 'onOutput'> & {
  readonly tool_id: string;
  readonly action: ToolAction;
};

/**
 * Throws TOOL_MISSING, TOOL_FAILED, TOOL_TIMEOUT (not for `allowTimeout`), TOOL_OUTPUT_LIMIT, LICENSE_WAIT, CANCELLED,
 * VENDOR_DAMAGED, CONFINEMENT_UNAVAILABLE.
 */
export async function runJobTool(context: StepContext<never>, request: JobToolRequest): Promise<RunToolResult> {
  const { tool_id: toolId, ...rest } = request;
  const verifying = request.action === 'lint' || request.action === 'simulate' ? request.action : null;
  const place = verifying === null ? undefined : toolPlace(toolId, verifying);
  const id = place?.id ?? toolIdFrom(toolId);
  const adapter = id && adapterById(id);
  if (!adapter) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${toolId}.`);
  await assertVendorIntact(context.paths.root);
  const timeoutMs = toolTimeoutMs(context.env);
  if (verifying !== null && place?.cloud === true) {
    const result = await runCloudTool(context, place.id, { ...rest, action: verifying, timeoutMs });
    return recorded(context, request.runDir, result);
  }
  const result = await runTool({
    ...rest,
    adapter,
    workspace: context.paths.root,
    signal: context.signal,
    confinement: context.confinement,
    env: context.env,
    limits: { timeoutMs, ...rest.limits },
    onOutput: (stream, text) => context.emit({ type: 'log', step_id: context.stepId, stream, text }),
  });
  return recorded(context, request.runDir, result);
}

/** The same of a run here and of one on the backend. */
async function recorded(context: StepContext<never>, runDir: string, result: RunToolResult): Promise<RunToolResult> {
  context.emit({ type: 'diagnostics', step_id: context.stepId, diagnostics: [...result.diagnostics] });
  await writeReplay(context.paths.root, runDir, result.record, context.env);
  await keepAsLastRun(context.paths, runDir);
  return result;
}

async function keepAsLastRun(paths: WorkspacePaths, runDir: string): Promise<void> {
  await rm(paths.lastRun, { recursive: true, force: true });
  for (const name of ['tool.json', 'raw_stdout.log', 'raw_stderr.log', 'diagnostics.json']) {
    await cp(`${runDir}/${name}`, `${paths.lastRun}/${name}`, { force: true }).catch(() => undefined);
  }
}

/** A failing verdict without a single error still needs one sentence that says what is wrong. */
export function withCause(
  diagnostics: readonly Diagnostic[],
  tool: string,
  message: string,
  file?: string,
): Diagnostic[] {
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return [...diagnostics];
  return [{ tool, severity: 'error', message, ...(file ? { file } : {}) }, ...diagnostics];
}
