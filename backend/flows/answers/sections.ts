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

/** Where a unit of a design begins, in Verilog and in VHDL. */
const UNIT =
  /^\s*(?:\(\*.{0,200}\*\)\s*)?(?:(?:extern|virtual|default)\s+)?(?:module|macromodule|interface|package|program|primitive|class|checker|config|entity|architecture|configuration|context)\s+\w/im;
const PAIRS = ['module', 'interface(?!\\s+class\\b)', 'package', 'program', 'class'].map(
  (word) => [new RegExp(`^\\s*${word}\\s`, 'gm'), new RegExp(`\\bend${word.replace(/\(.*/, '')}\\b`, 'gm')] as const,
);

/**
 * Why a text cannot be the whole of a file: it has no unit of a design although the file has some, or begins one
 * without its end. Undefined: it may be whole.
 */
export function partOnly(path: string, text: string, texts: Texts): string | undefined {
  if (!/\.(?:sv|v|vhdl?)$/i.test(path)) return undefined;
  const before = texts[path];
  if (before !== undefined && UNIT.test(before) && !UNIT.test(text))
    return 'only a part of the file is given where the whole file is expected';
  const cut = /\.s?v$/i.test(path) && isUnclosed(text) && (before === undefined || !isUnclosed(before));
  return cut ? 'the file ends before its last unit does, so a part of it is missing' : undefined;
}

/** A unit that begins and does not end; where the preprocessor chooses between heads nobody can tell. */
function isUnclosed(text: string): boolean {
  if (/^\s*`(?:else|elsif)\b/m.test(text)) return false;
  const code = text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  return PAIRS.some(([open, close]) => (code.match(open)?.length ?? 0) > (code.match(close)?.length ?? 0));
}

/** A listing whose every line bears its number, counted from 1: without the numbers. */
export function withoutLineNumbers(text: string): string {
  const lines = linesOf(text);
  const numbered = lines.map((one) => /^\s{0,6}(\d{1,6})(?:\s?[|:│]\s?|\t)(.*)$/.exec(one));
  const ours = lines.length > 1 && numbered.every((found, at) => Number(found?.[1]) === at + 1);
  return ours ? numbered.map((found) => `${found?.[2] ?? ''}\n`).join('') : text;
}

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

/**
 * Without `./` before it, nor the `a/` and `b/` of diffs where the workspace has no such folder; with the folder of the
 * one file that has this name, where the path is a name alone; with `/` for `\\` where that is a file.
 */
export function workspacePath(path: string, texts: Texts): string {
  const given = path.trim();
  const plain = given.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  if (given.includes('\\') && !hasFile(texts, plain)) return given;
  const [, side] = /^([ab]\/)./.exec(plain) ?? [];
  const own = side === undefined || Object.keys(texts).some((one) => one.startsWith(side)) ? plain : plain.slice(2);
  return fileOfName(own, texts) ?? own;
}

/** The only file that is called so, for a name without folders that is no file itself. */
export function fileOfName(name: string, texts: Texts): string | undefined {
  if (name.includes('/') || name === '' || hasFile(texts, name)) return undefined;
  const found = Object.keys(texts).filter((one) => one.endsWith(`/${name}`));
  return found.length === 1 ? found[0] : undefined;
}

/** A path as it may stand in an answer: with an ending, without blanks. The path policy judges it. */
export const PATH = /^(?:[\p{L}\p{N}_.@+-]+\/){0,12}[\p{L}\p{N}_.@+-]+\.[A-Za-z]\w{0,9}$/u;

const MARK = /^(?:#{1,6}|[-*•]|\d+[.)、])\s+/;
const LABEL =
  /^(?:(?:new |updated |modified |full |complete )?(?:file ?(?:name|path)?|path)|(?:新|新增|修改|更新)?文件(?:名|路径)?|路径)\s*[:=：]\s*/i;
const ASIDE = /\s*[(（][^()（）]{0,60}[)）]\s*$/;

/** The path that a line names and nothing else: `src/a.sv`, `**src/a.sv**:`, `### 1. File: src/a.sv (new)`. */
export function pathIn(text: string): string | undefined {
  let bare = text
    .slice(0, 300)
    .trim()
    .replace(/^<!--\s*(.*?)\s*-->$/, '$1')
    .replace(/[*`"'“”]/g, '')
    .replace(/[:：]\s*$/, '');
  // a heading may be numbered
  for (let mark = MARK.exec(bare), times = 0; mark !== null && times < 3; mark = MARK.exec(bare), times += 1)
    bare = bare.slice(mark[0].length);
  const path = bare.replace(ASIDE, '').replace(LABEL, '').replace(/^\.\//, '').trim();
  return PATH.test(path) ? path : undefined;
}

/** The one path that a sentence names between backticks; what stands below it tells whether it was meant. */
export function onlyPath(text: string): string | undefined {
  const named = [...text.slice(0, 500).matchAll(/`([^`\s]{1,300})`/g)]
    .map(([, one = '']) => pathIn(one))
    .filter((one) => one?.includes('/'));
  return new Set(named).size === 1 ? named[0] : undefined;
}
