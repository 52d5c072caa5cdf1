// A workspace that only tools' file lists describe: which of them stand for the project, the folder each was written
// for, and what their variables mean.
import { expandFilelists } from '../../filelist/expand.ts';
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
    const folders = ['.', folderOf(file), folderOf(folderOf(file))];
    // written for the folder from which most of it is found
    const folder = folders.reduce((best, one) => (found(one) > found(best) ? one : best), '.');
    const nested = nestedLists(words);
    if (paths.length === 0 && nested.length === 0) continue;
    if (chosen === null && !LIST.test(file) && found(folder) < 0.9 * words.length) continue;
    for (const name of nested) for (const base of new Set(folders)) inner.add(pathIn(base, name) ?? name);
    lists.push({ file, folder });
  }
  const outer = lists.filter(({ file }) => !inner.has(file));
  if (outer.length === 0) return null;
  const rtl = outer.filter(({ file }) => !forTests(file));
  const design = rtl.length > 0 ? rtl : outer;
  const draft = new ImportDraft(outer[0]?.file ?? '', tree);
  const named = await expandEach(design, tree, variables.values);
  const parts = chosen === null ? ofParts(design, named, tree) : null;
  if (parts !== null) {
    const folders = importFolders(tree);
    return { ...folders, notes: [...folders.notes, parts] };
  }
  const [rtlSet, tbSet] = [emptySet(), emptySet()];
  for (const { file, folder } of outer)
    (design.some((one) => one.file === file) ? rtlSet : tbSet).filelists.push({ file, folder });
  // lists of a design alone say nothing of its tests
  if (tbSet.filelists.length === 0) tbSet.files.push(...importFolders(tree).tb.files);
  if (outer.length > 1)
    draft.note(
      'info',
      `${outer.map(({ file }) => file).join(', ')} are lists of their own; take out what does not belong.`,
    );
  for (const [name, folder] of Object.entries(variables.values))
    draft.note(
      'info',
      `The variable ${name} is taken for ${folder === '.' ? 'the workspace' : folder}, below which its files lie.`,
    );
  for (const name of variables.unknown)
    draft.note('warning', `Nothing tells what the variable ${name} means; give it in variables or in the environment.`);
  return {
    ...draft.done(),
    rtl: rtlSet,
    tb: tbSet,
    listed: named.flatMap(({ sources }) => [...sources]),
    variables: variables.values,
  };
}

/** The lists that one names by `-f` and `-F`, as written. */
const nestedLists = (words: readonly string[]): string[] =>
  words.flatMap((word, at) => ((word === '-f' || word === '-F' || word === '-file') && words[at + 1]) || []);

const forTests = (file: string): boolean =>
  looksLikeTest(file) || /(?:tb|test|sim|bench|dv|verif)/i.test(file.slice(file.lastIndexOf('/') + 1));

interface Named {
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
    const { sources, libraryDirs } = await expandFilelists([{ path: file, folder }], host);
    named.push({ sources: new Set(sources.map(({ path }) => path)), libraryDirs });
  }
  return named;
}

/**
 * Why the lists do not stand for the project: they name less than half of its design, and no single list is most of
 * them (lists of single modules or tests). Null: they do.
 */
function ofParts(
  lists: readonly ReadList[],
  named: readonly Named[],
  tree: ProjectTree,
): Imported['notes'][number] | null {
  const design = designSources(tree);
  const covers = named.map(
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
