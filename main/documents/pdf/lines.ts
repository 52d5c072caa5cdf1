// Words on one baseline as a line; small raised or lowered words beside a larger one as its exponent or index.
import type { Inline, InlineMark } from '@genrtl/contracts/spec-import.ts';
import { plainCharacters } from '@genrtl/core/documents/characters.ts';
import type { Word } from './page-content.ts';

export interface PlacedWord extends Word {
  readonly script: 'superscript' | 'subscript' | null;
}

export interface Line {
  readonly words: readonly PlacedWord[];
  readonly x0: number;
  readonly x1: number;
  /** of the baseline */
  readonly y: number;
  readonly size: number;
}

interface OpenLine {
  words: PlacedWord[];
  y: number;
  size: number;
}

const SAME_BASELINE = 0.3;
const SCRIPT_SIZE = 0.85;
/** In heights of the line: how far a script is above or below, and how near it stands. */
const RAISED = { least: 0.12, most: 0.75 };
const LOWERED = { least: 0.08, most: 0.55 };
const NEAR = 0.4;

/** From top to bottom. */
export function linesOf(words: readonly Word[]): Line[] {
  const lines: OpenLine[] = [];
  // large words first, so that a script finds the line that it belongs to
  const sorted = [...words].toSorted((a, b) => b.size - a.size || a.y - b.y || a.x0 - b.x0);
  const rows = new Map<number, OpenLine[]>();
  const near = (y: number): OpenLine[] => {
    const row = Math.round(y / 10);
    return [...(rows.get(row - 1) ?? []), ...(rows.get(row) ?? []), ...(rows.get(row + 1) ?? [])];
  };
  // a script may stand behind another one of its size, `x_i^2`: what touches nothing yet is tried again
  const waiting: Word[] = [];
  const place = (word: Word, last: boolean): void => {
    const candidates = near(word.y);
    const onLine = candidates.filter(
      (line) => Math.abs(line.y - word.y) <= SAME_BASELINE * Math.min(line.size, word.size),
    );
    const script = scriptOf(word, candidates);
    if (script !== null) {
      script.line.words.push({ ...word, script: script.kind });
      return;
    }
    const home = nearest(onLine, word.y);
    if (home !== undefined) {
      home.words.push({ ...word, script: null });
      return;
    }
    if (!last && candidates.some((line) => scriptKind(word, line) !== null)) {
      waiting.push(word);
      return;
    }
    const line: OpenLine = { words: [{ ...word, script: null }], y: word.y, size: word.size };
    lines.push(line);
    const row = Math.round(word.y / 10);
    rows.set(row, [...(rows.get(row) ?? []), line]);
  };
  for (const word of sorted) place(word, false);
  for (const word of waiting.toSorted((a, b) => b.size - a.size || a.x0 - b.x0)) place(word, true);
  return lines.map(closed).toSorted((a, b) => a.y - b.y || a.x0 - b.x0);
}

function nearest(lines: readonly OpenLine[], y: number): OpenLine | undefined {
  let best: OpenLine | undefined;
  for (const line of lines) if (best === undefined || Math.abs(line.y - y) < Math.abs(best.y - y)) best = line;
  return best;
}

function scriptOf(
  word: Word,
  lines: readonly OpenLine[],
): { line: OpenLine; kind: 'superscript' | 'subscript' } | null {
  for (const line of lines) {
    const kind = scriptKind(word, line);
    if (kind === null) continue;
    const touches = line.words.some(
      (other) =>
        word.x0 - other.x1 > -0.25 * line.size &&
        word.x0 - other.x1 < NEAR * line.size &&
        // behind another script, `x_i^2`, too
        (other.script !== null || other.size * SCRIPT_SIZE >= word.size),
    );
    if (touches || (kind === 'superscript' && isRemarkMark(word, line))) return { line, kind };
  }
  return null;
}

/** What the word would be of the line, by its size and height alone. */
function scriptKind(word: Word, line: OpenLine): 'superscript' | 'subscript' | null {
  if (word.size > line.size * SCRIPT_SIZE) return null;
  const up = (line.y - word.y) / line.size;
  if (up >= RAISED.least && up <= RAISED.most) return 'superscript';
  return -up >= LOWERED.least && -up <= LOWERED.most ? 'subscript' : null;
}

/** The raised number that a footnote begins with stands before its line. */
function isRemarkMark(word: Word, line: OpenLine): boolean {
  if (!/^[([]?(?:\d{1,2}|[a-z]|\*{1,3}|[†‡])[)\]]?$/.test(word.text)) return false;
  const start = Math.min(...line.words.map((other) => other.x0));
  return start - word.x1 > -0.25 * line.size && start - word.x1 < NEAR * line.size;
}

function closed({ words, y, size }: OpenLine): Line {
  const sorted = words.toSorted((a, b) => a.x0 - b.x0);
  return {
    words: sorted,
    x0: sorted[0]?.x0 ?? 0,
    x1: Math.max(...sorted.map((word) => word.x1)),
    y,
    size,
  };
}

export function lineOf(words: readonly PlacedWord[]): Line {
  const full = words.filter((word) => word.script === null);
  const base = full.length > 0 ? full : words;
  const size = Math.max(...base.map((word) => word.size));
  return closed({ words: [...words], y: base.find((word) => word.size === size)?.y ?? 0, size });
}

/** Cuts a line where the gap between words is at least `gap` heights. */
export function segmentsOf(line: Line, gap: number): Line[] {
  const parts: PlacedWord[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const word of line.words) {
    if (parts.length === 0 || word.x0 - end >= gap * line.size) parts.push([]);
    parts.at(-1)?.push(word);
    end = Math.max(end, word.x1);
  }
  return parts.map((words) => ({ ...lineOf(words), y: line.y }));
}

const WORD_GAP = 0.16;
const CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u3000-\u30ff]/;

/** True where the two pieces are written without a blank between them. */
export function joinsWithoutBlank(before: string, after: string): boolean {
  return CJK.test(before.at(-1) ?? '') && CJK.test(after[0] ?? '');
}

/** Emphasis is left out where everything is bold: it says that the line is a head. */
export function contentOf(line: Line): Inline[] {
  const allBold = line.words.every((word) => word.font.bold);
  const content: Inline[] = [];
  let before: PlacedWord | undefined;
  for (const word of line.words) {
    const text = plainCharacters(word.text);
    if (before !== undefined && isSpaced(before, word, line.size)) {
      const marks: InlineMark[] = [];
      if (before.font.bold && word.font.bold && !allBold) marks.push('bold');
      if (before.struck && word.struck) marks.push('strike');
      content.push(marks.length === 0 ? { text: ' ' } : { text: ' ', marks });
    }
    const marks: InlineMark[] = [];
    if (word.script !== null) marks.push(word.script);
    if (word.font.bold && !allBold) marks.push('bold');
    if (word.struck) marks.push('strike');
    content.push(marks.length === 0 ? { text } : { text, marks });
    before = word;
  }
  return content;
}

function isSpaced(before: PlacedWord, word: PlacedWord, size: number): boolean {
  const gap = word.x0 - before.x1;
  if (joinsWithoutBlank(before.text, word.text)) return gap > size * 0.6;
  if (word.script !== null) return word.spaced && gap > size * WORD_GAP;
  return word.spaced || gap > size * WORD_GAP;
}

export function textOfLine(line: Line): string {
  return contentOf(line)
    .map((run) => run.text)
    .join('');
}
