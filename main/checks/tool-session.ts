// One tool on a workspace without a job: the person's sources and the installed packages.
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  ERRORS,
  GenrtlError,
  PROJECT_FILE,
  type Confinement,
  type Diagnostic,
  type TestResult,
  type ToolId,
  type ToolVerdict,
} from '@genrtl/contracts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { topUnits } from '@genrtl/core/project/design-units.ts';
import { languageOf } from '@genrtl/eda/compile-groups.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { detectTool, runTool } from '@genrtl/eda/runner/index.ts';
import { probeConfinement } from '@genrtl/eda/runner/sandbox/index.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import type { SourceLanguage } from '@genrtl/core/filelist/index.ts';
import { assertVendorIntact, collectFilelists } from '../cbb/index.ts';
import type { CompileInput } from '../cbb/index.ts';
import { confineSession } from '../settings/confinement.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { requireReadableFolders } from './include-folders.ts';
import { logReason } from './log-reason.ts';
import { verdictError } from './verdict-error.ts';
import { sourcesForYosys } from './yosys-sources.ts';

export type SessionAction = 'lint' | 'elaborate' | 'simulate' | 'synthesise';

export interface ToolSessionRequest {
  /** absolute */
  readonly workspace: string;
  /** null: the project's own, as its checks and languages tell */
  readonly tool: ToolId | null;
  readonly action: SessionAction;
  /** null: the project's top, or the only uninstantiated module */
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
  readonly tool: ToolId;
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

/**
 * Throws USAGE when the top cannot be told, WORKSPACE_NOT_FOUND, PROJECT_INVALID, VENDOR_DAMAGED,
 * SOURCE_UNREADABLE, CONFINEMENT_UNAVAILABLE.
 */
export async function runOnWorkspace(request: ToolSessionRequest): Promise<ToolSessionResult> {
  const { workspace, action } = request;
  const ready = getReady(request);
  const lists = await collectFilelists(workspace, request.env);
  if (lists.rtl.length + lists.tb.length === 0) throw noSources(workspace, lists);
  const tool = request.tool ?? projectTool(lists, action);
  const adapter = adapterById(tool);
  if (!adapter) throw new GenrtlError('USAGE', `There is no adapter for ${tool}.`);
  await assertVendorIntact(workspace);
  await requireReadableFolders(workspace, lists.includeDirs);
  const aim = aimOf(lists, action, adapter.languages, request.top);
  const input = compileInput(lists, aim.of);
  // in the run folder: a confined run sees nothing else of .genRTL
  const copies = tool === 'yosys' ? path.join(request.runDir, 'read') : null;
  if (copies !== null) await mkdir(copies, { recursive: true });
  const own = copies === null ? null : await sourcesForYosys(workspace, copies, input, lists.project.units, aim.top);
  const result = await runTool({
    adapter,
    action,
    workspace,
    ...input,
    ...(own === null ? {} : { sources: own.sources, includeDirs: own.includeDirs }),
    top: aim.top,
    runDir: request.runDir,
    env: request.env,
    signal: request.signal,
    confinement: await ready,
    ...(request.waves === true ? { waves: { format: 'vcd' as const, file: 'waves.vcd' } } : {}),
  });
  if (copies !== null) await rm(copies, { recursive: true, force: true });
  const found = own === null ? result.diagnostics : result.diagnostics.map((one) => inOwnFiles(one, own.back));
  const reason = await logReason(result, request.runDir);
  const error = verdictError(adapter.title, result.verdict, result.record.duration_ms, reason);
  const notes = lists.project.notes.filter(({ severity }) => severity === 'warning');
  return {
    tool,
    passed: result.verdict === 'pass',
    verdict: result.verdict,
    tops: [aim.top],
    diagnostics: [...notes, ...found],
    tests: result.tests,
    confinement: result.record.confinement ?? null,
    written: result.record.written ?? [],
    error,
    exit: result.verdict === 'pass' ? 0 : error ? ERRORS[error.code].exit : 1,
  };
}

/**
 * How the run is confined. What is asked of the machine before it starts, the tool's version and whether a sandbox can
 * be had, is asked while the sources are read; both answers are kept.
 */
function getReady({ workspace, tool, env, acceptUnconfined }: ToolSessionRequest): Promise<ConfinementPolicy> {
  const adapter = tool === null ? undefined : adapterById(tool);
  if (adapter !== undefined) detectTool(adapter, env).catch(() => undefined);
  const policy = confineSession(env, workspace, existsSync(workspacePaths(workspace).state), acceptUnconfined === true);
  // who waits for it hears of a failure
  policy.then(({ mode }) => (mode === 'off' ? null : probeConfinement(env))).catch(() => undefined);
  return policy;
}

/** Findings in copies, told of the files that the person knows. */
const inOwnFiles = (found: Diagnostic, back: (text: string) => string): Diagnostic => ({
  ...found,
  message: back(found.message),
  ...(found.file === undefined ? {} : { file: back(found.file) }),
});

function noSources(workspace: string, { project }: CompileInput): GenrtlError {
  return project.config === null
    ? new GenrtlError('WORKSPACE_NOT_FOUND', `There are no sources in src/ or tb/ of ${workspace}.`, {
        hint: 'If they lie elsewhere, `npx genrtl project init` writes a genrtl.yaml that says where.',
      })
    : new GenrtlError('PROJECT_INVALID', `${PROJECT_FILE} names no source that is there.`, {
        hint: '`npx genrtl project show` tells what each of its entries finds.',
      });
}

/**
 * Of the project's checks the first of this kind; else GHDL where everything is VHDL. Elaborated is by the linter,
 * which reads most of the language; synthesised by Yosys.
 */
export function projectTool({ project, rtl, tb }: CompileInput, action: SessionAction): ToolId {
  if (action === 'synthesise') return 'yosys';
  const kind = action === 'simulate' ? 'sim' : 'lint';
  const own = project.config?.checks?.map((check) => check[kind]).find((tool) => tool !== undefined);
  if (own !== undefined && adapterById(own)?.actions.includes(action) === true) return own;
  if ([...rtl, ...tb].every((source) => languageOf(source) === 'vhdl')) return 'ghdl';
  return action === 'simulate' ? 'icarus' : 'verilator';
}

/** What is compiled and its top; vendor modules that nobody instantiates are no tops of the person's design. */
function aimOf(
  lists: CompileInput,
  action: SessionAction,
  languages: readonly SourceLanguage[],
  wanted: string | null,
): { top: string; of: 'rtl' | 'bench' } {
  const { project } = lists;
  // a netlist is made of the design, whatever benches stand beside it
  const design = action === 'synthesise';
  if (wanted !== null) return { top: wanted, of: design ? 'rtl' : 'bench' };
  if (action !== 'simulate' && project.config?.top !== undefined) return { top: project.config.top, of: 'rtl' };
  const readable = project.units.filter(({ file }) => languages.includes(languageOf(file)));
  const benches = project.benches.filter(({ file }) => languages.includes(languageOf(file)));
  const isBench = new Set(benches.map(({ name }) => name));
  const tops = topUnits(design ? readable.filter(({ name }) => !isBench.has(name)) : readable).filter(
    ({ kind }) => kind !== 'interface',
  );
  const [only, ...more] = action === 'simulate' && benches.length > 0 ? benches : tops;
  if (only !== undefined && more.length === 0) return { top: only.name, of: design ? 'rtl' : 'bench' };
  if (action !== 'simulate' && project.top !== null) return { top: project.top, of: 'rtl' };
  throw new GenrtlError(
    'USAGE',
    only === undefined
      ? 'No module is left uninstantiated.'
      : `Several modules are uninstantiated: ${[only, ...more].map(({ name }) => name).join(', ')}.`,
    {
      hint: 'Name one with --top.',
      ...(only === undefined ? {} : { details: { tops: [only, ...more].map(({ name }) => name) } }),
    },
  );
}
