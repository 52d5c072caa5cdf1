// A tool run of a job on the backend: what it reads is sent, the run is followed, and what it left is put where a run
// of this machine leaves it, so that verdicts, evidence and replay are the same.
import { randomInt } from 'node:crypto';
import path from 'node:path';
import type { CloudVerifyOutput, Diagnostic, ToolId } from '@genrtl/contracts';
import { readFilelists } from '@genrtl/eda/runner/filelist.ts';
import { readInputs, toolPath } from '@genrtl/eda/runner/inputs.ts';
import type { RunToolRequest, RunToolResult } from '@genrtl/eda/runner/types.ts';
import { writeAtomic, writeJson } from '@genrtl/disk/records.ts';
import { requestBase, runUnrecorded } from './server-run.ts';
import { RunTree, sendFiles } from './run-tree.ts';
import type { StepContext } from './step.ts';

export type CloudToolRequest = Omit<RunToolRequest, 'adapter' | 'workspace' | 'signal' | 'env' | 'onOutput'> & {
  readonly action: 'lint' | 'simulate';
  readonly timeoutMs: number;
};

/** Throws CONFINEMENT_UNAVAILABLE and TOOL_MISSING of the server, BACKEND_UNAVAILABLE, CANCELLED, USAGE. */
export async function runCloudTool(
  context: StepContext<never>,
  tool: ToolId,
  request: CloudToolRequest,
): Promise<RunToolResult> {
  const { root } = context.paths;
  const at = (name: string): string => toolPath(root, name);
  const listed = await readFilelists(root, request.filelists ?? []);
  const sources = [...listed.sources, ...(request.sources ?? [])].map(at);
  const includeDirs = [...listed.includeDirs, ...(request.includeDirs ?? [])].map(at);
  const { hashes } = await readInputs(root, sources, includeDirs);
  const tree = new RunTree([...sources.map((file) => path.dirname(file)), ...includeDirs]);
  const answer = await runUnrecorded(context, 'cloud-verify', request.runDir, async (sending) => {
    const files = await sendFiles(root, Object.keys(hashes), tree, sending);
    return {
      kind: 'cloud-verify',
      // each run is asked for by itself: it costs nothing, and the same files may be tried again
      ...requestBase(context, randomInt(1, 2 ** 31), null),
      tool,
      action: request.action,
      files,
      sources: sources.map((file) => tree.inside(file)),
      include_dirs: includeDirs.map((folder) => tree.inside(folder)).filter((folder) => folder !== '.'),
      defines: { ...listed.defines, ...request.defines },
      libraries: Object.fromEntries(
        Object.entries(request.libraries ?? {}).map(([file, library]) => [tree.inside(at(file)), library]),
      ),
      top: request.top ?? null,
      test: request.test ?? null,
      waves: request.waves != null,
      run_folder: tree.inside(at(request.runDir)),
      timeout_ms: Math.min(request.timeoutMs, 600_000),
    };
  });
  return keep(context, request, answer, tree, hashes);
}

/** What the run left, in its folder here. */
async function keep(
  context: StepContext<never>,
  { runDir, waves, record: recorded }: CloudToolRequest,
  answer: CloudVerifyOutput,
  tree: RunTree,
  /** of the files as they are here; what was sent may have had secrets taken out */
  inputs: Record<string, string>,
): Promise<RunToolResult> {
  const backend = await context.backend();
  const [stdout, stderr] = await Promise.all([backend.blob(answer.stdout), backend.blob(answer.stderr)]);
  await writeAtomic(path.join(runDir, 'raw_stdout.log'), stdout, 0o644);
  await writeAtomic(path.join(runDir, 'raw_stderr.log'), stderr, 0o644);
  const wavesPath = answer.waves === null || waves == null ? null : path.join(runDir, waves.file);
  if (answer.waves !== null && wavesPath !== null)
    await writeAtomic(wavesPath, await backend.blob(answer.waves), 0o644);
  const homeOf = (diagnostic: Diagnostic): Diagnostic => ({
    ...diagnostic,
    ...(diagnostic.file === undefined ? {} : { file: tree.home(diagnostic.file) }),
    ...(diagnostic.related === undefined
      ? {}
      : { related: diagnostic.related.map((one) => ({ ...one, file: tree.home(one.file) })) }),
  });
  const diagnostics = answer.diagnostics.map(homeOf);
  const record: RunToolResult['record'] = {
    ...answer.record,
    place: 'cloud',
    inputs,
    commands: answer.record.commands.map((command) => ({
      ...command,
      argv: command.argv.map((word) => tree.home(word)),
      cwd: path.resolve(context.paths.root, command.cwd),
    })),
  };
  if (recorded !== false) {
    await writeJson(path.join(runDir, 'tool.json'), record);
    await writeJson(path.join(runDir, 'diagnostics.json'), diagnostics);
  }
  for (const [stream, bytes] of [
    ['stdout', stdout],
    ['stderr', stderr],
  ] as const)
    if (bytes.length > 0) context.emit({ type: 'log', step_id: context.stepId, stream, text: bytes.toString('utf8') });
  return {
    record,
    diagnostics,
    counts: record.diagnostics_total,
    waived: 0,
    tests: answer.tests,
    verdict: record.verdict,
    ran: answer.ran,
    waves: wavesPath,
    facts: answer.facts,
  };
}
