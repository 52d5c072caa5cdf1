// A workspace that no other tool describes: where its sources lie.
import { isHdlSource, sourceLanguage } from '../../filelist/source-facts.ts';
import { APART, OTHERS, emptySet, looksLikeTest } from './imported.ts';
import type { Imported, ProjectTree } from './imported.ts';

export function importFolders(tree: ProjectTree): Imported {
  const sources = tree.files.filter((file) => isHdlSource(file) && !OTHERS.test(file) && !file.startsWith('.genRTL/'));
  const main = sources.filter((file) => !APART.test(file));
  // a workspace of nothing else is that project
  const taken = main.some((file) => sourceLanguage(file) !== null) ? main : sources;
  const [rtl, tb] = [emptySet(), emptySet()];
  const tests = taken.filter(looksLikeTest);
  const design = taken.filter((file) => !looksLikeTest(file));
  const left = sources.filter((file) => !taken.includes(file));
  rtl.files.push(...globsOf(design, [...tests, ...left]));
  tb.files.push(...globsOf(tests, [...design, ...left]));
  return { from: null, top: null, rtl, tb, listed: [], variables: {}, notes: left.length === 0 ? [] : [leftOut(left)] };
}

function leftOut(files: readonly string[]): Imported['notes'][number] {
  const folders = [...new Set(files.map((file) => APART.exec(file)?.[0].replace(/\/$/, '') ?? file))];
  return {
    tool: 'genrtl',
    severity: 'info',
    code: 'IMPORT',
    message: `${folders.slice(0, 5).join(', ')}${folders.length > 5 ? ` and ${folders.length - 5} more` : ''}: projects of their own (${files.length} files), left out; name what belongs.`,
    file: folders[0] ?? '',
  };
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
