// Edits as JSON: `{"path","old","new"}`, `{"path","content"}`, `{"path","delete":true}`, alone, one after another, in a
// list, inside `edits`, `changes`, `files`, as a call of a tool; or a diff inside JSON.
import { parsePatch } from '@genrtl/core/patch/index.ts';
import {
  deleting,
  hasFile,
  hunk,
  leftOut,
  line,
  linesOf,
  partOnly,
  replacing,
  wholeFile,
  workspacePath,
} from './sections.ts';
import type { Converted, Texts } from './sections.ts';
import { jsonAnswer, jsonAnswers } from './json-text.ts';
import { isRecord } from '../../models/failures.ts';
import type { FileSection } from '@genrtl/core/patch/index.ts';

const PATHS = ['path', 'file', 'file_path', 'filename', 'filePath', 'target_file'];
const OLDS = ['old', 'old_string', 'old_str', 'old_text', 'search', 'find', 'oldText', 'original', 'before'];
const NEWS = ['new', 'new_string', 'new_str', 'new_text', 'replace', 'replacement', 'newText', 'updated', 'after'];
const WHOLES = ['content', 'contents', 'text', 'code', 'file_text', 'newContent', 'new_content', 'file_content'];
const LISTS = ['edits', 'changes', 'files', 'patches', 'operations', 'replacements'];
const WRAPPERS = ['arguments', 'args', 'input', 'parameters', 'function'];
const DIFFS = ['diff', 'patch', 'unified_diff'];
/** Lines by their numbers: nobody can tell whether they were counted right. */
const NUMBERS = ['start_line', 'end_line', 'line', 'line_start', 'line_end', 'startLine', 'endLine', 'range'];
const MAX_DEPTH = 6;

type Edit = Readonly<Record<string, unknown>>;

/** Null where the answer holds no edits as JSON. */
export function jsonEdits(answer: string, texts: Texts): Converted | null {
  const read = jsonAnswer(answer, (value) => editsOf(value) !== null);
  if (!read.found) return null;
  const last = editsOf(read.value);
  if (last === null) return null;
  // one after another: each is a part of the change
  const several = jsonAnswers(answer).flatMap((value) => editsOf(value) ?? []);
  return converted(several.length > last.length ? several : last, texts);
}

function converted(edits: readonly Edit[], texts: Texts): Converted {
  const sections: FileSection[] = [];
  const problems: string[] = [];
  const byPath = new Map<string, Edit[]>();
  for (const edit of edits) {
    const diff = textAt(edit, DIFFS);
    if (diff !== undefined && textAt(edit, [...OLDS, ...NEWS, ...WHOLES]) === undefined) {
      const parsed = parsePatch(diff);
      sections.push(...parsed.sections);
      problems.push(...parsed.problems.map(({ message }) => message));
      continue;
    }
    const path = workspacePath(textAt(edit, PATHS) ?? '', texts);
    byPath.set(path, [...(byPath.get(path) ?? []), edit]);
  }
  for (const [path, own] of byPath) {
    const found = ofFile(path, own, texts);
    sections.push(...found.sections);
    problems.push(...found.problems);
  }
  return { sections, problems };
}

function ofFile(path: string, edits: readonly Edit[], texts: Texts): Converted {
  const refused = (problem: string): Converted => ({ sections: [], problems: [`${path}: ${problem}`] });
  if (edits.some((edit) => NUMBERS.some((name) => edit[name] !== undefined) && textAt(edit, OLDS) === undefined))
    return refused(
      'lines are named by their numbers only; give the lines to be replaced as “old” and the new ones as “new”',
    );
  const replaced = edits.filter((edit) => (textAt(edit, OLDS) ?? '') !== '');
  if (replaced.length === 0) {
    const [edit = {}] = edits;
    if (edits.length > 1 && edits.some((one) => JSON.stringify(one) !== JSON.stringify(edit)))
      return refused('the file is given more than once; give it once');
    return wholeOf(path, edit, texts);
  }
  if (replaced.length < edits.length) return refused('the file is given whole and as edits; give one of both');
  if (replaced.some((edit) => textAt(edit, NEWS) === undefined)) return refused('the edit has “old” but no “new”');
  const exact = exactly(path, replaced, texts);
  if (exact !== null) return exact;
  const hunks = replaced.map((edit) => {
    const [old = '', now = ''] = [textAt(edit, OLDS), textAt(edit, NEWS)];
    return hunk([...linesOf(old).map((one) => line('remove', one)), ...linesOf(now).map((one) => line('add', one))]);
  });
  return { sections: hunks.map((one) => replacing(path, [one])), problems: [] };
}

