// One run of one tool, from its detection to its record on disk. Adapters describe, this file executes.
import { copyFile, mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Confinement, ResourceBound, TestResult, ToolRunRecord, ToolVerdict } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { regularChunks } from '@genrtl/disk/regular-file.ts';
import type { BuildPlan, DetectedTool, StreamKind, ToolAdapter, WaveRequest } from '../adapter.ts';
import { DiagnosticCollector, feedLines } from '../parsing/index.ts';
import { detectTool } from './detection.ts';
import { readFilelists } from './filelist.ts';
import { readInputs, toolPath } from './inputs.ts';
import type { RunInputs } from './inputs.ts';
import { LogFile } from './log-file.ts';
import { buildFolder } from './build-folder.ts';
import { exists, runCommands } from './commands.ts';
import type { CommandRecord, CommandsRequest } from './commands.ts';
import { languageOf } from '../compile-groups.ts';
import { guardDisk, writeRecord } from './record.ts';
import { readResultFiles, testResult } from './results.ts';
import { findOutputs, removeOutputs } from './outputs.ts';
import { openSandbox, sweepFolder } from './sandbox/index.ts';
import type { ConfinementPolicy } from './sandbox/index.ts';
import { Supervisor } from './supervisor.ts';
import { DEFAULT_LIMITS } from './types.ts';
import type { RunToolRequest, RunToolResult } from './types.ts';

/** What vvp takes as the name of a waveform. */
const PRINTABLE = /^[ -~]*$/;

const LOGS = ['raw_stdout.log', 'raw_stderr.log'] as const;

/**
 * Runs a tool, confined as `confinement` asks, and records it in `runDir`. A failing design, a missing or failing tool
 * and a stopped run are verdicts; thrown are only USAGE, DISK_FULL, WORKSPACE_READ_ONLY and CONFINEMENT_UNAVAILABLE.
 */
export async function runTool(request: RunToolRequest): Promise<RunToolResult> {
  const startedAt = new Date();
  const started = performance.now();
  const limits = { ...DEFAULT_LIMITS, ...request.limits };
  const env = request.env ?? process.env;
  await guardDisk(mkdir(request.runDir, { recursive: true }));
  // a run that was killed here may have left a link where a log belongs
  sweepFolder(request.runDir);
  const [stdout, stderr] = await guardDisk(
    Promise.all([
      LogFile.create(join(request.runDir, LOGS[0]), limits.keepBytes),
      LogFile.create(join(request.runDir, LOGS[1]), limits.keepBytes),
    ]),
  );
  const logs = { stdout, stderr };
  const collector = new DiagnosticCollector(request.workspace);
  collector.waive = request.waive ?? null;
  const supervisor = new Supervisor(limits, request.signal);
  collector.onLicence = (state) => {
    supervisor.licence(state);
    request.onState?.(state === 'waiting' ? 'licence_wait' : 'running');
  };

  let outcome: Outcome;
  try {
    outcome = await execute(request, collector, supervisor, logs, env);
  } finally {
    supervisor.close();
    await guardDisk(Promise.all([stdout.close(), stderr.close()]));
  }
  const diagnostics = collector.diagnostics();
  const tests: TestResult[] = [];
  if (request.action === 'simulate') {
    const test = request.test ?? { name: request.top ?? 'simulation', kind: 'testbench' as const };
    // the run as a whole stands first, what its result files name behind it
    tests.push(
      testResult(test, request.adapter.id, outcome.verdict, diagnostics, outcome.commands.at(-1)?.duration_ms ?? 0),
      ...outcome.tests,
    );
  }
  const record: ToolRunRecord = {
    schema_version: 1,
    tool: request.adapter.id,
    tool_version: outcome.tool?.version ?? '',
    action: request.action,
    commands: outcome.commands,
    verdict: outcome.verdict,
    started_at: startedAt.toISOString(),
    duration_ms: Math.round(performance.now() - started),
    stdout_bytes: stdout.bytes,
    stderr_bytes: stderr.bytes,
    dropped_bytes: stdout.droppedBytes + stderr.droppedBytes,
    diagnostics_total: { ...collector.counts },
    inputs: outcome.inputs,
    ...(outcome.confinement === null ? {} : { confinement: outcome.confinement }),
    ...(outcome.bound === null ? {} : { bound: outcome.bound }),
    ...(outcome.written.length === 0 ? {} : { written: outcome.written }),
  };
  if (request.record !== false)
    await Promise.all([
      writeRecord(join(request.runDir, 'tool.json'), record),
      writeRecord(join(request.runDir, 'diagnostics.json'), diagnostics),
    ]);
  return {
    record,
    diagnostics,
    counts: { ...collector.counts },
    waived: collector.waived,
    tests,
    verdict: outcome.verdict,
    ran: outcome.ran,
    waves: outcome.waves,
    facts: collector.facts,
  };
}

