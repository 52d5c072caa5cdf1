// Renames what a name stands for in the files of a workspace, all or none, and takes it back.
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GenrtlError } from '@genrtl/contracts';
import type { CodeEdit } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { Languages } from '../../language/languages.ts';
import { rewriteFiles } from '../../patch/index.ts';
import type { RewrittenFile } from '../../patch/index.ts';
import { containedPath, isLocked } from '../../workspace/contained-path.ts';

type Renamed = Awaited<ReturnType<IpcHandlers['language.rename']>>;

/** So many renames of each workspace can be taken back. */
const KEPT_UNDO = 10;
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Undo {
  readonly id: string;
  readonly workspace: string;
  readonly files: readonly RewrittenFile[];
  readonly bytes: number;
}

export class Renames {
  readonly #languages: Languages;
  #undo: Undo[] = [];

  constructor(languages: Languages) {
    this.#languages = languages;
  }

  async rename(root: string, at: { path: string; line: number; column: number }, name: string): Promise<Renamed> {
    const { old_name, edits, left } = await this.#languages.ask('rename', root, at, name);
    const byFile = Map.groupBy(edits, (edit) => edit.path);
    const files = [...byFile.keys()].sort();
    const locked = files.filter(isLocked);
    if (locked.length > 0)
      throw new GenrtlError(
        'WORKSPACE_READ_ONLY',
        `${old_name} also stands in files that are never edited: ${list(locked)}.`,
        {
          hint: 'Packages are renamed by nobody but their maintainers; copy the file into your sources instead.',
          details: { files: locked },
        },
      );
    const unsaved = files.filter((file) => this.#languages.isUnsaved(root, file));
    if (unsaved.length > 0)
      throw new GenrtlError('FILE_CHANGED', `Not saved yet: ${list(unsaved)}.`, {
        hint: 'Save these files, then rename again.',
        details: { files: unsaved },
      });
    const forth: RewrittenFile[] = [];
    const back: RewrittenFile[] = [];
    for (const file of files) {
      const before = await readFile(await containedPath(root, file));
      const after = Buffer.from(edited(file, before, byFile.get(file) ?? [], old_name));
      forth.push({ path: file, expect: sha256(before), contents: after });
      back.push({ path: file, expect: sha256(after), contents: before });
    }
    await rewriteFiles(root, null, forth);
    this.#languages.changed(root);
    const id = randomUUID();
    this.#keep({
      id,
      workspace: root,
      files: back,
      bytes: back.reduce((sum, { contents }) => sum + (contents?.length ?? 0), 0),
    });
    return { old_name, files, places: edits.length, left: [...left], undo: id };
  }

  async undo(root: string, id: string): Promise<string[]> {
    const found = this.#undo.find((one) => one.id === id && one.workspace === root);
    if (found === undefined)
      throw new GenrtlError('NOT_FOUND', 'This rename cannot be taken back any more.', {
        hint: 'Rename it again, to its former name.',
      });
    await rewriteFiles(root, null, found.files);
    this.#undo = this.#undo.filter((one) => one !== found);
    this.#languages.changed(root);
    return found.files.map(({ path }) => path);
  }

  #keep(undo: Undo): void {
    this.#undo.push(undo);
    let bytes = this.#undo.reduce((sum, one) => sum + one.bytes, 0);
    while (this.#undo.length > KEPT_UNDO || (bytes > MAX_KEPT_BYTES && this.#undo.length > 1))
      bytes -= this.#undo.shift()?.bytes ?? 0;
  }
}

const list = (files: readonly string[]): string =>
  files.slice(0, 5).join(', ') + (files.length > 5 ? ` and ${files.length - 5} more` : '');

/** The text with its edits. Throws FILE_CHANGED when another text stands at one of the places. */
function edited(file: string, bytes: Buffer, edits: readonly CodeEdit[], name: string): string {
  let text: string;
  try {
    // with its byte order mark, if it has one
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GenrtlError('REQUEST_INVALID', `${file} is not UTF-8.`, {
      hint: 'Save it as UTF-8 first: its other characters would be lost.',
      cause,
    });
  }
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
