// Public projects on the disk, as people have them: `scripts/soak projects DIR [--fusesoc CHECKOUTS] [--without
// fusesoc,bender]`, DIR holding a folder a project (for example checkouts of pulp-platform/axi, pulp-platform/common_cells and lowRISC/ibex with what they depend on below
// them). Of each: the project file that `init` makes, whether it has the files and the order that the manifest's own
// tool gives (project-order.ts), whether every include resolves, and what Verilator, Icarus and GHDL say of the files
// in the order worked out. An order that nothing could be
// compared with fails the run unless `--without` says so. Nothing in DIR is changed: copies are.
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { runTool } from '@genrtl/eda/runner/index.ts';
import { compileInput } from '@genrtl/core/filelist/index.ts';
import { sourceLanguage } from '@genrtl/core/filelist/source-facts.ts';
import { collectFilelists } from '../../main/cbb/index.ts';
import { initProject } from '../../main/project/init.ts';
import { theirOrder } from './project-order.ts';
import { readProjectFile } from '../../main/project/load-project.ts';

/** Headers of tools and libraries that no design brings. */
const OF_TOOLS = /^(?:uvm_macros\.svh|vunit_defines\.svh|ovm_macros\.svh)$/;
const TOOLS = ['verilator', 'icarus', 'ghdl'] as const;
const TIMEOUT_MS = 300_000;

export async function soak(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { fusesoc: { type: 'string' }, without: { type: 'string', default: '' } },
  });
  const [folder] = positionals;
  if (folder === undefined) {
    console.log('skipped: no folder of public projects was named (scripts/soak projects DIR [--fusesoc CHECKOUTS])');
    return;
  }
  const order: OrderOptions = {
    fusesoc: values.fusesoc ?? process.env['GENRTL_FUSESOC'] ?? null,
    without: new Set(values.without.split(',')),
  };
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  let wrong = 0;
  for (const { name } of names) wrong += await measure(path.resolve(folder, name), name, order);
  if (wrong > 0) throw new Error(`${wrong} includes lead nowhere, orders differ or were not compared`);
}

interface OrderOptions {
  /** checkouts of FuseSoC and what it needs */
  readonly fusesoc: string | null;
  /** tools whose order may stay uncompared */
  readonly without: ReadonlySet<string>;
}

async function measure(source: string, name: string, order: OrderOptions): Promise<number> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'genrtl-project-'));
  const root = path.join(scratch, name);
  let wrong = 0;
  try {
    cpSync(source, root, { recursive: true, filter: (file) => path.basename(file) !== '.git' });
    if (!existsSync(path.join(root, 'genrtl.yaml'))) {
      const made = await initProject(root, null);
      console.log(`${name}: from ${made.from ?? 'the folders'}`);
      for (const { message } of made.notes) console.log(`  ${message}`);
      if (made.from !== null) wrong += await compareOrder(source, root, made.from, order);
    }
    const config = await readProjectFile(root);
    const lists = await collectFilelists(root, process.env);
    const { includes, rtl, tb, tops } = lists.project;
    const open = includes.filter(({ path: found, name: header }) => found === null && !OF_TOOLS.test(header));
    console.log(
      `  ${rtl.sources.length} sources of rtl, ${tb.sources.length} of tb; ${includes.length} includes, ${open.length} lead nowhere; ${tops.length} tops`,
    );
    for (const { name: header, from, line } of open.slice(0, 10)) console.log(`  ${from}:${line}: "${header}"`);
    const named = (config?.rtl.files ?? []).filter((file) => rtl.sources.some((one) => one.path === file));
    const kept = rtl.sources.map((one) => one.path).filter((file) => named.includes(file));
    const moved = kept.filter((file, at) => file !== named[at]).length;
    console.log(`  order: ${named.length - moved} of ${named.length} named files stand where the manifest puts them`);
    for (const tool of TOOLS) await lint(root, tool, lists, config?.top ?? tops[0]?.name ?? null);
    return open.length + wrong;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** How many files stand elsewhere than the project's own tool puts them; what is missing counts too. */
async function compareOrder(
  source: string,
  root: string,
  manifest: string,
  { fusesoc, without }: OrderOptions,
): Promise<number> {
  const theirs = await theirOrder(source, root, manifest, fusesoc);
  if ('skipped' in theirs) {
    const allowed = theirs.tool === null || without.has(theirs.tool);
    console.log(`  their order: ${allowed ? 'skipped' : 'NOT COMPARED'}, ${theirs.skipped}`);
    return allowed ? 0 : 1;
  }
  const config = await readProjectFile(root);
  const libraries = Object.values(config?.rtl.libraries ?? {}).flat();
  const ours = config?.rtl.files ?? [];
  const given = theirs.files.filter((file) => sourceLanguage(file) !== null && !libraries.includes(file));
  const first = given.findIndex((file, at) => file !== ours[at]);
  const same = first === -1 && ours.length === given.length;
  console.log(
    `  their order: ${theirs.tool} gives ${given.length} files, ${same ? 'the same in the same order' : `other than ours at ${first + 1}: ${given[first] ?? '(end)'}, ours ${ours[first] ?? '(end)'}`}`,
  );
  return same ? 0 : 1;
}

async function lint(
  root: string,
  tool: (typeof TOOLS)[number],
  lists: Awaited<ReturnType<typeof collectFilelists>>,
  top: string | null,
): Promise<void> {
  const adapter = adapterById(tool);
  if (adapter === undefined) return;
  const input = compileInput(lists, 'rtl');
  const runDir = path.join(root, '.genRTL', `lint-${tool}`);
  const result = await runTool({
    adapter,
    action: adapter.actions.includes('lint') ? 'lint' : 'compile',
    workspace: root,
    ...input,
    top,
    runDir,
    limits: { timeoutMs: TIMEOUT_MS },
  }).catch((error: unknown) => {
    console.log(`  ${tool}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
  if (result === null) return;
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  console.log(`  ${tool}: ${result.verdict}, ${result.counts.error} errors, ${result.counts.warning} warnings`);
  for (const { file, line, message } of errors.slice(0, 5)) console.log(`    ${file ?? ''}:${line ?? 0}: ${message}`);
}