interface Outcome {
  readonly tool: DetectedTool | null;
  readonly commands: CommandRecord[];
  readonly verdict: ToolVerdict;
  readonly inputs: Record<string, string>;
  readonly ran: boolean;
  readonly waves: string | null;
  /** read from result files */
  readonly tests: readonly TestResult[];
  /** null when nothing was started */
  readonly confinement: Confinement | null;
  readonly bound: ResourceBound | null;
  readonly written: string[];
}

const NOTHING_RAN: Omit<Outcome, 'verdict'> = {
  tool: null,
  commands: [],
  inputs: {},
  ran: false,
  waves: null,
  tests: [],
  confinement: null,
  bound: null,
  written: [],
};

const PREFERRED: ConfinementPolicy = { mode: 'preferred' };

async function execute(
  request: RunToolRequest,
  collector: DiagnosticCollector,
  supervisor: Supervisor,
  logs: Record<StreamKind, LogFile>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Outcome> {
  const { adapter, workspace } = request;
  const tool = request.tool ?? (await detectTool(adapter, env));
  if (tool === null) return { ...NOTHING_RAN, verdict: 'missing' };
  const { plan: whole, inputs, waves: wavePaths, buildDir, reads, leftOut } = await prepare(request, tool);
  const plan = partOf(whole, request.part);
  if (leftOut.length > 0)
    collector.report({
      tool: 'genrtl',
      severity: 'info',
      code: 'SOURCES_LEFT_OUT',
      message: `${adapter.title} does not read ${leftOut.length} of the sources, ${leftOut[0]} first: they are of another language.`,
    });
  const opened = await openSandbox({
    policy: request.confinement ?? PREFERRED,
    workspace,
    runDir: request.runDir,
    writable: buildDir === null ? [] : [buildDir],
    shared: request.writable ?? [],
    // what the tool printed is the record, which it must not write over
    fixed: [
      ...(request.record === false ? [] : LOGS.map((name) => join(request.runDir, name))),
      ...(request.fixed ?? []),
    ],
    executables: [tool.path, ...Object.values(tool.companions)],
    sources: [
      ...reads.map((file) => resolve(workspace, file)),
      ...(typeof request.part === 'object' ? [request.part.runOf] : []),
    ],
    ...(adapter.needs === undefined ? {} : { needs: adapter.needs }),
    env,
  });
  if (opened.sandbox?.worksIn) collector.standsIn(opened.sandbox.worksIn);
  try {
    return await executePlan({ request, collector, supervisor, logs, env, tool, plan, inputs, wavePaths, opened });
  } finally {
    opened.sandbox?.close();
    // one that a build left something in is for the run that follows
    if (buildDir !== null) await rmdir(buildDir).catch(() => undefined);
  }
}

interface Prepared extends CommandsRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tool: DetectedTool;
  readonly inputs: Record<string, string>;
  readonly wavePaths: WavePaths | null;
}

