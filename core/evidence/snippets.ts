// Lines of sources around the places that matter; ranges that meet are merged. Of purchased packages only the port
// declarations show.
import type { Snippet } from '@genrtl/contracts';
import { isVendorFile } from '../cbb/vendor-path.ts';

export interface Place {
  readonly file: string;
  /** from 1, inclusive */
  readonly start: number;
  readonly end: number;
  /** lines of context on both sides */
  readonly context: number;
}

/** Ranges closer than this are one. */
const MERGE_GAP_LINES = 3;
const MAX_LINE_CHARS = 400;
/** Longest stretch that one place may show. */
const MAX_PLACE_LINES = 80;
const MAX_HEADER_LINES = 120;

interface Range {
  start: number;
  end: number;
  /** rank of the place that asked first */
  order: number;
}

export class SnippetCutter {
  private readonly read: (file: string) => string | null;
  private readonly files = new Map<string, readonly string[]>();
  private readonly shown = new Map<string, Range[]>();
  private count = 0;

  /** `read` gives the text as it may be shown, with all lines of the file; null for files that may not. */
  constructor(read: (file: string) => string | null) {
    this.read = read;
  }

  lineAt(file: string, line: number): string {
    return this.linesOf(file)[line - 1] ?? '';
  }

  /**
   * Shows the place if `take` agrees to what it adds. Places in unknown files, or behind their end, are passed over.
   */
  show(place: Place, take: (snippet: Snippet) => boolean): void {
    const lines = this.linesOf(place.file);
    if (place.start < 1 || place.start > lines.length) return;
    const range = isVendorFile(place.file)
      ? headerOfModule(lines, place.start)
      : {
          start: Math.max(1, place.start - place.context),
          end: Math.min(lines.length, Math.min(place.end, place.start + MAX_PLACE_LINES) + place.context),
        };
    if (range === null) return;
    const known = this.shown.get(place.file) ?? [];
    const covered = known.some((each) => each.start <= range.start && range.end <= each.end);
    if (covered || !take(this.cut(place.file, range))) return;
    this.shown.set(place.file, merge([...known, { ...range, order: this.count }]));
    this.count += 1;
  }

  /** One snippet a stretch of lines, in the order of the first place that asked for it. */
  snippets(): Snippet[] {
    return [...this.shown]
      .flatMap(([file, ranges]) => ranges.map((range) => ({ file, range })))
      .sort((a, b) => a.range.order - b.range.order)
      .map(({ file, range }) => this.cut(file, range));
  }

  private cut(file: string, { start, end }: { start: number; end: number }): Snippet {
    const lines = this.linesOf(file)
      .slice(start - 1, end)
      .map((line) => (line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS)}…` : line));
    return { file, start, end, text: lines.join('\n') };
  }

  private linesOf(file: string): readonly string[] {
    let lines = this.files.get(file);
    if (lines === undefined) {
      const text = this.read(file);
      lines = text === null ? [] : text.split('\n').map((line) => line.replace(/\r$/, ''));
      this.files.set(file, lines);
    }
    return lines;
  }
}

function merge(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && range.start <= last.end + MERGE_GAP_LINES) {
      last.end = Math.max(last.end, range.end);
      last.order = Math.min(last.order, range.order);
    } else {
      merged.push({ ...range });
    }
  }
  return merged;
}

/** From `module` to the `;` that ends its header: name, parameters and ports of the module that holds the line. */
function headerOfModule(lines: readonly string[], line: number): { start: number; end: number } | null {
  const isModule = (text: string): boolean => /^\s{0,40}module\b/.test(text);
  let start = lines.slice(0, line).findLastIndex(isModule);
  if (start < 0) start = lines.findIndex(isModule);
  if (start < 0) return null;
  let depth = 0;
  for (let at = start; at < Math.min(lines.length, start + MAX_HEADER_LINES); at += 1) {
    for (const char of (lines[at] ?? '').split('//')[0] ?? '') {
      if (char === '(') depth += 1;
      else if (char === ')') depth -= 1;
      else if (char === ';' && depth <= 0) return { start: start + 1, end: at + 1 };
    }
  }
  return { start: start + 1, end: start + 1 };
}
