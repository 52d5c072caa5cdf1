// A workspace that only tools' file lists describe: which of them stand for the project, the folder each was written
// for, and what their variables mean.
import { expandFilelists } from '../../filelist/expand.ts';
import type { ExpandedFilelist } from '../../filelist/expand.ts';
import { sourceLanguage } from '../../filelist/source-facts.ts';
import { filelistWords } from '../../filelist/words.ts';
import { importFolders } from './folders.ts';
import { ImportDraft, OTHERS, designSources, emptySet, folderOf, looksLikeTest, pathIn } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';
import { listVariables } from './list-variables.ts';

const LIST = /(?:^|\/)(?:[^/]+\.(?:f|fl|vc|vf|flist|filelist)|flist\.[^/]+|file_?list)$/i;
/** Names that mean other things too: believed when nearly every word of them is a source that is there. */
const MAYBE = /(?:^|\/)(?:[^/]+\.(?:lst|list|files)|[^/]*(?:file_?list|files|sources|compile_?order)\.txt)$/i;
const MAX_LISTS = 500;
/** Stands for a variable in a path. */
const MARK = '\u0000';

const isListName = (file: string): boolean => LIST.test(file) || MAYBE.test(file);

interface ReadList {
  readonly file: string;
  /** what its paths are relative to */
  readonly folder: string;
}

