// One tool on a workspace without a job: the person's sources and the installed packages.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ERRORS,
  GenrtlError,
  type Confinement,
  type Diagnostic,
  type TestResult,
  type ToolId,
  type ToolVerdict,
} from '@genrtl/contracts';
import { scanModules, topModules } from '@genrtl/core/hdl/modules.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import { assertVendorIntact, collectFilelists } from '../cbb/index.ts';
import { confineSession } from '../settings/confinement.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { verdictError } from './verdict-error.ts';

export interface ToolSessionRequest {
  /** absolute */
  readonly workspace: string;
  readonly tool: ToolId;
  readonly action: 'lint' | 'simulate';
  /** null: the only uninstantiated module */
  readonly top: string | null;
  readonly runDir: string;
  /** records waves.vcd in the run folder */
  readonly waves?: boolean;
  /** the person lets code of a job run without a sandbox where none can be had; remembered for the workspace */
  readonly acceptUnconfined?: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

export interface ToolSessionResult {
  readonly passed: boolean;
  readonly verdict: ToolVerdict;
  readonly tops: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly tests: readonly TestResult[];
  /** null when nothing was started */
  readonly confinement: Confinement | null;
  /** what the run wrote at the workspace's root and was kept below `files/` of the run folder instead */
  readonly written: readonly string[];
  readonly error: GenrtlError | null;
  /** exit code of the command line */
  readonly exit: number;
}

/** Throws USAGE when the top cannot be told, WORKSPACE_NOT_FOUND, VENDOR_DAMAGED, CONFINEMENT_UNAVAILABLE. */
export async function runOnWorkspace(request: ToolSessionRequest): Promise<ToolSessionResult> {
  const { workspace } = request;
  const adapter = adapterById(request.tool);
  if (!adapter) throw new GenrtlError('USAGE', `There is no adapter for ${request.tool}.`);
  await assertVendorIntact(workspace);
  const lists = await collectFilelists(workspace);
  if (lists.rtl.length + lists.tb.length === 0)
    throw new GenrtlError('WORKSPACE_NOT_FOUND', `There are no sources in src/ or tb/ of ${workspace}.`);
  const sources = [...lists.rtl, ...lists.tb];
  const top = request.top ?? (await onlyTop(workspace, sources));
  const result = await runTool({
    adapter,
    action: request.action,
    workspace,
    sources,
    includeDirs: lists.includeDirs,
    top,
    runDir: request.runDir,
    env: request.env,
    signal: request.signal,
    confinement: await confineSession(
      request.env,
      workspace,
      existsSync(workspacePaths(workspace).state),
      request.acceptUnconfined === true,
    ),
    ...(request.waves === true ? { waves: { format: 'vcd' as const, file: 'waves.vcd' } } : {}),
  });
  const error = verdictError(adapter.title, result.verdict, result.record.duration_ms);
  return {
    passed: result.verdict === 'pass',
    verdict: result.verdict,
    tops: [top],
    diagnostics: result.diagnostics,
    tests: result.tests,
    confinement: result.record.confinement ?? null,
    written: result.record.written ?? [],
    error,
    exit: result.verdict === 'pass' ? 0 : error ? ERRORS[error.code].exit : 1,
  };
}

/** Vendor modules that nobody instantiates are no tops of the person's design. */
async function onlyTop(workspace: string, sources: readonly string[]): Promise<string> {
  const files = await Promise.all(
    sources.map(async (file) => ({ path: file, text: await readFile(path.join(workspace, file), 'utf8') })),
  );
  const tops = topModules(scanModules(files)).filter((module) => !module.file.startsWith('.genRTL/'));
  const [first, ...others] = tops.map((module) => module.name);
  if (first !== undefined && others.length === 0) return first;
  throw new GenrtlError(
    'USAGE',
    first === undefined
      ? 'No module is left uninstantiated.'
      : `Several modules are uninstantiated: ${[first, ...others].join(', ')}.`,
    { hint: 'Name one with --top.' },
  );
}
