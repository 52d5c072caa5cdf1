// Edits as JSON: `{"path","old","new"}` or `{"path","content"}`, alone, in a list, or inside `edits`, `changes`,
// `files`.
import { hasFile, hunk, leftOut, line, linesOf, replacing, wholeFile } from './sections.ts';
import type { Converted, Texts } from './sections.ts';
import { jsonAnswer } from './json-text.ts';
import { isRecord } from '../../models/failures.ts';
import type { FileSection } from '@genrtl/core/patch/index.ts';

const PATHS = ['path', 'file', 'file_path', 'filename', 'filePath'];
const OLDS = ['old', 'old_string', 'old_str', 'old_text', 'search', 'oldText'];
const NEWS = ['new', 'new_string', 'new_str', 'new_text', 'replace', 'replacement', 'newText'];
const WHOLES = ['content', 'contents', 'text', 'code'];
const LISTS = ['edits', 'changes', 'files', 'patches', 'operations'];

type Edit = Readonly<Record<string, unknown>>;

/** Null where the answer holds no edits as JSON. */
export function jsonEdits(answer: string, texts: Texts): Converted | null {
  const read = jsonAnswer(answer, (value) => editsOf(value) !== null);
  const edits = read.found ? editsOf(read.value) : null;
  if (edits === null) return null;
  const sections: FileSection[] = [];
  const problems: string[] = [];
  for (const edit of edits) {
    const [path = '', old, now, whole] = [PATHS, OLDS, NEWS, WHOLES].map((names) => textAt(edit, names));
    if (old === undefined || old === '') {
      const text = whole ?? now;
      const cut = text === undefined ? undefined : leftOut(text);
      if (text === undefined) problems.push(`${path}: the edit has no new text; give “old” and “new”`);
      else if (cut !== undefined)
        problems.push(`${path}: the file has parts left out (“${cut.slice(0, 60)}”); give the whole file`);
      else if (whole === undefined && hasFile(texts, path))
        problems.push(`${path}: “old” is empty although the file exists; copy the lines to be replaced into it`);
      else sections.push(wholeFile(path, text, texts));
    } else if (now === undefined) problems.push(`${path}: the edit has “old” but no “new”`);
    else
      sections.push(
        replacing(path, [
          hunk([...linesOf(old).map((one) => line('remove', one)), ...linesOf(now).map((one) => line('add', one))]),
        ]),
      );
  }
  return { sections, problems };
}

function editsOf(value: unknown): Edit[] | null {
  if (Array.isArray(value)) return value.length > 0 && value.every(isEdit) ? value : null;
  if (isEdit(value)) return [value];
  if (!isRecord(value)) return null;
  const list = LISTS.map((name) => value[name]).find((inner) => Array.isArray(inner));
  return list === undefined ? null : editsOf(list);
}

const isEdit = (value: unknown): value is Edit =>
  isRecord(value) &&
  textAt(value, PATHS) !== undefined &&
  (textAt(value, OLDS) !== undefined || textAt(value, NEWS) !== undefined || textAt(value, WHOLES) !== undefined);

function textAt(edit: Edit, names: readonly string[]): string | undefined {
  const value = names.map((name) => edit[name]).find((one) => typeof one === 'string');
  return typeof value === 'string' ? value : undefined;
}
