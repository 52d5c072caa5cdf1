// The one resolver: what a project's files are, in which order and with which include folders, defines and libraries
// the tools read them, and what may be its tops. Lint, simulation, jobs, explorer, language, schematic and agents all
// ask it. Pure; main/project reads.
import type { Diagnostic, ProjectFile } from '@genrtl/contracts';
import type { ExpandedFilelist } from '../filelist/expand.ts';
import { folderOf, joined, resolveIncludes } from '../filelist/includes.ts';
import type { IncludeScope, ResolvedIncludes } from '../filelist/includes.ts';
import { isHeader, sourceLanguage } from '../filelist/source-facts.ts';
import type { SourceFacts, SourceLanguage, VerilogFacts } from '../filelist/source-facts.ts';
import { orderSources } from '../filelist/source-order.ts';
import type { OrderedSource } from '../filelist/source-order.ts';
import { anyGlob } from './glob.ts';
import { designUnits, instancesBelow, topUnits } from './design-units.ts';
import type { DesignUnit } from './design-units.ts';
import { macroHeaders } from './macro-headers.ts';
import { fileSets, selectSources } from './select.ts';
import type { SelectedSource, Selection } from './select.ts';
import { assignLibraries } from './vhdl-libraries.ts';

export interface ProjectSource {
  readonly path: string;
  readonly language: SourceLanguage;
  /** VHDL library; `work` for everything else */
  readonly library: string;
  /** found through `-y` or `-v`: part of the design only because something instantiates it */
  readonly fromLibrary: boolean;
}

export interface ResolvedFileSet {
  /** in compile order */
  readonly sources: readonly ProjectSource[];
  /** null: defined without a value */
  readonly defines: Readonly<Record<string, string | null>>;
}

export interface ResolvedProject {
  readonly config: ProjectFile | null;
  readonly rtl: ResolvedFileSet;
  readonly tb: ResolvedFileSet;
  /** for both sets: declared ones, then those that some include begins from */
  readonly includeDirs: readonly string[];
  /** files that others include */
  readonly headers: readonly string[];
  readonly includes: ResolvedIncludes['includes'];
  /** modules, entities, interfaces of both sets */
  readonly units: readonly DesignUnit[];
  /** the design's top: the project's, else the only unit of rtl that nobody instantiates; null: none or several */
  readonly top: string | null;
  /** units of rtl that no other unit of rtl instantiates */
  readonly tops: readonly DesignUnit[];
  /** units of tb that nothing instantiates */
  readonly benches: readonly DesignUnit[];
  /**
   * such units that are no benches: with ports, or neither with an instance of the design below them nor with a word
   * about its being right
   */
  readonly helpers: readonly DesignUnit[];
  /** tools' file lists that were read */
  readonly filelists: readonly string[];
  readonly notes: readonly Diagnostic[];
}

export interface ResolveInput {
  readonly config: ProjectFile | null;
  /** every file of the workspace, sorted; relative, forward slashes */
  readonly files: readonly string[];
  readonly lists: { readonly rtl: ExpandedFilelist; readonly tb: ExpandedFilelist };
  /** null: cannot be read, or too large to be worth it; undefined: not read yet */
  facts(path: string): SourceFacts | null | undefined;
  /** also of files outside the workspace */
  isFile(path: string): boolean;
}

export interface Resolution {
  readonly project: ResolvedProject;
  /** files whose facts were asked for and not there: read them and resolve again */
  readonly unread: readonly string[];
}

