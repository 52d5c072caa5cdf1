// A folder of sources for tests, and places in them by their text.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CodeEdit } from '@genrtl/contracts/language.ts';
import { LanguageService } from './language-service.ts';
import type { Position } from './language-service.ts';

export class Sources {
  readonly root = mkdtempSync(path.join(tmpdir(), 'genrtl-language-'));
  readonly service = new LanguageService();
  readonly files: Readonly<Record<string, string>>;

  constructor(files: Readonly<Record<string, string>>) {
    this.files = files;
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(this.root, name)), { recursive: true });
      writeFileSync(path.join(this.root, name), text);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  /** The place of `|` in a piece of the file's text: `fifo u_|fifo`. */
  at(file: string, marked: string): Position {
    const cursor = marked.indexOf('|');
    const text = marked.replace('|', '');
    const found = this.files[file]?.indexOf(text) ?? -1;
    if (found === -1 || cursor === -1) throw new Error(`${file} has no ${marked}`);
    const before = (this.files[file] ?? '').slice(0, found + cursor).split('\n');
    return { path: file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }

  /** `file:line`, or `none`. */
  async definition(file: string, marked: string): Promise<string> {
    const [place] = await this.service.definition(this.root, this.at(file, marked));
    return place === undefined ? 'none' : `${place.path}:${place.line}`;
  }

  async references(file: string, marked: string): Promise<string[]> {
    const { references } = await this.service.references(this.root, this.at(file, marked));
    return references.map(({ path: where, line }) => `${where}:${line}`);
  }

  /** The files after a rename, those that changed. */
  async renamed(file: string, marked: string, name: string): Promise<Record<string, string>> {
    const { edits } = await this.service.rename(this.root, this.at(file, marked), name);
    const changed: Record<string, string> = {};
    for (const [where, list] of Map.groupBy(edits, (edit) => edit.path))
      changed[where] = apply(this.files[where] ?? '', list);
    return changed;
  }
}

export function apply(text: string, edits: readonly CodeEdit[]): string {
  const lines = text.split('\n');
  for (const edit of edits.toSorted((a, b) => b.line - a.line || b.column - a.column)) {
    const line = lines[edit.line - 1] ?? '';
    lines[edit.line - 1] = line.slice(0, edit.column - 1) + edit.text + line.slice(edit.end_column - 1);
  }
  return lines.join('\n');
}
