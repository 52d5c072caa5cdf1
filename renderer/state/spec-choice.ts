// Which file of the workspace is its specification: what was chosen last in this browser, else what its name says.
import { specFormat, type SpecFormat } from '@genrtl/contracts/spec-formats.ts';

const PROSE: readonly (SpecFormat | undefined)[] = ['markdown', 'text', 'pdf', 'docx'];
const NOT_SPECS = /^(readme|license|licence|changelog|contributing|code_of_conduct|security|authors|notice)\b/i;

const keyOf = (workspace: string): string => `genrtl.spec ${workspace}`;

export function rememberSpec(workspace: string, spec: string): void {
  try {
    localStorage.setItem(keyOf(workspace), spec);
  } catch {
    // a browser that keeps nothing: the name is guessed next time
  }
}

export function rememberedSpec(workspace: string): string | null {
  try {
    return localStorage.getItem(keyOf(workspace));
  } catch {
    return null;
  }
}

/** Files that may be specifications, the likeliest first; `files` are relative to the workspace. */
export function specCandidates(files: readonly string[]): string[] {
  const rank = (file: string): number => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (/^spec(ification)?\.\w+$/i.test(name)) return file.includes('/') ? 1 : 0;
    if (/^specs?\//i.test(file)) return 2;
    if (/spec/i.test(name)) return 3;
    return PROSE.includes(specFormat(name)) ? 4 : 5;
  };
  return files
    .filter((file) => specFormat(file) !== undefined && !file.startsWith('.genRTL/'))
    .filter((file) => !NOT_SPECS.test(file.slice(file.lastIndexOf('/') + 1)))
    .map((file) => ({ file, rank: rank(file), depth: file.split('/').length }))
    .sort((a, b) => a.rank - b.rank || a.depth - b.depth || (a.file < b.file ? -1 : 1))
    .map(({ file }) => file);
}

/** The one that is a specification by its name; null when several could be, or none. */
export function guessedSpec(files: readonly string[]): string | null {
  const named = specCandidates(files).filter(
    (file) => /^(spec(ification)?\.\w+|specs?\/[^/]+)$/i.test(file) || /\.spec\.\w+$/i.test(file),
  );
  const atRoot = named.find((file) => /^spec(ification)?\.\w+$/i.test(file));
  return atRoot ?? (named.length === 1 ? (named[0] ?? null) : null);
}
