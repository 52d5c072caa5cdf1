// Results of the last find in files or find all references; one list, whichever asked.
import { create } from 'zustand';
import type { CodeReference } from '@genrtl/contracts/language.ts';
import type { ErrorBody } from '@genrtl/contracts';
import type { SearchMatch } from '@genrtl/contracts/workspace.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { openPanel } from '../../workbench/dock-store.ts';

export interface SearchOptions {
  readonly regex: boolean;
  readonly match_case: boolean;
  readonly whole_word: boolean;
  readonly include: string;
}

interface SearchStore {
  readonly text: string;
  readonly options: SearchOptions;
  readonly results: readonly SearchMatch[] | null;
  /** of references: the name that was asked for */
  readonly referencesOf: string | null;
  readonly truncated: boolean;
  readonly busy: boolean;
  readonly error: ErrorBody | null;
  setText(text: string): void;
  setOptions(change: Partial<SearchOptions>): void;
  search(workspace: string): Promise<void>;
  references(workspace: string, path: string, line: number, column: number): Promise<void>;
}

let latest = 0;
/** the search that is being answered, by all that it asks for */
let underWay: string | null = null;

function asMatch({ path, line, column, end_column, text }: CodeReference): SearchMatch {
  return { path, line, column, text, start: column - 1, end: end_column - 1 };
}

export const useSearch = create<SearchStore>()((set, get) => ({
  text: '',
  options: { regex: false, match_case: false, whole_word: false, include: '' },
  results: null,
  referencesOf: null,
  truncated: false,
  busy: false,
  error: null,
  setText: (text) => set({ text }),
  setOptions: (change) => set(({ options }) => ({ options: { ...options, ...change } })),
  search: async (workspace) => {
    const { text, options } = get();
    const asked = JSON.stringify([workspace, text, options]);
    // Enter right after the pause of typing asks for what is being looked for already
    if (asked === underWay) return;
    const mine = ++latest;
    if (text === '') {
      set({ results: null, referencesOf: null, busy: false, error: null });
      return;
    }
    set({ busy: true, error: null, referencesOf: null });
    underWay = asked;
    try {
      const { matches, truncated } = await bridge.call('workspace.search', { workspace, text, ...options });
      if (mine === latest) set({ results: matches, truncated, busy: false });
    } catch (error) {
      if (mine === latest) set({ results: null, busy: false, error: errorBody(error) });
    } finally {
      if (mine === latest) underWay = null;
    }
  },
  references: async (workspace, path, line, column) => {
    const mine = ++latest;
    underWay = null;
    openPanel('search');
    set({ busy: true, error: null, referencesOf: '' });
    try {
      const { name, references, truncated } = await bridge.call('language.references', {
        workspace,
        path,
        line,
        column,
      });
      if (mine === latest) set({ results: references.map(asMatch), referencesOf: name, truncated, busy: false });
    } catch (error) {
      if (mine === latest) set({ results: null, referencesOf: null, busy: false, error: errorBody(error) });
    }
  },
}));
