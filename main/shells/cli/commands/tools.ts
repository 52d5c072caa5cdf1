// tools, lint, sim, diagnose: one tool at a time, without a job.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { GenrtlError, statusOfError, toolIdFrom, type Diagnostic, type ToolId } from '@genrtl/contracts';
import { type CliIo } from '../io.ts';
import { printDiagnostics, unconfinedLine } from '../print.ts';

function toolId(text: string): ToolId {
  const id = toolIdFrom(text);
  if (!id) throw new GenrtlError('USAGE', `${text} is no tool that genRTL knows; see \`npx genrtl tools\`.`);
  return id;
}

async function writeSarif(
  io: CliIo,
  file: string | undefined,
  tool: ToolId,
  diagnostics: readonly Diagnostic[],
): Promise<void> {
  if (file === undefined) return;
  const [{ toSarif }, { writeJson }] = await Promise.all([
    import('@genrtl/eda/sarif.ts'),
    import('@genrtl/disk/records.ts'),
  ]);
  await writeJson(path.resolve(io.cwd, file), toSarif([{ tool, diagnostics }]));
}

interface RunOptions {
  workspace: string;
  tool?: string;
  top?: string;
  sarif?: string;
  yes?: boolean;
}

/** What the run wrote at the workspace's root would go with its temporary folder. Returns where it is kept. */
async function keepWritten(workspace: string, runDir: string, written: readonly string[]): Promise<string[]> {
  if (written.length === 0) return [];
  const { workspacePaths } = await import('../../../workspace/paths.ts');
  const kept = path.join(workspacePaths(workspace).lastRun, 'files');
  await rm(kept, { recursive: true, force: true });
  await cp(path.join(runDir, 'files'), kept, { recursive: true });
  return written.map((file) => path.relative(workspace, path.join(kept, file)));
}

async function runOne(io: CliIo, action: 'lint' | 'simulate', options: RunOptions): Promise<void> {
  const { runOnWorkspace } = await import('../../../checks/tool-session.ts');
  const workspace = path.resolve(io.cwd, options.workspace);
  const wanted = options.tool === undefined ? null : toolId(options.tool);
  const runDir = await mkdtemp(path.join(process.env['TMPDIR'] ?? '/tmp', 'genrtl-'));
  try {
    const result = await runOnWorkspace({
      workspace,
      tool: wanted,
      action,
      top: options.top ?? null,
      acceptUnconfined: options.yes === true,
      runDir,
      env: io.env,
      signal: io.signal,
    });
    const id = result.tool;
    await writeSarif(io, options.sarif, id, result.diagnostics);
    const written = await keepWritten(workspace, runDir, result.written);
    if (io.json) {
      for (const diagnostic of result.diagnostics) io.out(JSON.stringify({ event: 'diagnostic', ...diagnostic }));
      io.out(
        JSON.stringify({
          event: 'result',
          status: result.passed ? 'done' : result.error ? statusOfError(result.error.code) : 'failed',
          tool: id,
          verdict: result.verdict,
          tops: result.tops,
          diagnostics: result.diagnostics,
          tests: result.tests,
          confined: result.confinement?.confined ?? null,
          ...(result.confinement?.unconfined_reason === undefined
            ? {}
            : { unconfined_reason: result.confinement.unconfined_reason }),
          written,
          ...(result.error ? { error: result.error.toBody() } : {}),
        }),
      );
    } else {
      printDiagnostics(io, result.diagnostics);
      for (const test of result.tests) io.err(`${test.passed ? '✓' : '✗'} ${test.name}`);
      for (const file of written) io.err(`written: ${file}`);
      if (result.confinement?.confined === 'unconfined') io.err(unconfinedLine(result.confinement.unconfined_reason));
      io.err(
        result.error
          ? `${result.error.code}: ${result.error.message}\n  ${result.error.hint}`
          : `${id}: ${result.verdict}`,
      );
    }
    io.exit(result.exit);
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}

export function registerTools(program: Command, io: CliIo): void {
  program
    .command('tools')
    .description('list the EDA tools that genRTL can drive')
    .action(async () => {
      const { listTools } = await import('@genrtl/eda/toolbox.ts');
      const tools = await listTools(io.env);
      if (io.json) {
        for (const tool of tools) io.out(JSON.stringify({ event: 'tool', ...tool }));
        io.out(JSON.stringify({ event: 'result', status: 'done', tools }));
        return;
      }
      for (const tool of tools) {
        const state = tool.found
          ? `${tool.version ?? ''}${tool.edition ? ` ${tool.edition}` : ''}  ${tool.path ?? ''}`
          : 'not found';
        io.out(
          `${tool.id.padEnd(10)} ${state}${tool.tested_against_real_tool ? '' : '  (untested against the real tool)'}`,
        );
      }
    });

  for (const [name, action, text] of [
    ['lint', 'lint', 'lint the sources of a workspace'],
    ['sim', 'simulate', 'run the testbench of a workspace'],
  ] as const) {
    program
      .command(name)
      .description(text)
      .requiredOption('--workspace <dir>', 'folder of the project')
      .option(
        '--tool <id>',
        `default: the project's, else ${action === 'lint' ? 'verilator' : 'icarus'}; ghdl for VHDL`,
      )
      .option('--top <name>', "default: the project's, else the only uninstantiated module")
      .option('--sarif <file>', 'write the findings as SARIF 2.1.0')
      .option('--yes', 'run code of a job without a sandbox where none can be had')
      .action((options: RunOptions) => runOne(io, action, options));
  }

  program
    .command('diagnose')
    .description('parse tool logs into diagnostics')
    .requiredOption('--tool <id>', 'the tool that wrote the logs')
    .requiredOption('--log <file...>', 'logs, in any order')
    .option('--sarif <file>', 'write the findings as SARIF 2.1.0')
    .action(async (options: { tool: string; log: string[]; sarif?: string }) => {
      const { parseLogs } = await import('@genrtl/eda/parse.ts');
      const tool = toolId(options.tool);
      const parsed = await parseLogs(
        tool,
        options.log.map((file) => ({ file: path.resolve(io.cwd, file) })),
        io.cwd,
      );
      await writeSarif(io, options.sarif, tool, parsed.diagnostics);
      io.out(JSON.stringify(parsed.diagnostics));
    });
}
