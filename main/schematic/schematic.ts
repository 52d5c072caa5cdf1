// The schematic of one module: elaborated by Yosys through the tools layer, made into a graph of blocks.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { SchematicGraph } from '@genrtl/contracts/schematic.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { sourceLanguage } from '@genrtl/core/filelist/source-facts.ts';
import { packageNames, withoutImports } from '@genrtl/core/hdl/package-imports.ts';
import { instancesBelow } from '@genrtl/core/project/design-units.ts';
import type { DesignUnit } from '@genrtl/core/project/design-units.ts';
import { collectFilelists } from '../cbb/index.ts';
import { verdictError } from '../checks/verdict-error.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { graphOf } from './netlist-graph.ts';
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
    const needed = await sourcesFor(workspace, runDir, input, lists.project.units, module);
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
    return graphOf(module, found[1]);
  } finally {
    await rm(runDir, { recursive: true, force: true });
  }
}

/** Larger sources go to the tool as they are. */
const MAX_REWRITTEN_BYTES = 4 * 1024 * 1024;

/**
 * The sources that a module needs: its own, those of what stands below it, and those that declare no unit (packages,
 * macros), so that a fault elsewhere is no fault here. Files with package imports, which Yosys does not read, are copies
 * that name the packages; `back` takes their paths out of a text again.
 */
async function sourcesFor(
  workspace: string,
  runDir: string,
  { sources, includeDirs }: { readonly sources: readonly string[]; readonly includeDirs: readonly string[] },
  units: readonly DesignUnit[],
  module: string,
): Promise<{ sources: string[]; includeDirs: string[]; back: (text: string) => string }> {
  const below = new Set([module, ...instancesBelow(units, module)]);
  const declaring = Map.groupBy(units, ({ file }) => file);
  // a module that no reading finds may be made by a macro, or stand in a file that is broken: the tool has the word
  const known = units.some(({ name }) => name === module);
  const needed = sources.filter(
    (file) => (!known || declaring.get(file)?.some(({ name }) => below.has(name))) ?? sourceLanguage(file) !== 'vhdl',
  );
  const texts = await Promise.all(
    needed.map(async (file) => {
      const text = await readRegular(path.resolve(workspace, file), 'utf8').catch(() => '');
      return { file, text: text.length > MAX_REWRITTEN_BYTES ? '' : text };
    }),
  );
  const packages = new Map(texts.flatMap(({ text }) => (/\bpackage\b/.test(text) ? [...packageNames(text)] : [])));
  const copies = `${path.relative(workspace, runDir).replaceAll(path.sep, '/')}/sources/`;
  const folders = new Set<string>();
  const chosen: string[] = [];
  for (const { file, text } of texts) {
    const written = /\bimport\b/.test(text) && !path.isAbsolute(file) ? withoutImports(text, packages) : null;
    if (written === null) {
      chosen.push(file);
      continue;
    }
    const copy = `${copies}${file.replaceAll('../', '__/')}`;
    await mkdir(path.dirname(path.join(workspace, copy)), { recursive: true });
    await writeFile(path.join(workspace, copy), written);
    folders.add(path.posix.dirname(file));
    chosen.push(copy);
  }
  return {
    sources: chosen,
    includeDirs: [...new Set([...includeDirs, ...folders])],
    back: (text) => text.replaceAll(copies, ''),
  };
}
