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
  patch: (path, change) =>
    set(({ documents }) => {
      const before = documents[path];
      return before === undefined ? {} : { documents: { ...documents, [path]: { ...before, ...change } } };
    }),
  drop: (path) =>
    set(({ documents }) => ({
      documents: Object.fromEntries(Object.entries(documents).filter(([other]) => other !== path)),
    })),
}));

export const isDirty = (store: DocumentStore, path: string): boolean => store.documents[path]?.dirty ?? false;
