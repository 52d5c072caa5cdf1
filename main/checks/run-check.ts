// One check of a project, run on a workspace: lint, testbenches, or the project's own command.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type {
  CheckResult,
  CheckVerdict,
  Diagnostic,
  FindingWaiver,
  TestResult,
  ToolId,
  ToolVerdict,
} from '@genrtl/contracts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { joined } from '@genrtl/core/filelist/includes.ts';
import { outputPlaces } from '@genrtl/core/project/checks.ts';
import type { CommandCheck, LintCheck, PlannedCheck, SimCheck } from '@genrtl/core/project/checks.ts';
import { FindingWaivers, waiverFindings } from '@genrtl/core/project/finding-waivers.ts';
import { globBase } from '@genrtl/core/project/glob.ts';
import { decidesVerdict } from '@genrtl/core/project/patch-rules.ts';
import { MAX_PROJECT_BYTES } from '@genrtl/contracts/project-names.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { commandAdapter } from '@genrtl/eda/checks/command-adapter.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import type { RunToolRequest, RunToolResult } from '@genrtl/eda/runner/types.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { CompileInput } from '../cbb/index.ts';
import { projectError } from '../project/load-project.ts';
import { verdictError } from './verdict-error.ts';

export interface CheckRun {
  /** real path of the workspace, or of a copy of it */
  readonly root: string;
  readonly lists: CompileInput;
  readonly check: PlannedCheck;
  /** absolute; made when missing */
  readonly runDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly confinement: ConfinementPolicy;
  /** of checks that name none */
  readonly timeoutMs: number;
  /** where findings of a copy of a source belong; waivers are asked about these */
  readonly placed?: (found: Diagnostic) => Diagnostic;
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** each run of a tool with its folder, once its record is written */
  readonly onRun?: (runDir: string, result: RunToolResult) => Promise<void>;
}

/** Shown and recorded at most; the counts are exact. */
const MAX_DIAGNOSTICS = 2_000;

/**
 * Trust is the caller's. A check that could not be run is a result too. Throws CANCELLED, DISK_FULL,
 * CONFINEMENT_UNAVAILABLE, and PROJECT_INVALID for a file of waivers.
 */
export async function runCheck(run: CheckRun): Promise<CheckResult> {
  const started = new Date();
  const from = performance.now();
  const { check, root } = run;
  const file = typeof check.waivers === 'string' ? check.waivers : null;
  const waivers = new FindingWaivers(await readWaivers(root, check), started.toISOString().slice(0, 10));
  const parts = await partsOf(run, waivers).catch((error: unknown) => {
    if (error instanceof GenrtlError && NO_RESULT.has(error.code)) throw error;
    return [failedPart(error)];
  });
  const uses = waivers.uses();
  const notes = waiverFindings(uses, file);
  const counts = { error: 0, warning: notes.length, info: 0 };
  for (const part of parts)
    for (const level of ['error', 'warning', 'info'] as const) counts[level] += part.counts[level];
  const { verdict, reason } = judged(check, parts);
  const relative = path.relative(root, run.runDir);
  return {
    name: check.name,
    kind: check.kind,
    verdict,
    reason,
    counts,
    waived: parts.reduce((sum, part) => sum + part.waived, 0),
    waivers: uses,
    diagnostics: [...parts.flatMap((part) => part.diagnostics), ...notes].slice(0, MAX_DIAGNOSTICS),
    tests: parts.flatMap((part) => part.tests),
    started_at: started.toISOString(),
    duration_ms: Math.round(performance.now() - from),
    run_folder: relative.startsWith('..') ? null : relative.replaceAll(path.sep, '/'),
  };
}

/** What is no word about the check. */
const NO_RESULT: ReadonlySet<string> = new Set([
  'CANCELLED',
  'DISK_FULL',
  'WORKSPACE_READ_ONLY',
  'CONFINEMENT_UNAVAILABLE',
]);

/** One run of a tool. */
interface Part {
  readonly verdict: CheckVerdict;
  readonly reason: string;
  readonly counts: RunToolResult['counts'];
  readonly waived: number;
  readonly diagnostics: readonly Diagnostic[];
  readonly tests: readonly TestResult[];
}