async function executePlan(prepared: Prepared): Promise<Outcome> {
  const { request, collector, supervisor, plan, inputs, wavePaths, tool, opened } = prepared;
  const { adapter, workspace } = request;
  await guardDisk(Promise.all(plan.files.map((file) => writeFile(resolve(workspace, file.path), file.text))));

  const resultFiles = [...(plan.resultFiles ?? []), ...(request.resultFiles ?? [])].map((file) =>
    resolve(workspace, file),
  );
  // an old one must not count
  await Promise.all(resultFiles.map((file) => rm(file, { force: true })));
  await removeOutputs(workspace, [...(plan.resultPatterns ?? []), ...(plan.logPatterns ?? [])].flat());

  request.onState?.('running');
  const { commands, results, spawnError } = await runCommands(prepared);

  // before anything of ours follows a name that the run may have made
  const written = opened.sandbox?.close() ?? [];
  const left = await promised(prepared, plan.resultPatterns ?? []);
  const reported = await readResultFiles([...resultFiles, ...left.files], adapter.id);
  const missing = reported.missing + left.missing + (await readLogs(prepared));
  for (const diagnostic of reported.diagnostics) collector.report(diagnostic);
  const judged =
    supervisor.reason ??
    (spawnError === null
      ? adapter.verdict({
          action: request.part === 'build' ? 'compile' : request.action,
          commands: results,
          planned: plan.commands.length,
          counts: collector.counts,
          log: collector.facts,
          tests: reported.tests,
          missing,
        })
      : spawnVerdict(spawnError));
  // whoever promised results and left none proved nothing
  const verdict = judged === 'pass' && missing > 0 ? 'unknown' : judged;
  await Promise.all(
    (plan.disposable ?? []).map((folder) => rm(resolve(workspace, folder), { recursive: true, force: true })),
  );
  const waves = wavePaths === null ? null : await guardDisk(collectWaves(wavePaths));
  const ran = spawnError === null && commands.length === plan.commands.length;
  const { confinement } = opened;
  const bound = supervisor.reached;
  return { tool, commands, verdict, inputs, ran, waves, tests: reported.tests, confinement, bound, written };
}

/**
 * What came of promised files: those that are there, absolute, and how many promises nothing came of. What a confined
 * run writes at the workspace's root lies in the folder that it works in.
 */
async function promised(
  { request, opened }: Prepared,
  promises: readonly (readonly string[])[],
): Promise<{ files: string[]; missing: number }> {
  const places = [request.workspace, opened.sandbox?.worksIn ?? null].filter((place) => place !== null);
  const found = await Promise.all(
    promises.map(async (patterns) => {
      const files = await Promise.all(
        places.map(async (place) => (await findOutputs(place, patterns)).map((file) => resolve(place, file))),
      );
      return files.flat();
    }),
  );
  return {
    files: [...new Set(found.flat())],
    missing: found.filter((files) => files.length === 0).length,
  };
}

/** Reads the logs that the run wrote itself; returns how many are missing. */
async function readLogs(prepared: Prepared): Promise<number> {
  const { request, plan, collector } = prepared;
  const { createLogParser } = request.adapter;
  if (createLogParser === undefined) return 0;
  const { files, missing } = await promised(prepared, plan.logPatterns ?? []);
  for (const file of files) {
    const feed = feedLines(createLogParser(collector));
    for await (const chunk of regularChunks(file)) feed.push(chunk);
    feed.end();
  }
  return missing;
}

