// Where an answer belongs. A request carries the text around its place; the answer is put there when the document is
// the same, or when that text still stands in exactly one place. Pure.
import { SELECTION_END, SELECTION_START } from '@genrtl/contracts/ai-limits.ts';

export interface Anchor {
  readonly docVersion: number;
  /** offsets of the selection at the time of the request; equal for a cursor */
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly selected: string;
  readonly after: string;
}

export type Placement =
  | { readonly kind: 'same' | 'moved'; readonly start: number; readonly end: number }
  /** `gone`: the text is not there any more; `ambiguous`: it is there several times */
  | { readonly kind: 'refused'; readonly reason: 'gone' | 'ambiguous' };

/** Text on each side of the selection. */
const SIDE_CHARS = 6_000;
/** A change elsewhere near the place shall not lose the answer: less and less of the surroundings is asked for. */
const SIDES = [SIDE_CHARS, 1_500, 400, 120, 40];
/** Less than this says nothing of a place. */
const LEAST_CHARS = 24;

export function anchorAt(text: string, start: number, end: number, docVersion: number): Anchor {
  return {
    docVersion,
    start,
    end,
    before: text.slice(wholeFrom(text, Math.max(0, start - SIDE_CHARS)), start),
    selected: text.slice(start, end),
    after: text.slice(end, wholeTo(text, Math.min(text.length, end + SIDE_CHARS))),
  };
}

/** Half a surrogate pair is no text. */
const wholeFrom = (text: string, at: number): number => (isLow(text.charCodeAt(at)) ? at + 1 : at);
const wholeTo = (text: string, at: number): number => (isLow(text.charCodeAt(at)) ? at - 1 : at);
const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** null when the text itself holds a mark of the protocol, so that nobody could tell the selection. */
export function snapshotOf({ before, selected, after }: Anchor): string | null {
  const marked = [before, selected, after].some(
    (part) => part.includes(SELECTION_START) || part.includes(SELECTION_END),
  );
  return marked ? null : `${before}${SELECTION_START}${selected}${SELECTION_END}${after}`;
}

/** What of the snapshot is looked for, the most first; at the least the lines of the place and what is on one side. */
function* surroundings({ before, after }: Anchor): Generator<readonly [string, string]> {
  for (const side of SIDES) yield [before.slice(-side), after.slice(0, side)];
  const end = after.indexOf('\n');
  const restOfLine = end === -1 ? after : after.slice(0, end);
  const begunLine = before.slice(before.lastIndexOf('\n') + 1);
  for (const side of SIDES) yield [before.slice(-Math.max(side, begunLine.length)), restOfLine];
  for (const side of SIDES) yield [begunLine, after.slice(0, Math.max(side, restOfLine.length))];
}

export function placeAgain(anchor: Anchor, text: string, version: number): Placement {
  if (version === anchor.docVersion) return { kind: 'same', start: anchor.start, end: anchor.end };
  for (const [before, after] of surroundings(anchor)) {
    const piece = before + anchor.selected + after;
    if (piece.replaceAll(/\s/g, '').length < LEAST_CHARS) continue;
    const first = text.indexOf(piece);
    if (first === -1) continue;
    if (text.indexOf(piece, first + 1) !== -1) return { kind: 'refused', reason: 'ambiguous' };
    const start = first + before.length;
    return { kind: 'moved', start, end: start + anchor.selected.length };
  }
  return { kind: 'refused', reason: 'gone' };
}
