// A workspace that no other tool describes: its file lists, else where its sources lie.
import { isHdlSource, sourceLanguage } from '../../filelist/source-facts.ts';
import { filelistWords } from '../../filelist/words.ts';
import { ImportDraft, emptySet, folderOf, looksLikeTest, pathIn } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';

const LIST = /(?:^|\/)[^/]+\.(?:f|fl|vc|flist|filelist)$/i;
/** Folders of other people's files and of what tools make. */
const OTHERS = /(?:^|\/)(?:\.[^/]+|build|out|output|work|obj_dir|simv\.daidir|xsim\.dir|node_modules)\//i;

/** Null: there is no list that names sources. */
export async function importFilelists(tree: ProjectTree): Promise<Imported | null> {
  const lists = tree.files.filter((file) => LIST.test(file) && !OTHERS.test(file)).slice(0, 500);
  const present = new Set(tree.files);
  const inner = new Set<string>();
  const read: { file: string; folder: string; sources: number }[] = [];
  for (const file of lists) {
    const words = filelistWords((await tree.read(file)) ?? '', () => '').map(({ text }) => text);
    const paths = words.filter((word) => sourceLanguage(word) !== null);
    const found = (folder: string): number => paths.filter((path) => present.has(pathIn(folder, path) ?? path)).length;
    const folders = ['.', folderOf(file), folderOf(folderOf(file))];
    // written for the folder from which most of it is found
    const folder = folders.reduce((best, one) => (found(one) > found(best) ? one : best), '.');
    words.forEach((word, at) => {
      const named = words[at + 1];
      if ((word === '-f' || word === '-F') && named !== undefined)
        for (const base of new Set([...folders, folderOf(file)])) inner.add(pathIn(base, named) ?? named);
    });
    if (paths.length === 0 && !words.includes('-f') && !words.includes('-F')) continue;
    read.push({ file, folder, sources: found(folder) });
  }
  const outer = read.filter(({ file }) => !inner.has(file));
  if (outer.length === 0) return null;
  const [rtl, tb] = [emptySet(), emptySet()];
  const draft = new ImportDraft(outer[0]?.file ?? '', tree);
  for (const { file, folder } of outer) {
    const testing =
      looksLikeTest(file) || /(?:tb|test|sim|bench|dv|verif)/i.test(file.slice(file.lastIndexOf('/') + 1));
    (testing ? tb : rtl).filelists.push({ file, folder });
  }
  if (rtl.filelists.length === 0) rtl.filelists.push(...tb.filelists.splice(0));
  // lists of a design alone say nothing of its tests
  if (tb.filelists.length === 0) tb.files.push(...importFolders(tree).tb.files);
  if (outer.length > 1)
    draft.note(
      'info',
      `${outer.map(({ file }) => file).join(', ')} are lists of their own; take out what does not belong.`,
    );
  return { ...draft.done(), rtl, tb };
}

export function importFolders(tree: ProjectTree): Imported {
  const sources = tree.files.filter((file) => isHdlSource(file) && !OTHERS.test(file) && !file.startsWith('.genRTL/'));
  const [rtl, tb] = [emptySet(), emptySet()];
  const tests = sources.filter(looksLikeTest);
  const design = sources.filter((file) => !looksLikeTest(file));
  rtl.files.push(...globsOf(design, tests));
  tb.files.push(...globsOf(tests, design));
  return { from: null, top: null, rtl, tb, notes: [] };
}

/** Whole folders where nothing of the others lies in them, else single files. */
function globsOf(own: readonly string[], others: readonly string[]): string[] {
  const globs: string[] = [];
  const visit = (folder: string, files: readonly string[]): void => {
    const inside = (file: string): boolean => folder === '' || file.startsWith(`${folder}/`);
    if (folder !== '' && !others.some(inside)) {
      globs.push(`${folder}/**`);
      return;
    }
    const below = new Map<string, string[]>();
    for (const file of files) {
      const rest = folder === '' ? file : file.slice(folder.length + 1);
      const slash = rest.indexOf('/');
      if (slash === -1) {
        if (sourceLanguage(file) !== null) globs.push(file);
        continue;
      }
      const name = folder === '' ? rest.slice(0, slash) : `${folder}/${rest.slice(0, slash)}`;
      below.set(name, [...(below.get(name) ?? []), file]);
    }
    for (const [name, inner] of [...below].sort(([a], [b]) => (a < b ? -1 : 1))) visit(name, inner);
  };
  visit('', own);
  return globs;
}
