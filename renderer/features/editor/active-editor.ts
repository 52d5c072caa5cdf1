// The editor that had the focus last, without Monaco: other rooms put text at its cursor.
import { create } from 'zustand';

export interface ActiveEditor {
  /** relative to the workspace */
  readonly path: string;
  /** an action of Monaco's or ours, by its id */
  run(action: string): void;
  /** inserts a snippet (`${1:text}` are stops) at the cursor, or before a line (from 1), and takes the focus */
  insertSnippet(snippet: string, beforeLine?: number): void;
  text(): string;
  /** lines from 1; null when nothing is selected */
  selection(): { readonly text: string; readonly start: number; readonly end: number } | null;
  /** the cursor's, from 1 */
  line(): number;
}

interface ActiveEditorStore {
  /** null while no writable file is open */
  readonly editor: ActiveEditor | null;
  activate(editor: ActiveEditor): void;
  /** forgets the editor when it is the active one */
  leave(editor: ActiveEditor): void;
}

export const useActiveEditor = create<ActiveEditorStore>()((set) => ({
  editor: null,
  activate: (editor) => set({ editor }),
  leave: (editor) => set((before) => (before.editor === editor ? { editor: null } : before)),
}));

/** Where the cursor of the editor with the focus is, writable or not. */
export interface EditorPlace {
  readonly path: string;
  /** from 1 */
  readonly line: number;
  readonly column: number;
}

interface EditorPlaceStore {
  readonly place: EditorPlace | null;
  at(place: EditorPlace): void;
  /** the editor of this file is gone */
  leave(path: string): void;
}

export const useEditorPlace = create<EditorPlaceStore>()((set) => ({
  place: null,
  at: (place) => set({ place }),
  leave: (path) => set((before) => (before.place?.path === path ? { place: null } : before)),
}));
