// Reads the lines under one hunk header: by the header's counts when they are right, else by the shape of the lines.
// Nothing that looks like a change is ever dropped: where the end is unclear, the line counts as context and must
// match.
import type { SourceLine } from './regions.ts';
import type { DiffLine } from './types.ts';

export interface BodyInput {
  readonly lines: readonly SourceLine[];
  readonly start: number;
  readonly oldCount: number | null;
  readonly newCount: number | null;
  readonly fenced: boolean;
  /** blank lines of a new file often lack their `+` */
  readonly creating: boolean;
}

export interface Body {
  readonly lines: DiffLine[];
  readonly next: number;
  readonly countsExact: boolean;
  /** see Hunk */
  readonly counted?: readonly DiffLine[];
  readonly missingLines?: number;
}

/** How far ahead of an odd line further diff lines are looked for. */
const LOOK_AHEAD_LINES = 50;

export function readBody(input: BodyInput): Body {
  const counted = readByCounts(input);
  if (counted !== null && endsHere(input, counted.next)) return counted;
  const shaped = readByShape(input);
  // the longer reading holds where it fits the file: counts are often too small
  const body = counted === null || !isList(input, counted.next) ? shaped : { ...shaped, counted: counted.lines };
  return input.creating ? { ...body, ...missingOf(input, body) } : body;
}

/**
 * A header that promises more lines than follow is a wrong count, which is forgiven, as long as every line has its `+`.
 * What follows without one, or nothing at all, is the file's text lost.
 */
function missingOf(input: BodyInput, body: Body): { missingLines?: number } {
  const short = (input.newCount ?? Number.POSITIVE_INFINITY) - body.lines.length;
  const next = input.lines[body.next]?.text ?? '';
  const isText = next.trim() !== '' && !isFileHeader(input.lines, body.next, 'between') && !isHeaderLine(next);
  // behind a blank line it may be prose
  const isApart = (input.lines[body.next - 1]?.text ?? '').trim() === '';
  const goesOn = isText && (!isApart || CODE.test(next.slice(0, 500)));
  if (body.lines.length === 0 && input.newCount !== 0) return { missingLines: Number.isFinite(short) ? short : 1 };
  return Number.isFinite(short) && short > 0 && goesOn ? { missingLines: short } : {};
}

const CODE = /;\s*$|^\s*(?:end[a-z]*|begin|module|always\w*|assign)\b/;

const isHeaderLine = (line: string): boolean =>
  line.startsWith('@@') || line.startsWith('diff --git ') || line.startsWith('Index: ') || line.startsWith('```');

/** `--- x` directly followed by `+++ y`; in a body also followed by a hunk, since `--- x` may remove a VHDL comment. */
export function isFileHeader(lines: readonly SourceLine[], at: number, place: 'between' | 'body'): boolean {
  const first = lines[at]?.text ?? '';
  const second = lines[at + 1]?.text ?? '';
  if (!first.startsWith('--- ') || !second.startsWith('+++ ')) return false;
  if (place === 'between') return true;
  const third = lines[at + 2]?.text ?? '';
  return third.startsWith('@@') && hasGitPrefix(first, 'a/') && hasGitPrefix(second, 'b/');
}

function hasGitPrefix(header: string, prefix: string): boolean {
  const name = header.slice(4);
  return name.startsWith(prefix) || name.startsWith(`"${prefix}`) || name.startsWith('/dev/null');
}

function readByCounts(input: BodyInput): Body | null {
  const { lines, oldCount, newCount } = input;
  if (oldCount === null || newCount === null) return null;
  const out: DiffLine[] = [];
  let at = input.start;
  let olds = 0;
  let news = 0;
  while (olds < oldCount || news < newCount) {
    const line = lines[at]?.text;
    if (line === undefined || isFileHeader(lines, at, 'body')) return null;
    if (isNoNewline(line)) {
      markNoEol(out);
    } else {
      const read = diffLine(line, input.creating);
      if (read === null) return null;
      if (read.kind !== 'add') olds += 1;
      if (read.kind !== 'remove') news += 1;
      if (olds > oldCount || news > newCount) return null;
      out.push(read);
    }
    at += 1;
  }
  const tail = lines[at]?.text;
  if (tail !== undefined && isNoNewline(tail)) {
    markNoEol(out);
    at += 1;
  }
  return { lines: out, next: at, countsExact: true };
}

