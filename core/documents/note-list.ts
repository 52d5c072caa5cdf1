// Gathers an import's notes: each kind is told a few times in full, then counted, so that a document of a thousand
// pictures does not bury the one lost equation.
import {
  IMPORT_NOTES,
  importNote,
  type ImportNote,
  type ImportNoteKind,
  type ImportNoteValues,
  type ImportPlace,
} from '@genrtl/contracts/spec-import.ts';

const SHOWN_PER_KIND = 12;
const ORDER = ['lost', 'check', 'done'] as const;

export class NoteList {
  readonly #notes = new Map<ImportNoteKind, { shown: ImportNote[]; seen: Set<string>; more: number }>();

  add<Kind extends ImportNoteKind>(kind: Kind, values: ImportNoteValues<Kind>, place: ImportPlace = {}): void {
    const note = importNote(kind, values, place);
    let entry = this.#notes.get(kind);
    if (entry === undefined) this.#notes.set(kind, (entry = { shown: [], seen: new Set(), more: 0 }));
    const key = `${note.page ?? ''} ${note.line ?? ''} ${note.place ?? ''} ${note.text}`;
    if (entry.seen.has(key)) return;
    if (entry.shown.length >= SHOWN_PER_KIND) {
      entry.more += 1;
      return;
    }
    entry.seen.add(key);
    entry.shown.push(note);
  }

  has(kind: ImportNoteKind, page: number): boolean {
    return this.#notes.get(kind)?.shown.some((note) => note.page === page) === true;
  }

  /** What was lost first; of one level by place. */
  list(): ImportNote[] {
    const all: ImportNote[] = [];
    for (const level of ORDER) {
      for (const [kind, { shown, more }] of this.#notes) {
        if (IMPORT_NOTES[kind][0] !== level) continue;
        all.push(...shown);
        if (more > 0) all.push({ ...importNote('more', { count: more }), level });
      }
    }
    return all;
  }
}
