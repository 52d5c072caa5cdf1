// Which files the two file sets of a project name, in the order that somebody gave them. Pure; core/project/resolve.ts
// orders them.
import type { Diagnostic, FileSetConfig, ProjectFile } from '@genrtl/contracts';
import { PROJECT_FILE } from '@genrtl/contracts';
import type { ExpandedFilelist } from '../filelist/expand.ts';
import { isHeader, sourceLanguage } from '../filelist/source-facts.ts';
import { anyGlob, globMatcher, isGlob } from './glob.ts';

export interface SelectedSource {
  readonly path: string;
  /** named one by one, by a tool's list or by the project file: keeps its place */
  readonly listed: boolean;
  /** named by a tool's list: compiled even where another file includes it */
  readonly byTool: boolean;
  /** VHDL library that the project names for it */
  readonly library: string | null;
}

export interface Selection {
  readonly rtl: readonly SelectedSource[];
  readonly tb: readonly SelectedSource[];
  readonly notes: readonly Diagnostic[];
}

export interface SelectInput {
  /** null: no project file */
  readonly config: ProjectFile | null;
  /** every file of the workspace, sorted; relative, forward slashes */
  readonly files: readonly string[];
  readonly lists: { readonly rtl: ExpandedFilelist; readonly tb: ExpandedFilelist };
  isFile(path: string): boolean;
}

export const EMPTY_LIST: ExpandedFilelist = {
  sources: [],
  includeDirs: [],
  defines: {},
  libraryDirs: [],
  libraryFiles: [],
  libraryExtensions: [],
  lists: [],
  notes: [],
};

/** Where sources lie without a project file. */
const DEFAULT_SETS: Readonly<Record<'rtl' | 'tb', FileSetConfig>> = {
  rtl: { files: ['src/**'], filelists: [], include_dirs: [], defines: {}, libraries: {} },
  tb: { files: ['tb/**'], filelists: [], include_dirs: [], defines: {}, libraries: {} },
};

export function fileSets(config: ProjectFile | null): Readonly<Record<'rtl' | 'tb', FileSetConfig>> {
  return config === null ? DEFAULT_SETS : { rtl: config.rtl, tb: config.tb };
}

/** A file that both sets name belongs to tb unless rtl names it one by one. */
export function selectSources(input: SelectInput): Selection {
  const sets = fileSets(input.config);
  const notes: Diagnostic[] = [];
  const rtl = selectSet(input, sets.rtl, input.lists.rtl, 'rtl', notes);
  const tb = selectSet(input, sets.tb, input.lists.tb, 'tb', notes);
  const certain = new Set(rtl.filter(({ listed }) => listed).map(({ path }) => path));
  const testing = new Set(tb.filter(({ path }) => !certain.has(path)).map(({ path }) => path));
  return {
    rtl: rtl.filter(({ path }) => !testing.has(path)),
    tb: tb.filter(({ path }) => testing.has(path)),
    notes,
  };
}

function selectSet(
  { config, files, isFile }: SelectInput,
  set: FileSetConfig,
  list: ExpandedFilelist,
  name: 'rtl' | 'tb',
  notes: Diagnostic[],
): SelectedSource[] {
  const note = (severity: 'warning' | 'info', code: string, message: string): void => {
    notes.push({ tool: 'genrtl', severity, code, message, ...(config === null ? {} : { file: PROJECT_FILE }) });
  };
  const libraryOf = libraries(set);
  const selected = new Map<string, SelectedSource>();
  const add = (path: string, how: Pick<SelectedSource, 'listed' | 'byTool'>, library: string | null = null): void => {
    if (!selected.has(path)) selected.set(path, { path, library: library ?? libraryOf(path), ...how });
  };
  for (const source of list.sources) {
    if (sourceLanguage(source.path) === null && !isHeader(source.path) && NO_HDL.test(source.path))
      notes.push({
        tool: 'genrtl',
        severity: 'info',
        code: 'SOURCE_PASSED_OVER',
        message: `${source.path} is no VHDL, Verilog or SystemVerilog.`,
        file: source.list,
        line: source.line,
      });
    else if (isFile(source.path)) add(source.path, { listed: true, byTool: true }, source.library);
    else
      notes.push({
        tool: 'genrtl',
        severity: 'error',
        code: 'SOURCE_MISSING',
        message: `There is no file ${source.path}.`,
        file: source.list,
        line: source.line,
      });
  }
  const own = files.filter((file) => !file.startsWith('.genRTL/'));
  for (const pattern of [...set.files, ...Object.values(set.libraries).flat()]) {
    if (pattern.startsWith('!')) {
      const excluded = globMatcher(pattern.slice(1));
      for (const path of selected.keys()) if (excluded(path)) selected.delete(path);
      continue;
    }
    const plain = pattern.replace(/^(?:\.\/)+/, '');
    if (!isGlob(plain) && isFile(plain)) {
      add(plain, { listed: true, byTool: false });
      continue;
    }
    const matches = anyGlob([plain]);
    const found = own.filter((file) => matches(file) && sourceLanguage(file) !== null);
    for (const path of found) add(path, { listed: false, byTool: false });
    if (found.length === 0 && config !== null)
      note('warning', 'SOURCE_MISSING', `${name}: ${pattern} names no source that is there.`);
  }
  return [...selected.values()];
}

/** Files of other languages that lists of simulators name: objects, C, scripts, constraints. */
const NO_HDL = /\.(?:[ao]|so|c|cc|cpp|h|hpp|py|tcl|do|xdc|sdc|xci|dll|e|txt|md|mem|hex|dat)$/i;

function libraries(set: FileSetConfig): (path: string) => string | null {
  const named = Object.entries(set.libraries).map(([name, globs]) => ({
    name: name.toLowerCase(),
    matches: anyGlob(globs.map((glob) => glob.replace(/^(?:\.\/)+/, ''))),
  }));
  return (path) => named.find(({ matches }) => matches(path))?.name ?? null;
}
