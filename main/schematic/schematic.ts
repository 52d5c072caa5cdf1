// The schematic of one module: elaborated by Yosys through the tools layer, made into a graph of blocks.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { SchematicAround, SchematicGraph } from '@genrtl/contracts/schematic.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { collectFilelists } from '../cbb/index.ts';
import { verdictError } from '../checks/verdict-error.ts';
import { sourcesForYosys } from '../checks/yosys-sources.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { graphAround, graphOf } from './netlist-graph.ts';
import { YosysNetlist, plainModuleName } from './yosys-netlist.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

const TIMEOUT_MS = 60_000;

/**
 * Throws TOOL_MISSING, TOOL_TIMEOUT, NOT_FOUND (no sources, no such module), DESIGN_FAILED with `details.diagnostics`.
 */
export async function readSchematic(
  workspace: string,
  module: string,
  env: NodeJS.ProcessEnv,
  around?: SchematicAround,
): Promise<SchematicGraph> {
  const adapter = adapterById('yosys');
  if (adapter === undefined) throw new TypeError('the tools layer has no adapter for Yosys');
  const lists = await collectFilelists(workspace, env);
  const input = compileInput(lists, 'rtl');
  if (input.sources.length === 0)
    throw new GenrtlError('NOT_FOUND', 'The project has no design sources.', {
      hint: 'Write or generate a module first.',
    });
  const { build } = workspacePaths(workspace);
  await mkdir(build, { recursive: true });
  const runDir = await mkdtemp(path.join(build, 'schematic-'));
  try {
    const needed = await sourcesForYosys(workspace, runDir, input, lists.project.units, module);
    const result = await runTool({
      adapter,
      action: 'elaborate',
      workspace,
      ...input,
      ...needed,
      top: module,
      runDir,
      record: false,
      env,
      limits: { timeoutMs: TIMEOUT_MS },
    });
    const failure = verdictError(adapter.title, result.verdict, result.record.duration_ms);
    if (failure !== null) throw failure;
    if (result.verdict !== 'pass') {
      const diagnostics = result.diagnostics
        .filter((found) => found.severity === 'error')
        .map((found) => ({
          ...found,
          message: needed.back(found.message),
          ...(found.file === undefined ? {} : { file: needed.back(found.file) }),
        }));
      throw new GenrtlError('DESIGN_FAILED', diagnostics[0]?.message ?? `${module} does not elaborate.`, {
        hint: 'Correct what the tool names; a schematic needs a module that elaborates.',
        details: { diagnostics },
      });
    }
    const text = needed.back(await readRegular(path.join(runDir, 'elaborated.json'), 'utf8'));
    const { modules } = YosysNetlist.parse(JSON.parse(text));
    const found =
      Object.entries(modules).find(([, value]) => value.attributes['top'] !== undefined) ??
      Object.entries(modules).find(([name]) => plainModuleName(name) === module);
    if (found === undefined) throw new GenrtlError('NOT_FOUND', `There is no module ${module}.`);
    if (around === undefined) return graphOf(module, found[1]);
    const part = graphAround(module, found[1], around);
    if (part === null) throw new GenrtlError('NOT_FOUND', `Nothing in ${module} is called ${around.name}.`);
    return part;
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}
