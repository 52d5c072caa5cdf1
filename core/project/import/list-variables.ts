// Variables that file lists lean on and that nobody has set: a path that begins with one (`$IP_ROOT/rtl/core.vhd`) tells
// the folder that was meant, where the workspace holds a file of that ending.
import { filelistWords } from '../../filelist/words.ts';

const MARK = '\u0000';

export interface ListVariables {
  /** folders by variable, relative to the root */
  readonly values: Readonly<Record<string, string>>;
  /** variables that nothing tells */
  readonly unknown: readonly string[];
}

export function listVariables(texts: readonly string[], files: readonly string[]): ListVariables {
  const endings = new Map<string, Set<string>>();
  for (const text of texts) {
    for (const word of filelistWords(text, (name) => `${MARK}${name}${MARK}`)) {
      const names = word.text.split(MARK).filter((_part, at) => at % 2 === 1);
      for (const name of names) if (!endings.has(name)) endings.set(name, new Set());
      const [, first, rest] = word.text.split(MARK);
      const leads = word.text.replace(/^\+incdir\+/, '').startsWith(MARK);
      if (leads && names.length === 1 && first !== undefined && rest !== undefined && /^[\\/]./.test(rest))
        endings.get(first)?.add(rest.replaceAll('\\', '/'));
    }
  }
  const byName = new Map<string, string[]>();
  for (const file of files) {
    const name = file.slice(file.lastIndexOf('/') + 1);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  const values: Record<string, string> = {};
  for (const [name, wanted] of endings) {
    const folder = mostFound(wanted, byName);
    if (folder !== null) values[name] = folder;
  }
  return { values, unknown: [...endings.keys()].filter((name) => values[name] === undefined) };
}

/** The folder below which most of the endings lie; of equal ones the nearest to the root. */
function mostFound(endings: ReadonlySet<string>, byName: ReadonlyMap<string, readonly string[]>): string | null {
  const votes = new Map<string, number>();
  for (const ending of endings) {
    for (const file of byName.get(ending.slice(ending.lastIndexOf('/') + 1)) ?? []) {
      if (!`/${file}`.endsWith(ending)) continue;
      const folder = file.slice(0, Math.max(0, file.length - ending.length)) || '.';
      votes.set(folder, (votes.get(folder) ?? 0) + 1);
    }
  }
  const depth = (folder: string): number => (folder === '.' ? 0 : folder.split('/').length);
  const [best] = [...votes].sort(([a, n], [b, m]) => m - n || depth(a) - depth(b) || (a < b ? -1 : 1));
  return best?.[0] ?? null;
}
