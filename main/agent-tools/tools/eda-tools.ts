// tools_list, lint, simulate: one EDA tool on a workspace, its records kept below .genRTL/tool-runs/.
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Confinement, Diagnostic, TestResult, ToolId, ToolInfo, ToolVerdict } from '@genrtl/contracts';
import { listTools } from '@genrtl/eda/toolbox.ts';
import { runOnWorkspace } from '../../checks/tool-session.ts';
import { makeMetaFolder } from '../../workspace/meta-folder.ts';
import { workspacePaths } from '../../workspace/paths.ts';
import { toolRunsOf } from '../context.ts';
import { defineTool, type AgentCall } from '../define-tool.ts';

/** Older runs are removed when a new one starts. */
const KEPT_RUNS = 40;
const RUN_FILES = ['tool.json', 'diagnostics.json', 'raw_stdout.log', 'raw_stderr.log', 'waves.vcd'];

async function newRunFolder(workspace: string, tool: string): Promise<string> {
  await makeMetaFolder(workspacePaths(workspace));
  const parent = toolRunsOf(workspace);
  await mkdir(parent, { recursive: true });
  const earlier = (await readdir(parent)).filter((name) => /^\d{8}T\d{6}-/.test(name)).sort();
  await Promise.all(
    earlier
      .slice(0, Math.max(0, earlier.length - KEPT_RUNS + 1))
      .map((name) => rm(path.join(parent, name), { recursive: true, force: true })),
  );
  const folder = path.join(
    parent,
    `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}-${tool}-${randomBytes(3).toString('hex')}`,
  );
  await mkdir(folder);
  return folder;
}

const Workspace = z.string().max(4096).default('.').describe('folder of the project');
const Top = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_$]{0,199}$/, 'a module name')
  .optional()
  .describe('default: the project’s top, or the only uninstantiated module');
const Tool = ToolId.optional().describe('default: the project’s own');
const RunOutput = {
  passed: z.boolean(),
  verdict: ToolVerdict,
  top: z.string().nullable(),
  diagnostics: z.array(Diagnostic),
  tests: z.array(TestResult),
  confined: Confinement.shape.confined.nullable(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
};

async function run(
  action: 'lint' | 'simulate',
  args: { workspace: string; tool?: ToolId | undefined; top?: string | undefined; waves?: boolean },
  { context, signal }: AgentCall,
) {
  const workspace = await context.roots.resolve(args.workspace);
  return context.toolRun(async () => {
    const runDir = await newRunFolder(workspace, args.tool ?? action);
    const result = await runOnWorkspace({
      workspace,
      tool: args.tool ?? null,
      action,
      top: args.top ?? null,
      runDir,
      waves: args.waves === true,
      env: context.env,
      signal: AbortSignal.any([signal, context.signal]),
    });
    const written = new Set(await readdir(runDir));
    return {
      data: {
        passed: result.passed,
        verdict: result.verdict,
        top: result.tops[0] ?? null,
        diagnostics: [...result.diagnostics],
        tests: [...result.tests],
        confined: result.confinement?.confined ?? null,
        error:
          result.error === null
            ? null
            : { code: result.error.code, message: result.error.message, hint: result.error.hint },
      },
      evidence: RUN_FILES.filter((file) => written.has(file)).map((file) =>
        context.roots.cite(path.join(runDir, file)),
      ),
    };
  });
}

export const toolsList = defineTool({
  name: 'tools_list',
  title: 'List EDA tools',
  readOnly: true,
  description: 'Every EDA tool that genRTL can drive: found or not, version, path.',
  input: z.strictObject({}),
  output: { tools: z.array(ToolInfo) },
  work: async (_args, { context }) => {
    const tools = await listTools(context.env);
    return { data: { tools }, evidence: tools.flatMap((tool) => (tool.path === null ? [] : [tool.path])) };
  },
});

export const lint = defineTool({
  name: 'lint',
  title: 'Lint a workspace',
  readOnly: false,
  description: 'Lints the project’s sources and the installed packages; returns findings with file, line and code.',
  input: z.strictObject({ workspace: Workspace, tool: Tool, top: Top }),
  output: RunOutput,
  work: (args, call) => run('lint', args, call),
});

export const simulate = defineTool({
  name: 'simulate',
  title: 'Simulate a workspace',
  readOnly: false,
  description:
    'Runs the project’s testbench; returns verdict, tests and findings. With waves, waves.vcd is recorded for waves_query.',
  input: z.strictObject({
    workspace: Workspace,
    tool: Tool,
    top: Top,
    waves: z.boolean().default(false),
  }),
  output: RunOutput,
  work: (args, call) => run('simulate', args, call),
});