/** Whether what follows can be a list or a rule in prose: no other line of it looks like a change. */
function isList(input: BodyInput, from: number): boolean {
  for (let at = from; at < input.lines.length && !isBoundary(input, at); at += 1) {
    const line = input.lines[at]?.text ?? '';
    if (line.startsWith('+') || (line.startsWith('-') && !/^(?:- \S|-{3,}\s*$)/.test(line.slice(0, 200)))) return false;
  }
  return input.lines.slice(from, from + 3).some(({ text }) => text.startsWith('-'));
}

/** The counts are used up: does the hunk end here, or were they too small? */
function endsHere(input: BodyInput, from: number): boolean {
  const { lines } = input;
  let at = from;
  while (lines[at]?.text.trim() === '') at += 1;
  const line = lines[at]?.text;
  if (line === undefined || isBoundary(input, at) || isFileHeader(lines, at, 'between')) return true;
  if (isSignature(lines, at)) return true;
  // the same without a version, as the last line of all
  if (/^-- ?$/.test(line) && lines.slice(at + 1).every(({ text }) => text.trim() === '')) return true;
  if (diffLine(line, false) !== null) return false;
  return !changesAhead(input, at);
}

function readByShape(input: BodyInput): Body {
  const { lines, fenced, creating } = input;
  const out: DiffLine[] = [];
  // blank lines at the very end separate, they are no context
  let solid = 0;
  let at = input.start;
  for (; at < lines.length; at += 1) {
    const line = lines[at]?.text ?? '';
    if (isBoundary(input, at) || isFileHeader(lines, at, 'body') || isSignature(lines, at)) break;
    if (
      line.startsWith('--- ') &&
      isFileHeader(lines, at, 'between') &&
      (lines[at + 2]?.text.startsWith('@@') ?? false)
    )
      break;
    if (isNoNewline(line)) {
      markNoEol(out);
      continue;
    }
    const read = diffLine(line, creating);
    if (read === null) {
      if (!fenced && !changesAhead(input, at)) break;
      out.push({ kind: 'context', ...content(line), noEol: false });
    } else {
      out.push(read);
    }
    if (line.trimEnd() !== '') solid = out.length;
    else if (line.startsWith(' ')) solid = out.length;
  }
  return { lines: out.slice(0, solid), next: at, countsExact: false };
}

function isBoundary(input: BodyInput, at: number): boolean {
  const line = input.lines[at]?.text ?? '';
  return line.startsWith('```') ? !input.fenced : isHeaderLine(line);
}

/** The end of a mail made by git format-patch: `-- ` and git's version. */
function isSignature(lines: readonly SourceLine[], at: number): boolean {
  const line = lines[at]?.text ?? '';
  return (line === '-- ' || line === '--') && /^\d+\.\d+/.test((lines[at + 1]?.text ?? '').slice(0, 20));
}

function changesAhead(input: BodyInput, at: number): boolean {
  const end = Math.min(input.lines.length, at + LOOK_AHEAD_LINES);
  for (let i = at + 1; i < end; i += 1) {
    if (isBoundary(input, i) || isFileHeader(input.lines, i, 'between')) return false;
    const line = input.lines[i]?.text ?? '';
    // a list in the prose after a diff starts with a dash as well, but comes after a blank line
    if (!input.fenced && line.trim() === '') return false;
    if (line.startsWith('+') || line.startsWith('-')) return true;
  }
  return false;
}

function diffLine(line: string, creating: boolean): DiffLine | null {
  const rest = content(line.slice(1));
  switch (line[0]) {
    case '+':
      return { kind: 'add', ...rest, noEol: false };
    case '-':
      return { kind: 'remove', ...rest, noEol: false };
    case ' ':
      return { kind: 'context', ...rest, noEol: false };
    case undefined:
      return { kind: creating ? 'add' : 'context', text: '', cr: false, noEol: false };
    case '\r':
      return line === '\r' ? { kind: creating ? 'add' : 'context', text: '', cr: true, noEol: false } : null;
    default:
      return null;
  }
}

function content(text: string): { text: string; cr: boolean } {
  return text.endsWith('\r') ? { text: text.slice(0, -1), cr: true } : { text, cr: false };
}

function isNoNewline(line: string): boolean {
  return line.startsWith('\\ ');
}

function markNoEol(out: DiffLine[]): void {
  const last = out.at(-1);
  if (last) out[out.length - 1] = { ...last, noEol: true };
}
