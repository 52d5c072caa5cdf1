// An answer that holds a testbench only, or the top under another name: nothing to run a tool on.
import path from 'node:path';
import type { Diagnostic } from '@genrtl/contracts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import { scanModules } from '@genrtl/core/hdl/modules.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { Filelists } from '../cbb/index.ts';

const VHDL_ENTITY = /^\s*entity\s+(\w+)/gim;

/** The finding that names the missing module; null when some source of the design declares it. */
export async function missingTop(root: string, lists: Filelists, top: string): Promise<Diagnostic | null> {
  const files = await Promise.all(
    lists.rtl.map(async (file) => ({ path: file, text: await readRegular(path.join(root, file), 'utf8') })),
  );
  const modules = scanModules(files.filter((file) => !/\.vhdl?$/i.test(file.path))).map(({ name }) => name);
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