function failedPart(error: unknown): Part {
  const { message } = GenrtlError.of(error);
  return {
    verdict: 'error',
    reason: message,
    counts: { error: 0, warning: 0, info: 0 },
    waived: 0,
    diagnostics: [],
    tests: [],
  };
}

async function partsOf(run: CheckRun, waivers: FindingWaivers): Promise<Part[]> {
  const { check, placed = (found: Diagnostic) => found } = run;
  const waive = (diagnostic: Diagnostic): boolean => waivers.passes(placed(diagnostic));
  switch (check.kind) {
    case 'lint':
      return [await lint(run, check, waive)];
    case 'sim':
      return simulate(run, check, waive);
    case 'command':
      return [await command(run, check, waive)];
  }
}

type Waive = NonNullable<RunToolRequest['waive']>;

function common({ root, env, signal, confinement, timeoutMs, check, onOutput }: CheckRun, waive: Waive) {
  return {
    workspace: root,
    env,
    signal,
    confinement,
    waive,
    limits: { timeoutMs: check.timeoutMs ?? timeoutMs },
    ...(onOutput === undefined ? {} : { onOutput }),
  };
}

async function ranTool({ onRun }: CheckRun, request: RunToolRequest): Promise<RunToolResult> {
  const result = await runTool(request);
  await onRun?.(request.runDir, result);
  return result;
}

