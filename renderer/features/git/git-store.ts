// What the git dialogs ask, and where each open editor differs from HEAD. Holds no answers of main: those are shared
// calls.
import { create } from 'zustand';
import type { GitProgram } from '@genrtl/contracts/git.ts';
import type { LineChange } from './line-changes.ts';

export type GitQuestion =
  | { readonly kind: 'branch' }
  | { readonly kind: 'history'; readonly path: string }
  | { readonly kind: 'discard'; readonly paths: readonly string[] }
  | {
      readonly kind: 'trust';
      readonly programs: readonly GitProgram[];
      answer(trusted: boolean): void;
    };

interface GitStore {
  readonly question: GitQuestion | null;
  ask(question: GitQuestion | null): void;
  /** by path, in the order of the lines */
  readonly changes: Readonly<Record<string, readonly LineChange[]>>;
  setChanges(path: string, changes: readonly LineChange[] | null): void;
  /** of the next commit, kept when its panel is closed */
  readonly message: string;
  setMessage(message: string): void;
}

export const useGitStore = create<GitStore>()((set) => ({
  question: null,
  ask: (question) => set({ question }),
  changes: {},
  setChanges: (path, changes) =>
    set((before) => {
      const { [path]: _, ...others } = before.changes;
      return { changes: changes === null ? others : { ...others, [path]: changes } };
    }),
  message: '',
  setMessage: (message) => set({ message }),
}));