async function prepare(
  request: RunToolRequest,
  tool: DetectedTool,
): Promise<{
  plan: BuildPlan;
  inputs: Record<string, string>;
  waves: WavePaths | null;
  /** absolute; null where the run folder is the build folder */
  buildDir: string | null;
  /** every file and folder that the tool is told of; not what sources name by themselves */
  reads: readonly string[];
  /** sources of a language that it does not read */
  leftOut: readonly string[];
}> {
  const { adapter, workspace } = request;
  const path = (name: string): string => toolPath(workspace, name);
  const listed = await readFilelists(workspace, request.filelists ?? []);
  const given = [...listed.sources, ...(request.sources ?? [])].map(path);
  const sources = given.filter((source) => adapter.languages.includes(languageOf(source)));
  if (sources.length === 0 && adapter.findsSources !== true) throw noSources(adapter, given);
  const includeDirs = [...listed.includeDirs, ...(request.includeDirs ?? [])].map(path);
  const inputs = await readInputs(workspace, sources, includeDirs);
  const folder = typeof request.part === 'object' ? request.part.runOf : request.runDir;
  const runDir = path(folder);
  const ownBuildDir = await buildFolder(folder);
  const buildDir = ownBuildDir ?? runDir;
  // vvp writes `dump.vcd` into the workspace instead of a file whose name is not printable ASCII
  const wavesDir = PRINTABLE.test(runDir) ? runDir : buildDir;
  const waves = request.waves ? waveRequest(request.waves, wavesDir, inputs) : null;
  const wavesPath = waves === null || !request.waves ? null : join(request.runDir, request.waves.file);
  for (const path of waves === null || wavesPath === null ? [] : [resolve(workspace, waves.file), wavesPath])
    await rm(path, { force: true });
  const plan = adapter.buildCommands({
    action: request.action,
    tool,
    sources,
    includeDirs,
    runDir,
    buildDir,
    waves,
    defines: { ...listed.defines, ...request.defines },
    libraries: Object.fromEntries(
      Object.entries(request.libraries ?? {}).map(([source, library]) => [path(source), library]),
    ),
    parameters: request.parameters ?? {},
    plusargs: request.plusargs ?? [],
    top: request.top ?? null,
    seed: request.seed ?? null,
    coverage: request.coverage ?? false,
    timescales: inputs.timescales,
    jobs: request.jobs ?? 1,
    options: request.options ?? {},
  });
  return {
    plan,
    inputs: inputs.hashes,
    waves: waves === null || wavesPath === null ? null : { written: resolve(workspace, waves.file), wanted: wavesPath },
    buildDir: ownBuildDir,
    reads: [...sources, ...includeDirs],
    leftOut: given.filter((source) => !sources.includes(source)),
  };
}

/** The build keeps what the run needs, and the run needs nothing that the build wrote ahead. */
function partOf(plan: BuildPlan, part: RunToolRequest['part']): BuildPlan {
  if (part === undefined) return plan;
  const { disposable: _kept, ...rest } = plan;
  return part === 'build'
    ? { ...rest, resultFiles: [], commands: plan.commands.filter(({ role }) => role === 'build') }
    : { ...rest, files: [], commands: plan.commands.filter(({ role }) => role === 'run') };
}

function noSources(adapter: ToolAdapter, given: readonly string[]): GenrtlError {
  return given.length === 0
    ? new GenrtlError('USAGE', 'There is no source file to work on.', {
        hint: 'Put sources into src/, or name them in genrtl.yaml.',
      })
    : new GenrtlError('USAGE', `${adapter.title} reads none of the sources: they are of another language.`, {
        hint: 'Choose a tool that reads them: GHDL reads VHDL, the simulators of Verilog do not.',
      });
}

/** Where the tool was told to write its waveform, and where it belongs; absolute. */
interface WavePaths {
  readonly written: string;
  readonly wanted: string;
}

async function collectWaves({ written, wanted }: WavePaths): Promise<string | null> {
  if (!(await exists(written))) return null;
  if (written !== wanted) {
    await copyFile(written, wanted);
    await rm(written);
  }
  return wanted;
}

/**
 * A bench that dumps under `+vcd=` is asked to; one that dumps elsewhere is left alone; for others the adapter adds the
 * dump.
 */
function waveRequest(
  wanted: NonNullable<RunToolRequest['waves']>,
  runDir: string,
  inputs: RunInputs,
): WaveRequest | null {
  if (inputs.dumps && !inputs.readsVcdPlusarg) return null;
  return { format: wanted.format, file: `${runDir}/${wanted.file}`, by: inputs.readsVcdPlusarg ? 'plusarg' : 'module' };
}

/** Not there (any more) or not executable: missing; the rest is the tool's failure to start. */
function spawnVerdict(error: NodeJS.ErrnoException): ToolVerdict {
  return error.code === 'ENOENT' || error.code === 'EACCES' ? 'missing' : 'crashed';
}