/** `chosen`: this list, whatever it covers. Null: no list names sources. */
export async function importFilelists(tree: ProjectTree, chosen: string | null = null): Promise<Imported | null> {
  const names = tree.files.filter((file) => isListName(file) && !OTHERS.test(file)).slice(0, MAX_LISTS);
  const texts = new Map<string, string>();
  for (const file of new Set(chosen === null ? names : [chosen, ...names]))
    texts.set(file, (await tree.read(file)) ?? '');
  const variables = listVariables([...texts.values()], tree.files);
  const present = new Set(tree.files);
  const lists: ReadList[] = [];
  const inner = new Set<string>();
  for (const [file, text] of texts) {
    if (chosen !== null && file !== chosen) continue;
    const words = filelistWords(text, (name) => variables.values[name] ?? '').map((word) => word.text);
    const paths = words.filter((word) => sourceLanguage(word) !== null);
    const found = (folder: string): number => paths.filter((path) => present.has(pathIn(folder, path) ?? path)).length;
    // what a variable leads to says nothing of the folder
    const own = new Set(filelistWords(text, () => MARK).map((word) => word.text));
    const plain = paths.filter((path) => own.has(path));
    const votes = (folder: string): number => plain.filter((path) => present.has(pathIn(folder, path) ?? path)).length;
    const folders = ['.', folderOf(file), folderOf(folderOf(file))];
    // written for the folder from which most of it is found
    const folder = folders.reduce((best, one) => (votes(one) > votes(best) ? one : best), '.');
    const nested = nestedLists(words);
    if (paths.length === 0 && nested.length === 0) continue;
    if (chosen === null && !LIST.test(file) && found(folder) < 0.9 * words.length) continue;
    for (const name of nested) for (const base of new Set(folders)) inner.add(pathIn(base, name) ?? name);
    lists.push({ file, folder });
  }
  const outer = lists.filter(({ file }) => !inner.has(file));
  if (lists.length === 0) return null;
  const rtl = outer.filter(({ file }) => !forTests(file));
  const expanded = await expandEach(lists, tree, variables.values);
  const draft = new ImportDraft(outer[0]?.file ?? lists[0]?.file ?? '', tree);
  const ofDesign = chosen === null ? withoutRepeats(rtl.length > 0 ? rtl : outer, expanded) : outer;
  const parts = chosen === null ? ofParts(ofDesign, expanded, tree) : null;
  // lists that name others as their tool finds them, from a folder that is made by its run
  const whole = parts === null ? ofDesign : withoutRepeats(soundOnes(lists, expanded), expanded);
  if (parts !== null && (whole.length === 0 || ofParts(whole, expanded, tree) !== null)) {
    const folders = importFolders(tree);
    return { ...folders, notes: [...folders.notes, parts] };
  }
  const design = whole;
  const [rtlSet, tbSet] = [emptySet(), emptySet()];
  for (const { file, folder } of parts === null ? outer : whole) {
    const isDesign = design.some((one) => one.file === file);
    const dropped = !isDesign && (rtl.length === 0 || rtl.some((one) => one.file === file));
    const { all } = expandedOf(expanded, file);
    const sources = all.sources.map(({ path }) => path);
    // one list of the design and its benches: what is the design is named, the list is that of the benches
    if (isDesign && sources.some(looksLikeTest) && !sources.every(looksLikeTest)) {
      rtlSet.files.push(...sources.filter((path) => present.has(path) && !looksLikeTest(path)));
      rtlSet.include_dirs.push(...all.includeDirs.filter((dir) => !rtlSet.include_dirs.includes(dir)));
      Object.assign(rtlSet.defines, all.defines);
      tbSet.filelists.push({ file, folder });
    } else if (!dropped) (isDesign ? rtlSet : tbSet).filelists.push({ file, folder });
  }
  const given = [...rtlSet.filelists, ...tbSet.filelists];
  // lists of a design alone say nothing of its tests
  if (tbSet.filelists.length === 0) tbSet.files.push(...importFolders(tree).tb.files);
  const left = (parts === null ? outer : []).filter(({ file }) => !given.some((one) => one.file === file));
  if (left.length > 0)
    draft.note(
      'info',
      `${left.map(({ file }) => file).join(', ')} ${left.length === 1 ? 'names' : 'name'} the same files and ${left.length === 1 ? 'is' : 'are'} left out; \`project init --from LIST\` takes one list.`,
    );
  if (given.length > 1)
    draft.note(
      'info',
      `${given.map(({ file }) => file).join(', ')} are lists of their own; take out what does not belong.`,
    );
  const used = usedVariables(
    given.map(({ file }) => file),
    texts,
  );
  const base = given.every(({ folder }) => folder === given[0]?.folder) ? (given[0]?.folder ?? '.') : '.';
  const folderFrom = (folder: string): string =>
    base === '.' ? folder : `${'../'.repeat(base.split('/').length)}${folder === '.' ? '' : folder}`.replace(/\/$/, '');
  for (const [name, folder] of Object.entries(variables.values))
    draft.note(
      'info',
      `The variable ${name} is taken for ${folder === '.' ? 'the workspace' : folder}, below which its files lie.`,
    );
  for (const name of variables.unknown)
    if (used === null || used.has(name))
      draft.note(
        'warning',
        `Nothing tells what the variable ${name} means; give it in variables or in the environment.`,
      );
  return {
    ...draft.done(),
    rtl: rtlSet,
    tb: tbSet,
    listed: design.flatMap(({ file }) => [...expandedOf(expanded, file).sources]),
    variables: Object.fromEntries(Object.entries(variables.values).map(([name, folder]) => [name, folderFrom(folder)])),
  };
}

/** Variables of the lists, and of everything where lists name others. */
function usedVariables(files: readonly string[], texts: ReadonlyMap<string, string>): ReadonlySet<string> | null {
  const used = new Set<string>();
  for (const file of files) {
    const words = filelistWords(texts.get(file) ?? '', (name) => {
      used.add(name);
      return '';
    });
    if (nestedLists(words.map((word) => word.text)).length > 0) return null;
  }
  return used;
}

/** Of the files that a list names, those that other lists have already, from which it is the same list once more. */
const REPEATED = 0.7;

/** Lists of one design for several tools: the one that is there most fully stands for the others. */
function withoutRepeats(lists: readonly ReadList[], expanded: readonly Named[]): ReadList[] {
  const ranked = lists
    .map((list) => ({ list, named: expandedOf(expanded, list.file) }))
    .toSorted(
      (a, b) =>
        Number(isStale(a.named)) - Number(isStale(b.named)) ||
        b.named.sources.size - a.named.sources.size ||
        a.named.missing - b.named.missing,
    );
  const kept = new Set<ReadList>();
  const covered = new Set<string>();
  for (const { list, named } of ranked) {
    const again = [...named.sources].filter((path) => covered.has(path)).length;
    if (named.sources.size > 0 && again >= REPEATED * named.sources.size) continue;
    kept.add(list);
    for (const path of named.sources) covered.add(path);
  }
  return lists.filter((list) => kept.has(list));
}

