// Renames what a name stands for in the files of a workspace, all or none, and takes it back.
import { GenrtlError } from '@genrtl/contracts';
import type { CodeEdit } from '@genrtl/contracts/language.ts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { Languages } from '../../language/languages.ts';
import { containedPath } from '../../workspace/contained-path.ts';
import { listed, TextRewrites, utf8Of } from './text-rewrites.ts';

type Renamed = Awaited<ReturnType<IpcHandlers['language.rename']>>;
type Preview = Awaited<ReturnType<IpcHandlers['language.rename_preview']>>;
interface At {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** So many places are listed before a rename; all are counted. */
const MAX_LISTED = 500;

export class Renames {
  readonly #languages: Languages;
  readonly #rewrites: TextRewrites;

  constructor(languages: Languages, rewrites = new TextRewrites()) {
    this.#languages = languages;
    this.#rewrites = rewrites;
  }

  /** What a rename would do; nothing is written. */
  async preview(root: string, at: At, name: string): Promise<Preview> {
    const { old_name, edits, left } = await this.#languages.ask('rename', root, at, name);
    const byFile = Map.groupBy(edits, (edit) => edit.path);
    const changes: Preview['changes'] = [];
    for (const [file, list] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (changes.length >= MAX_LISTED) break;
      const lines = utf8Of(file, await readRegular(await containedPath(root, file))).split('\n');
      const places = list.toSorted((a, b) => a.line - b.line || a.column - b.column);
      for (const place of places.slice(0, MAX_LISTED - changes.length))
        changes.push({ ...place, before: (lines[place.line - 1] ?? '').slice(0, 400) });
    }
    return { old_name, files: byFile.size, places: edits.length, changes, left: [...left] };
  }

  async rename(root: string, at: At, name: string): Promise<Renamed> {
    const { old_name, edits, left } = await this.#languages.ask('rename', root, at, name);
    const byFile = Map.groupBy(edits, (edit) => edit.path);
    const files = [...byFile.keys()].sort();
    const unsaved = files.filter((file) => this.#languages.isUnsaved(root, file));
    if (unsaved.length > 0)
      throw new GenrtlError('FILE_CHANGED', `Not saved yet: ${listed(unsaved)}.`, {
        hint: 'Save these files, then rename again.',
        details: { files: unsaved },
      });
    const undo = await this.#rewrites.apply(root, files, (file, bytes) =>
      edited(file, utf8Of(file, bytes), byFile.get(file) ?? [], old_name),
    );
    this.#languages.changed(root);
    return { old_name, files, places: edits.length, left: [...left], undo };
  }

  async undo(root: string, id: string): Promise<string[]> {
    const files = await this.#rewrites.undo(root, id);
    this.#languages.changed(root);
    return files;
  }
}

/** The text with its edits. Throws FILE_CHANGED when another text stands at one of the places. */
function edited(file: string, text: string, edits: readonly CodeEdit[], name: string): string {
  const lines = text.split('\n');
  for (const edit of edits.toSorted((a, b) => b.line - a.line || b.column - a.column)) {
    const line = lines[edit.line - 1] ?? '';
    const was = line.slice(edit.column - 1, edit.end_column - 1);
    if (was !== '.*' && was.replace(/^\\/, '').toLowerCase() !== name.toLowerCase())
      throw new GenrtlError('FILE_CHANGED', `${file} was changed meanwhile.`, {
        hint: 'Rename again.',
        details: { files: [file] },
      });
    lines[edit.line - 1] = line.slice(0, edit.column - 1) + edit.text + line.slice(edit.end_column - 1);
  }
  return lines.join('\n');
}
