// Changes of files as the patch applier takes them, made from answers that are no unified diffs.
import type { DiffLine, FileSection, Hunk } from '@genrtl/core/patch/index.ts';

export type Texts = Readonly<Record<string, string>>;

/** What an answer in one of the shapes says: sections to apply, or sentences that tell the model what to do. */
export interface Converted {
  readonly sections: readonly FileSection[];
  readonly problems: readonly string[];
}

export const line = (kind: DiffLine['kind'], text: string): DiffLine => ({ kind, text, cr: false, noEol: false });

/** Lines without their line endings; a last line break is no line. */
export function linesOf(text: string): string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export function hunk(lines: readonly DiffLine[]): Hunk {
  return { diffLine: 0, oldStart: null, newStart: null, countsExact: false, lines };
}

export const hasFile = (texts: Texts, path: string): boolean => Object.hasOwn(texts, path);

/** The whole new text of a file, there already or not. */
export function wholeFile(path: string, text: string, texts: Texts): FileSection {
  const added = linesOf(text).map((one) => line('add', one));
  const base = { newPath: path, diffLine: 0, link: false, binary: false } as const;
  if (!hasFile(texts, path)) return { ...base, kind: 'create', oldPath: null, hunks: [hunk(added)] };
  const removed = linesOf(texts[path] ?? '').map((one) => line('remove', one));
  return { ...base, kind: 'modify', oldPath: path, hunks: [hunk([...removed, ...added])] };
}

export function replacing(path: string, hunks: readonly Hunk[]): FileSection {
  return { kind: 'modify', oldPath: path, newPath: path, diffLine: 0, hunks, link: false, binary: false };
}

export function deleting(path: string): FileSection {
  return { kind: 'delete', oldPath: path, newPath: null, diffLine: 0, hunks: [], link: false, binary: false };
}

/** Lines that stand for text which is not given. */
const LEFT_OUT =
  /^\s*(?:\/\/|--|#|\/\*|<!--)?\s*(?:\.{3}|…)\s*(?:\*\/|-->)?\s*$|(?:\/\/|--|#|\/\*)\s*(?:\.{3}|…)?\s*(?:(?:the )?(?:rest|remainder)\b.{0,40}\b(?:unchanged|same|here|code|file|module|as before)|(?:existing|previous|original|remaining) (?:code|logic|ports?|content|lines?)\b.{0,40}(?:\.{3}|…|unchanged|here|\*\/|$)|unchanged\b|same as (?:before|above)|其余|省略|保持不变)/i;

/** The first line of a whole file that says that something was left out; undefined when it is whole. */
export function leftOut(text: string): string | undefined {
  return linesOf(text)
    .find((one) => one.length < 300 && LEFT_OUT.test(one))
    ?.trim();
}

/** Without `./` before it, nor the `a/` and `b/` of diffs where the workspace has no such folder. */
export function workspacePath(path: string, texts: Texts): string {
  const plain = path.trim().replace(/^(?:\.\/)+/, '');
  const [, side] = /^([ab]\/)./.exec(plain) ?? [];
  return side === undefined || Object.keys(texts).some((one) => one.startsWith(side)) ? plain : plain.slice(2);
}

/** A path as it may stand in an answer: with an ending, without blanks. The path policy judges it. */
export const PATH = /^(?:[\w.@+-]+\/){0,12}[\w.@+-]+\.[A-Za-z]\w{0,9}$/;

/** The path that a line names and nothing else: `src/a.sv`, `**src/a.sv**:`, `### File: src/a.sv`. */
export function pathIn(text: string): string | undefined {
  const found = /^(?:#{1,6}|[-*]|\d+[.)])?\s*(?:(?:new |updated |full )?(?:file(?:name)?|path)\s*[:=]\s*)?(.+)$/i.exec(
    text
      .slice(0, 300)
      .trim()
      .replace(/[*`"']/g, '')
      .replace(/\s*\((?:new|modified|updated|full|complete)[^)]{0,30}\)\s*$/i, ''),
  )?.[1];
  const path = found
    ?.replace(/[:：]\s*$/, '')
    .replace(/^\.\//, '')
    .trim();
  return path !== undefined && PATH.test(path) ? path : undefined;
}
