// Shapes of planted faults: what was changed, where, and what an engineer would name as the place of the fault.

export const FAULT_CLASSES = [
  'syntax',
  'width',
  'missing port',
  'wrong polarity',
  'off by one',
  'missing reset',
  'blocking/non-blocking',
  'wrong case',
] as const;
export type FaultClass = (typeof FAULT_CLASSES)[number];

export interface Edit {
  /** offsets in the source */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Fault {
  readonly class: FaultClass;
  readonly description: string;
  readonly edits: readonly Edit[];
  /** lines of the changed tokens, from 1; the text before them keeps its line numbers, and so do they */
  readonly lines: readonly number[];
  /** signals that get their wrong value, width or connection here; none for syntax errors */
  readonly signals: readonly string[];
}

/** Applies all edits; none may overlap. Keeps the number of lines, so that line numbers hold in the faulty text. */
export function plant(source: string, fault: Fault): string {
  let text = source;
  for (const { start, end, text: replacement } of [...fault.edits].sort((a, b) => b.start - a.start)) {
    const removed = source.slice(start, end).split('\n').length - replacement.split('\n').length;
    text = text.slice(0, start) + replacement + '\n'.repeat(Math.max(0, removed)) + text.slice(end);
  }
  return text;
}