function wholeOf(path: string, edit: Edit, texts: Texts): Converted {
  const refused = (problem: string): Converted => ({ sections: [], problems: [`${path}: ${problem}`] });
  if (edit['delete'] === true || /^(?:delete|remove)$/i.test(textAt(edit, ['action', 'type', 'op', 'operation']) ?? ''))
    return { sections: [deleting(path)], problems: [] };
  const whole = textAt(edit, WHOLES);
  const text = whole ?? textAt(edit, NEWS);
  const cut = text === undefined ? undefined : leftOut(text);
  if (text === undefined) return refused('the edit has no new text; give “old” and “new”');
  if (cut !== undefined) return refused(`the file has parts left out (“${cut.slice(0, 60)}”); give the whole file`);
  const part = partOnly(path, text, texts);
  if (part !== undefined) return refused(`${part}; give the whole file, or “old” and “new”`);
  if (whole === undefined && hasFile(texts, path))
    return refused('“old” is empty although the file exists; copy the lines to be replaced into it');
  return { sections: [wholeFile(path, text, texts)], problems: [] };
}

/** Each old text stands in the file exactly once, to the letter, also within a line; null: one of them does not. */
function exactly(path: string, edits: readonly Edit[], texts: Texts): Converted | null {
  if (!hasFile(texts, path)) return null;
  const crlf = (texts[path] ?? '').includes('\r\n');
  let text = (texts[path] ?? '').replaceAll('\r\n', '\n');
  for (const edit of edits) {
    const [old, now] = [textAt(edit, OLDS), textAt(edit, NEWS)].map((one) => (one ?? '').replaceAll('\r\n', '\n'));
    const at = old === undefined ? -1 : text.indexOf(old);
    if (at < 0 || old === undefined || now === undefined) return null;
    if (text.indexOf(old, at + 1) >= 0) {
      const inLine = !`\n${text}`.includes(`\n${old.replace(/\n$/, '')}\n`);
      const problem = `${path}: “${old.trim().slice(0, 60)}” stands in the file more than once; copy more lines into “old”`;
      return inLine ? { sections: [], problems: [problem] } : null;
    }
    text = text.slice(0, at) + now + text.slice(at + old.length);
  }
  // the applier takes lines without their endings and keeps the file's own
  return { sections: [wholeFile(path, crlf ? text.replaceAll('\n', '\r\n') : text, texts)], problems: [] };
}

function editsOf(value: unknown, depth = 0): Edit[] | null {
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(value)) {
    const inner = value.map((one) => editsOf(one, depth + 1));
    return inner.length > 0 && inner.every((one) => one !== null) ? inner.flat() : null;
  }
  if (!isRecord(value)) return null;
  const list = LISTS.map((name) => value[name]).find((one) => Array.isArray(one) || isRecord(one));
  const path = PATHS.find((name) => typeof value[name] === 'string');
  // `{"path": …, "edits": [{"old","new"}]}`
  if (path !== undefined && Array.isArray(list))
    return editsOf(
      list.map((one: unknown) => (isRecord(one) ? { [path]: value[path], ...one } : one)),
      depth + 1,
    );
  if (isEdit(value)) return [value];
  if (Array.isArray(list)) return editsOf(list, depth + 1);
  const wrapped = WRAPPERS.map((name) => value[name]).find((one) => isRecord(one) || typeof one === 'string');
  if (wrapped !== undefined) return editsOf(typeof wrapped === 'string' ? parsed(wrapped) : wrapped, depth + 1);
  return filesByPath(isRecord(list) ? list : value);
}

/** `{"src/a.sv": "module …"}` */
function filesByPath(value: Edit): Edit[] | null {
  const entries = Object.entries(value);
  const all = entries.every(
    ([path, text]) => /^[\w./@+-]+\/[\w.@+-]+\.\w{1,10}$/.test(path) && typeof text === 'string',
  );
  return entries.length > 0 && all ? entries.map(([path, content]) => ({ path, content })) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isEdit = (value: Edit): boolean =>
  (textAt(value, PATHS) !== undefined &&
    (textAt(value, [...OLDS, ...NEWS, ...WHOLES]) !== undefined ||
      value['delete'] === true ||
      /^(?:delete|remove)$/i.test(textAt(value, ['action', 'type', 'op', 'operation']) ?? ''))) ||
  /^(?:--- |diff --git )/m.test(textAt(value, DIFFS) ?? '');

/** A text, or its lines as a list. */
function textAt(edit: Edit, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = edit[name];
    if (typeof value === 'string') return value;
    if (
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((one) => typeof one === 'string' && !one.includes('\n'))
    )
      return `${value.join('\n')}\n`;
  }
  return undefined;
}
