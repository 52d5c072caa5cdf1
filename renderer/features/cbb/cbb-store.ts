// What the registry offers and what this workspace holds; read when the browser opens and after every change of the
// lockfile.
import { create } from 'zustand';
import type { CbbListing, ErrorBody, InstalledPackage } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';

interface CbbStore {
  /** null until the first answer */
  readonly listings: readonly CbbListing[] | null;
  readonly error: ErrorBody | null;
  readonly installed: readonly InstalledPackage[];
  readonly chosen: string | null;
  search(query: string): Promise<void>;
  refresh(workspace: string): Promise<void>;
  choose(cbbId: string): void;
}

let lastSearch = 0;

export const useCbb = create<CbbStore>()((set) => ({
  listings: null,
  error: null,
  installed: [],
  chosen: null,
  search: async (query) => {
    const mine = ++lastSearch;
    try {
      const { listings } = await bridge.call('cbb.search', { query });
      // an older answer must not replace a newer one
      if (mine === lastSearch) set({ listings, error: null });
    } catch (error) {
      if (mine === lastSearch) set({ error: errorBody(error) });
    }
  },
  refresh: async (workspace) => {
    const { packages } = await bridge.call('cbb.installed', { workspace });
    set({ installed: packages });
  },
  choose: (chosen) => set({ chosen }),
}));
