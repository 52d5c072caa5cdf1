// Quartus' .qsf and .qip: assignments of sources, search path, macros and top.
import { ImportDraft, folderOf, looksLikeTest, pathIn } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';

const SOURCE = /^(?:VERILOG_FILE|SYSTEMVERILOG_FILE|VHDL_FILE|VERILOG_INCLUDE_FILE|SOURCE_FILE)$/;

export async function importQuartus(file: string, tree: ProjectTree): Promise<Imported> {
  const draft = new ImportDraft(file, tree);
  const seen = new Set<string>();
  const read = async (path: string): Promise<void> => {
    if (seen.has(path) || seen.size > 1_000) return;
    seen.add(path);
    const text = await tree.read(path);
    if (text === null) {
      draft.note('warning', `${path} cannot be read.`);
      return;
    }
    const folder = folderOf(path);
    for (const words of assignments(text)) {
      const { name, value, library } = words;
      if (name === 'TOP_LEVEL_ENTITY') draft.takeTop(value);
      else if (name === 'SEARCH_PATH') for (const dir of value.split(';')) draft.includeDir('rtl', folder, dir);
      else if (name === 'VERILOG_MACRO') draft.define('rtl', value);
      else if (name === 'QIP_FILE' || name === 'SOURCE_TCL_SCRIPT_FILE') {
        const inner = pathIn(folder, value);
        if (name === 'QIP_FILE' && inner !== null) await read(inner);
        else draft.note('info', `${value} is a script; what it adds is not known.`);
      } else if (name === 'EDA_TEST_BENCH_FILE') draft.source('tb', folder, value, library);
      else if (name === 'VERILOG_INCLUDE_FILE') draft.includeDir('rtl', folder, folderOf(value));
      else if (SOURCE.test(name))
        draft.source(looksLikeTest(pathIn(folder, value) ?? value) ? 'tb' : 'rtl', folder, value, library);
    }
  };
  await read(file);
  return draft.done();
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly library: string | null;
}

/** `set_global_assignment -name NAME value [-library L]` in any order of its parts; other Tcl is passed over. */
function assignments(text: string): Assignment[] {
  const found: Assignment[] = [];
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    if (!/^\s*set_global_assignment\b/.test(line)) continue;
    const plain = line
      .replaceAll(
        /\[\s*file\s+join\s+\$::quartus\(qip_path\)\s+"?([^"\]]+)"?\s*\]/g,
        (_whole, path: string) => `"${path.trim()}"`,
      )
      .replace(/\s#.*$/, '');
    const words = [...plain.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1);
    let name: string | null = null;
    let value: string | null = null;
    let library: string | null = null;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      if (word === '-name') name = words[++at] ?? null;
      else if (word === '-library') library = words[++at]?.toLowerCase() ?? null;
      else if (/^-(?:section_id|entity|to|from|tag|hdl_version|comment|qsys_mode)$/.test(word)) at += 1;
      else if (!word.startsWith('-')) value ??= word;
    }
    if (name !== null && value !== null) found.push({ name, value, library });
  }
  return found;
}
