// Names in file headers that are no paths as they stand: prefixes other than `a/` and `b/` (git's mnemonic ones, `old/`
// and `new/`), and copies named `x.orig` or `x.new`. Which reading holds is decided by what the workspace has; a folder
// that is really called `w` stays one. The paths found are judged by the path policy like any other.
import type { FileSection, ParsedPatch, PatchFiles } from './types.ts';

/** `diff.mnemonicPrefix` of git (index, work tree, commit, object), `1/` and `2/`, and what people and models write. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['i', 'w'],
  ['c', 'i'],
  ['c', 'w'],
  ['o', 'w'],
  ['1', '2'],
  ['old', 'new'],
  ['orig', 'new'],
  ['original', 'modified'],
  ['before', 'after'],
];
const PREFIXES = new Set(PAIRS.flat());
const OLD_ENDS = ['.orig', '.old', '.bak', '~'];
const NEW_END = '.new';

/** The path that both names mean when their first folders are a known pair, in either order. */
export function withoutPair(oldName: string, newName: string): string | null {
  const [first, second] = [folderOf(oldName), folderOf(newName)];
  const known = PAIRS.some(([a, b]) => (a === first && b === second) || (b === first && a === second));
  const rest = newName.slice(second.length + 1);
  return known && rest !== '' && oldName.slice(first.length + 1) === rest ? rest : null;
}

/** Every further path that a section may mean, for callers that load files beforehand. */
export function otherPaths({ oldPath, newPath, bare }: FileSection): string[] {
  if (oldPath !== null && newPath !== null) {
    if (oldPath === newPath) return [];
    return [withoutPair(oldPath, newPath), withoutEnding(oldPath, newPath)].filter((path) => path !== null);
  }
  const only = newPath ?? oldPath ?? '';
  return bare === true && PREFIXES.has(folderOf(only)) ? [only.slice(folderOf(only).length + 1)] : [];
}

export function resolvePaths(patch: ParsedPatch, files: PatchFiles): ParsedPatch {
  if (patch.sections.every((section) => otherPaths(section).length === 0)) return patch;
  return { ...patch, sections: patch.sections.map((section) => resolved(section, files)) };
}

function resolved(section: FileSection, files: PatchFiles): FileSection {
  const others = otherPaths(section);
  const { kind, oldPath, newPath } = section;
  const there = (path: string): boolean => files.read(path).kind !== 'missing';
  if (kind === 'modify' && oldPath !== null && newPath !== null) {
    // two files that are both there are two files: the header is refused
    if (there(oldPath) && there(newPath)) return section;
    const path = others.find(there) ?? others[0];
    return path === undefined ? section : { ...section, oldPath: path, newPath: path };
  }
  const [path] = others;
  if (path === undefined) return section;
  if (kind === 'create' && newPath !== null) {
    const prefix = folderOf(newPath);
    if (there(prefix) || !path.includes('/')) return section;
    // a folder `new` may well be meant; a folder `w` beside `src` hardly
    return prefix.length === 1 || there(folderOf(path)) ? { ...section, newPath: path, bare: false } : section;
  }
  return kind === 'delete' && oldPath !== null && !there(oldPath) && there(path)
    ? { ...section, oldPath: path, bare: false }
    : section;
}

/** `x.sv.orig` and `x.sv`, or `x.sv` and `x.sv.new`. */
function withoutEnding(oldPath: string, newPath: string): string | null {
  if (OLD_ENDS.some((end) => oldPath === newPath + end)) return newPath;
  return newPath === oldPath + NEW_END ? oldPath : null;
}

const folderOf = (path: string): string => {
  const at = path.indexOf('/');
  return at < 0 ? '' : path.slice(0, at);
};