/** Call again, with the same selection, while `unread` names files: what they say may name further ones. */
export function resolveProject(input: ResolveInput, selection: Selection = selectSources(input)): Resolution {
  const unread = new Set<string>();
  const facts = (path: string): SourceFacts | null => {
    const known = input.facts(path);
    if (known === undefined) unread.add(path);
    return known ?? null;
  };
  const verilog = (path: string): VerilogFacts | null => {
    const known = facts(path);
    return known?.language === 'verilog' ? known : null;
  };
  const { config, lists } = input;
  const sets = fileSets(config);
  const scope = includeScope(input, [
    ...sets.rtl.include_dirs,
    ...lists.rtl.includeDirs,
    ...sets.tb.include_dirs,
    ...lists.tb.includeDirs,
  ]);
  const selected = [...selection.rtl, ...selection.tb];
  const library = librarySources(input, selected, facts);
  const roots = [...selected.map(({ path }) => path), ...library];
  const resolved = resolveIncludes(
    roots.filter((path) => languageOf(path) === 'verilog'),
    verilog,
    scope,
  );
  const reach = includedBy(resolved.includes, verilog);
  const ours = headersOfProject(input);
  const sourceFolders = new Set(roots.map(folderOf));
  const headers = macroHeaders({
    roots: roots.filter((path) => languageOf(path) === 'verilog'),
    files: input.files,
    included: resolved.included,
    isOurs: (path) => ours(path) || sourceFolders.has(folderOf(path)) || resolved.includeDirs.includes(folderOf(path)),
    facts: verilog,
    includes: reach,
    defines: new Set(
      [lists.rtl.defines, lists.tb.defines, sets.rtl.defines, sets.tb.defines].flatMap((one) => Object.keys(one)),
    ),
  });
  const compiled = (source: SelectedSource): boolean => source.byTool || !resolved.included.has(source.path);
  const libraries = assignLibraries(selected, facts);
  const ordered = (sources: readonly SelectedSource[], more: readonly string[]): ProjectSource[] => {
    const own = sources.filter(compiled);
    const byPath = new Map(own.map((source) => [source.path, source]));
    const entry = (path: string, listed: boolean): OrderedSource => ({
      path,
      facts: facts(path),
      includes: reach(path),
      library: libraries.of(path),
      listed,
    });
    return orderSources([
      ...own.map(({ path, listed }) => entry(path, listed)),
      ...more.map((path) => entry(path, false)),
    ]).map((path) => ({
      path,
      language: languageOf(path),
      library: libraries.of(path),
      fromLibrary: !byPath.has(path) && !headers.headers.includes(path),
    }));
  };
  const rtl = ordered(selection.rtl, [...headers.headers, ...library]);
  const tb = ordered(selection.tb, []);
  const units = designUnits([...rtl, ...tb].map(({ path }) => ({ path, facts: facts(path) })));
  const inTb = new Set(tb.map(({ path }) => path));
  const fromLibrary = new Set(library);
  const tops = topUnits(units.filter(({ file }) => !inTb.has(file))).filter(
    ({ file, kind }) => !fromLibrary.has(file) && kind !== 'interface',
  );
  const design = new Set(units.filter(({ file }) => !inTb.has(file)).map(({ name }) => name));
  const isBench = ({ name, hasPorts, decides }: DesignUnit): boolean =>
    !hasPorts && (decides !== false || [...instancesBelow(units, name)].some((below) => design.has(below)));
  const testing = topUnits(units).filter(({ file, kind }) => inTb.has(file) && kind !== 'interface');
  const includeDirs = [...new Set([...resolved.includeDirs, ...idleHeaderFolders(input, resolved.included)])];
  const project: ResolvedProject = {
    config,
    rtl: { sources: rtl, defines: { ...lists.rtl.defines, ...sets.rtl.defines } },
    tb: { sources: tb, defines: { ...lists.tb.defines, ...sets.tb.defines } },
    includeDirs,
    headers: [...resolved.included].sort(),
    includes: resolved.includes,
    units,
    top: config?.top ?? (tops.length === 1 ? (tops[0]?.name ?? null) : null),
    tops,
    benches: testing.filter(isBench),
    helpers: testing.filter((unit) => !isBench(unit)),
    filelists: [...new Set([...lists.rtl.lists, ...lists.tb.lists])],
    notes: [
      ...lists.rtl.notes,
      ...lists.tb.notes,
      ...selection.notes,
      ...resolved.notes,
      ...headers.notes,
      ...libraries.notes,
    ],
  };
  return { project, unread: [...unread] };
}

/** What is listed and is no VHDL is read as Verilog, whatever its name. */
const languageOf = (path: string): SourceLanguage => sourceLanguage(path) ?? 'verilog';