const isStale = ({ missing, sources }: Named): boolean => missing > sources.size * 0.1;

/** Lists nearly all of whose files are there. */
function soundOnes(lists: readonly ReadList[], expanded: readonly Named[]): ReadList[] {
  return lists.filter(({ file }) => {
    const named = expandedOf(expanded, file);
    return named.sources.size > 0 && !isStale(named) && !forTests(file);
  });
}

function expandedOf(expanded: readonly Named[], file: string): Named {
  const found = expanded.find((one) => one.file === file);
  if (found === undefined) throw new Error(`${file} was not expanded`);
  return found;
}

/** The lists that one names by `-f` and `-F`, as written. */
const nestedLists = (words: readonly string[]): string[] =>
  words.flatMap((word, at) => ((word === '-f' || word === '-F' || word === '-file') && words[at + 1]) || []);

const forTests = (file: string): boolean =>
  looksLikeTest(file) || /(?:tb|test|sim|bench|dv|verif)/i.test(file.slice(file.lastIndexOf('/') + 1));

interface Named {
  readonly file: string;
  readonly all: ExpandedFilelist;
  /** sources that are named and not there, variables that nobody set among their reasons */
  readonly missing: number;
  /** that are there */
  readonly sources: ReadonlySet<string>;
  /** `-y` */
  readonly libraryDirs: readonly string[];
}

/** What each list names, with the lists in it. */
async function expandEach(
  lists: readonly ReadList[],
  tree: ProjectTree,
  values: Readonly<Record<string, string>>,
): Promise<Named[]> {
  const present = new Set(tree.files);
  const folders = new Set(tree.files.flatMap((file) => foldersAbove(file)));
  const host = {
    read: (file: string) => tree.read(file),
    exists: (file: string) => Promise.resolve(present.has(file) || folders.has(file)),
    variable: (name: string) => values[name],
  };
  const named: Named[] = [];
  for (const { file, folder } of lists) {
    const all = await expandFilelists([{ path: file, folder }], host);
    const there = all.sources.map(({ path }) => path).filter((path) => present.has(path));
    const unset = all.notes.filter(({ severity }) => severity === 'error').length;
    named.push({
      file,
      all,
      missing: all.sources.length - there.length + unset,
      sources: new Set(there),
      libraryDirs: all.libraryDirs,
    });
  }
  return named;
}

/**
 * Why the lists do not stand for the project: they name less than half of its design, and no single list is most of
 * them (lists of single modules or tests). Null: they do.
 */
function ofParts(
  lists: readonly ReadList[],
  expanded: readonly Named[],
  tree: ProjectTree,
): Imported['notes'][number] | null {
  const design = designSources(tree);
  const covers = lists
    .map(({ file }) => expandedOf(expanded, file))
    .map(
      ({ sources, libraryDirs }) =>
        new Set(design.filter((path) => sources.has(path) || libraryDirs.includes(folderOf(path)))),
    );
  const covered = new Set(covers.flatMap((one) => [...one])).size;
  const most = Math.max(...covers.map(({ size }) => size));
  if (2 * covered >= design.length || (3 * most > 2 * covered && 4 * most >= design.length)) return null;
  const [first = '', ...more] = lists.map(({ file }) => file);
  const which = more.length === 0 ? `list ${first} names` : `lists (${first} and ${more.length} more) name`;
  return {
    tool: 'genrtl',
    severity: 'info',
    code: 'IMPORT',
    message: `The file ${which} ${covered} of ${design.length} design files: the folders are taken. \`project init --from LIST\` takes one list.`,
    file: first,
  };
}

function foldersAbove(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_part, at) => parts.slice(0, at + 1).join('/'));
}
