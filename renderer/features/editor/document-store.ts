// Open documents without Monaco: which files are open, what they looked like on disk, whether they hold unsaved
// changes.
import { create } from 'zustand';

export interface DocumentState {
  readonly path: string;
  /** hash of the text on disk as last seen; null for a file that is gone */
  readonly sha256: string | null;
  readonly locked: boolean;
  /** too large for language features */
  readonly large: boolean;
  readonly dirty: boolean;
  /** set when the disk holds something else than the editor, and the editor has changes of its own */
  readonly conflict: boolean;
}

interface DocumentStore {
  readonly documents: Readonly<Record<string, DocumentState>>;
  put(document: DocumentState): void;
  patch(path: string, change: Partial<DocumentState>): void;
  drop(path: string): void;
}

export const useDocuments = create<DocumentStore>()((set) => ({
  documents: {},
  put: (document) => set(({ documents }) => ({ documents: { ...documents, [document.path]: document } })),
  // every key says that the document is dirty: nobody is told of what was known
  patch: (path, change) =>
    set((store) => {
      const before = store.documents[path];
      if (before === undefined) return store;
      const after = { ...before, ...change };
      const same = (Object.keys(change) as (keyof DocumentState)[]).every((field) => after[field] === before[field]);
      return same ? store : { documents: { ...store.documents, [path]: after } };
    }),
  drop: (path) =>
    set(({ documents }) => ({
      documents: Object.fromEntries(Object.entries(documents).filter(([other]) => other !== path)),
    })),
}));

export const isDirty = (store: DocumentStore, path: string): boolean => store.documents[path]?.dirty ?? false;
