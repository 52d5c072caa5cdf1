// Whether the design holds the top that the plan promises: an answer may bring a testbench only, the top under another
// name, or one that others cannot connect to.
import path from 'node:path';
import type { Diagnostic, Plan } from '@genrtl/contracts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import { checkDesignInterface } from '@genrtl/core/plan/index.ts';
import { scanModules } from '@genrtl/core/hdl/modules.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { Filelists } from '../cbb/index.ts';

const VHDL_ENTITY = /^\s*entity\s+(\w+)/gim;

export interface TopFaults {
  /** no source of the design declares it: nothing to run a tool on */
  readonly missing: Diagnostic | null;
  /** its ports and parameters are not those of the plan */
  readonly differs: readonly Diagnostic[];
}

export async function topFaults(root: string, lists: Filelists, plan: Plan): Promise<TopFaults> {
  const files = await Promise.all(
    lists.rtl.map(async (file) => ({ path: file, text: await readRegular(path.join(root, file), 'utf8') })),
  );
  const verilog = files.filter((file) => !/\.vhdl?$/i.test(file.path));
  const missing = missingTop(files, verilog, plan.top.name);
  return { missing, differs: missing === null ? checkDesignInterface(plan, verilog) : [] };
}

interface Source {
  readonly path: string;
  readonly text: string;
}

function missingTop(files: readonly Source[], verilog: readonly Source[], top: string): Diagnostic | null {
  const modules = scanModules(verilog).map(({ name }) => name);
  const entities = files.flatMap(({ text, path: file }) =>
    /\.vhdl?$/i.test(file) ? [...text.matchAll(VHDL_ENTITY)].map(([, name]) => name?.toLowerCase()) : [],
  );
  // a macro may make the name up: then the tool has the word
  const byMacro = files.some(({ text }) => {
    const tokens = codeOf(text);
    return tokens.some(({ kind }, at) => kind === 'macro' && tokens[at - 1]?.text === 'module');
  });
  if (modules.includes(top) || entities.includes(top.toLowerCase()) || byMacro) return null;
  const here =
    files.length === 0
      ? 'no source of a design was written at all'
      : `the sources declare ${[...modules, ...entities].slice(0, 8).join(', ') || 'no module'}`;
  return {
    tool: 'genrtl',
    severity: 'error',
    code: 'TOP_MISSING',
    message: `The design has no module ${top}: ${here}. Write it, beside the testbench, in src/${top}.sv.`,
  };
}