function adapterOf(tool: ToolId) {
  const adapter = adapterById(tool);
  if (adapter === undefined) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${tool}.`);
  return adapter;
}

async function lint(run: CheckRun, check: LintCheck, waive: Waive): Promise<Part> {
  const adapter = adapterOf(check.tool);
  const result = await ranTool(run, {
    ...common(run, waive),
    adapter,
    action: 'lint',
    ...compileInput(run.lists, 'rtl'),
    top: check.top ?? run.lists.project.top,
    runDir: run.runDir,
  });
  return partOf(adapter.title, result, `${adapter.title} refused the design without naming a line; see its log.`);
}

async function simulate(run: CheckRun, check: SimCheck, waive: Waive): Promise<Part[]> {
  const adapter = adapterOf(check.tool);
  const { benches } = run.lists.project;
  const wanted = check.benches === null ? benches.map(({ name }) => name) : check.benches;
  const missing = wanted.filter((name) => !run.lists.project.units.some((unit) => unit.name === name));
  if (missing.length > 0)
    return [failedPart(new GenrtlError('NOT_FOUND', `There is no testbench ${missing.join(', ')}.`))];
  if (wanted.length === 0)
    return [{ ...failedPart(new GenrtlError('NOT_FOUND', 'The project has no testbench.')), verdict: 'unknown' }];
  const parts: Part[] = [];
  for (const bench of wanted) {
    if (run.signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled.');
    const result = await ranTool(run, {
      ...common(run, waive),
      adapter,
      action: 'simulate',
      ...compileInput(run.lists, 'bench'),
      top: bench,
      plusargs: check.plusargs,
      runDir: wanted.length === 1 ? run.runDir : path.join(run.runDir, bench.replace(/[^\w.-]/g, '_')),
    });
    parts.push(partOf(bench, result, `${bench} failed without naming a signal; see its log.`));
  }
  return parts;
}

async function command(run: CheckRun, check: CommandCheck, waive: Waive): Promise<Part> {
  const { root, env } = run;
  const parser = check.parser === null ? null : adapterOf(check.parser);
  const given = Object.fromEntries(
    check.needs.env.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const])),
  );
  const cwd = path.resolve(root, check.cwd);
  const { adapter, reason } = commandAdapter(check, parser, cwd, given);
  const writable = await writableFolders(root, check);
  const lists = compileInput(run.lists, 'bench');
  const result = await ranTool(run, {
    ...common(run, waive),
    adapter,
    action: 'simulate',
    sources: lists.sources,
    includeDirs: [...lists.includeDirs, ...check.needs.read],
    runDir: run.runDir,
    writable,
    fixed: fixedFiles(root, writable, run.lists),
    test: { name: check.name, kind: 'testbench' },
  });
  const [, ...tests] = result.tests;
  const part = partOf(check.name, { ...result, tests }, reason());
  if (result.verdict === 'missing')
    return {
      ...part,
      reason: `There is no program ${check.command[0]}${check.cwd === '.' ? '' : ` in ${check.cwd} or on the PATH`}.`,
    };
  return part.verdict === 'pass' || reason() === '' ? part : { ...part, reason: reason() };
}

/** Where a confined command may write: what it declares, and where its result and log files lie. Absolute; made. */
async function writableFolders(root: string, check: CommandCheck): Promise<string[]> {
  const outputs = [...check.results, ...check.logs].map((file) => outputPlaces(check, file)[0] ?? file);
  const folders = [
    ...check.needs.write.map((folder) => joined('.', folder)),
    ...outputs.map((file) => path.posix.dirname(globBase(file) === file ? file : `${globBase(file)}/x`)),
  ].filter((folder): folder is string => folder !== null && folder !== '.');
  const absolute = [...new Set(folders)].map((folder) => path.join(root, folder));
  for (const folder of absolute) await mkdir(folder, { recursive: true });
  return absolute;
}

/** In such folders: the project's sources, and what decides how it is judged, stay as they are. */
function fixedFiles(root: string, folders: readonly string[], { project }: CompileInput): string[] {
  const sources = new Set([...project.rtl.sources, ...project.tb.sources].map((source) => source.path));
  for (const header of project.headers) sources.add(header);
  return project.files
    .filter((file) => sources.has(file) || decidesVerdict(file))
    .map((file) => path.join(root, file))
    .filter((file) => folders.some((folder) => file.startsWith(folder + path.sep)));
}

function partOf(title: string, result: RunToolResult, without: string): Part {
  const { counts, waived, diagnostics, tests } = result;
  const trouble = verdictError(title, result.verdict, result.record.duration_ms);
  const first = diagnostics.find(({ severity }) => severity === 'error');
  const verdict = VERDICTS[result.verdict];
  const place = first?.file === undefined ? '' : `${first.file}${first.line === undefined ? '' : `:${first.line}`}: `;
  const reason =
    verdict === 'pass' ? '' : (trouble?.message ?? (first === undefined ? without : `${place}${first.message}`));
  return { verdict, reason, counts, waived, diagnostics, tests };
}

const VERDICTS: Readonly<Record<ToolVerdict, CheckVerdict>> = {
  pass: 'pass',
  fail: 'fail',
  unknown: 'unknown',
  timeout: 'error',
  idle_timeout: 'error',
  resource_limit: 'error',
  output_limit: 'error',
  cancelled: 'cancelled',
  crashed: 'error',
  missing: 'error',
  license_wait: 'error',
};

/** The worst of the parts; a warning fails where the check says so. */
function judged(check: PlannedCheck, parts: readonly Part[]): { verdict: CheckVerdict; reason: string } {
  for (const verdict of ['cancelled', 'fail', 'error', 'unknown'] as const) {
    const found = parts.find((part) => part.verdict === verdict);
    if (found !== undefined) return { verdict, reason: found.reason };
  }
  const warnings = parts.reduce((sum, part) => sum + part.counts.warning, 0);
  if (check.failOn === 'warning' && warnings > 0)
    return { verdict: 'fail', reason: `${warnings} warnings, and the check fails on them.` };
  return { verdict: 'pass', reason: '' };
}

async function readWaivers(root: string, { waivers, name }: PlannedCheck): Promise<readonly FindingWaiver[]> {
  if (typeof waivers !== 'string') return waivers;
  const text = await readRegular(path.resolve(root, waivers), 'utf8').catch((cause: unknown) => {
    throw new GenrtlError('PROJECT_INVALID', `Check ${name}: the file of waivers ${waivers} cannot be read.`, {
      cause,
    });
  });
  if (text.length > MAX_PROJECT_BYTES) throw new GenrtlError('PROJECT_INVALID', `${waivers} is too large.`);
  const { readWaiverText } = await import('@genrtl/core/project/read-project.ts');
  const read = readWaiverText(text, waivers);
  if (read.ok) return read.value.waivers;
  throw projectError(read.diagnostics);
}
