// What the explorer says of a file or folder, from the repository's changes. Pure.
import type { GitChange, GitEntry } from '@genrtl/contracts/git.ts';

export interface Mark {
  readonly change: GitChange;
  /** something below this folder changed */
  readonly inside: boolean;
  /** all that changed is staged */
  readonly staged: boolean;
}

export const LETTERS: Readonly<Record<GitChange, string>> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  copied: 'C',
  type_changed: 'T',
  untracked: 'U',
  conflict: '!',
};

/** The one that a folder shows of what is below it: the most urgent. */
const URGENCY: readonly GitChange[] = [
  'conflict',
  'modified',
  'deleted',
  'renamed',
  'type_changed',
  'added',
  'copied',
  'untracked',
];

const changeOf = ({ staged, unstaged }: GitEntry): GitChange => {
  if (unstaged === 'conflict') return 'conflict';
  // a new file stays a new one, however often it was changed since
  return staged !== null && staged !== 'modified' ? staged : (unstaged ?? staged ?? 'modified');
};

export type Marks = (path: string) => Mark | null;

export function marksOf(entries: readonly GitEntry[]): Marks {
  const marks = new Map<string, Mark>();
  const untracked: string[] = [];
  for (const entry of entries) {
    const change = changeOf(entry);
    if (entry.kind === 'folder') untracked.push(entry.path);
    marks.set(entry.path, { change, inside: false, staged: entry.unstaged === null });
    for (let up = parentOf(entry.path); up !== null; up = parentOf(up)) {
      const before = marks.get(up);
      const now = URGENCY.indexOf(change);
      if (before === undefined || URGENCY.indexOf(before.change) > now)
        marks.set(up, { change, inside: true, staged: (before?.staged ?? true) && entry.unstaged === null });
      else marks.set(up, { ...before, staged: before.staged && entry.unstaged === null });
    }
  }
  return (path) => {
    const known = marks.get(path);
    if (known !== undefined) return known;
    const within = untracked.some((folder) => folder === '' || path.startsWith(`${folder}/`));
    return within ? { change: 'untracked', inside: false, staged: false } : null;
  };
}

const parentOf = (path: string): string | null => {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? null : path.slice(0, cut);
};