function includeScope(input: ResolveInput, dirs: readonly string[]): IncludeScope {
  const byName = new Map<string, string[]>();
  for (const path of input.files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [path]);
    else list.push(path);
  }
  return {
    includeDirs: dirs.map((dir) => joined('.', dir) ?? dir),
    isFile: input.isFile,
    endingWith: (name) => byName.get(name.slice(name.lastIndexOf('/') + 1)) ?? [],
  };
}

/** What lies where the sources do. */
function headersOfProject({ config }: Pick<ResolveInput, 'config'>): (path: string) => boolean {
  const sets = fileSets(config);
  const matches = anyGlob([...sets.rtl.files, ...sets.tb.files].filter((glob) => !glob.startsWith('!')));
  return (path) => matches(path) && !path.startsWith('.genRTL/');
}

/**
 * Folders of headers that nobody includes yet: whoever writes the next file may. Not where a name stands twice, since
 * a folder more in the path would decide between the two.
 */
function idleHeaderFolders({ config, files }: ResolveInput, included: ReadonlySet<string>): string[] {
  const ours = headersOfProject({ config });
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const headers = files.filter((path) => isHeader(path) && ours(path));
  const count = new Map<string, number>();
  for (const header of headers) count.set(baseName(header), (count.get(baseName(header)) ?? 0) + 1);
  const twice = new Set(headers.filter((path) => count.get(baseName(path)) !== 1).map(folderOf));
  return [...new Set(headers.filter((path) => !included.has(path)).map(folderOf))].filter(
    (folder) => !twice.has(folder),
  );
}

/** The texts that a file includes, directly and through others. */
function includedBy(
  includes: ResolvedIncludes['includes'],
  facts: (path: string) => VerilogFacts | null,
): (path: string) => VerilogFacts[] {
  const direct = new Map<string, string[]>();
  for (const { from, path } of includes) {
    if (path === null) continue;
    const list = direct.get(from);
    if (list === undefined) direct.set(from, [path]);
    else list.push(path);
  }
  return (start) => {
    const seen = new Set([start]);
    const queue = [start];
    for (const from of queue) {
      for (const path of direct.get(from) ?? []) {
        if (seen.has(path)) continue;
        seen.add(path);
        queue.push(path);
      }
    }
    return queue.slice(1).flatMap((path) => facts(path) ?? []);
  };
}

/**
 * Files that `-y` and `-v` add: those that declare a module which is instantiated and declared nowhere else, and so on.
 * Explicit sources for every tool, also those that know no libraries.
 */
function librarySources(
  { lists, isFile }: ResolveInput,
  selected: readonly SelectedSource[],
  facts: (path: string) => SourceFacts | null,
): string[] {
  const dirs = [...new Set([...lists.rtl.libraryDirs, ...lists.tb.libraryDirs])];
  const files = [...new Set([...lists.rtl.libraryFiles, ...lists.tb.libraryFiles])];
  if (dirs.length === 0 && files.length === 0) return [];
  const extensions = [...new Set([...lists.rtl.libraryExtensions, ...lists.tb.libraryExtensions])];
  const known = new Set<string>();
  const wanted: string[] = [];
  const read = (path: string): void => {
    const found = facts(path);
    if (found?.language !== 'verilog') return;
    for (const { name } of found.modules) known.add(name);
    for (const { words } of found.modules) wanted.push(...words);
  };
  for (const { path } of selected) read(path);
  const chosen = new Set<string>(selected.map(({ path }) => path));
  const added: string[] = [];
  const provider = (module: string): string | undefined => {
    for (const file of files) {
      const found = facts(file);
      if (found?.language === 'verilog' && found.modules.some(({ name }) => name === module)) return file;
    }
    for (const dir of dirs) {
      for (const extension of extensions.length > 0 ? extensions : ['.v', '.sv']) {
        const path = dir === '.' ? `${module}${extension}` : `${dir}/${module}${extension}`;
        if (isFile(path)) return path;
      }
    }
    return undefined;
  };
  const asked = new Set<string>();
  for (let word = wanted.pop(); word !== undefined; word = wanted.pop()) {
    if (known.has(word) || asked.has(word)) continue;
    asked.add(word);
    const path = provider(word);
    if (path === undefined || chosen.has(path)) continue;
    chosen.add(path);
    added.push(path);
    read(path);
  }
  return added.sort();
}
