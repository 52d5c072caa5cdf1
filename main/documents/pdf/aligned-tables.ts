// Tables without upright lines: columns are told by the white rivers between them, rows by their first column and the
// lines drawn across.
import { lineOf, segmentsOf, type Line } from './lines.ts';

export interface AlignedTable {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  /** left edges of the columns */
  readonly xs: readonly number[];
  readonly rows: readonly AlignedRow[];
}
export interface AlignedRow {
  /** the lines of each column's cell, top to bottom; empty where it has none */
  readonly cells: readonly (readonly Line[])[];
}

export type RegionItem =
  | { readonly kind: 'line'; readonly line: Line }
  | { readonly kind: 'table'; readonly table: AlignedTable };

/** Heights between words from which they are in different columns. */
export const GAP = 0.9;
/** Of words that may be: a head that fills its column leaves little white beside it. Blanks between words are less. */
const NARROW_GAP = 0.6;
const MIN_RIVER = 0.35;
/** A larger line is a heading. */
const SAME_SIZE = 0.2;
/** Heights between lines of one table. */
const MAX_PITCH = 3.2;
const MIN_ROWS = 3;
const MAX_COLUMNS = 30;

/** `lines` of one text column from top to bottom; `floors` are the y of lines drawn across it. */
export function withAlignedTables(lines: readonly Line[], floors: readonly number[]): RegionItem[] {
  const cut = lines.map((line) => segmentsOf(line, NARROW_GAP));
  const items: RegionItem[] = [];
  for (let at = 0; at < lines.length; ) {
    const end = runEnd(lines, cut, at);
    const table = end - at >= 2 ? tableOf(lines.slice(at, end), cut.slice(at, end), floors) : null;
    if (table !== null) {
      items.push({ kind: 'table', table: table.table });
      at += table.used;
    } else {
      const line = lines[at];
      if (line !== undefined) items.push({ kind: 'line', line });
      at += 1;
    }
  }
  return items;
}

/** From a line of several segments on, as long as lines keep the distance and let at least one river through. */
function runEnd(lines: readonly Line[], cut: readonly Line[][], start: number): number {
  const own = cut[start] ?? [];
  if (own.length < 2 || isListItem(own)) return start;
  // a head whose columns are as narrow as its words: what follows tells
  if (!isParted(own) && !isParted(cut[start + 1] ?? [])) return start;
  let covered = own;
  let end = start + 1;
  for (; end < lines.length; end += 1) {
    const [line, before, segments] = [lines[end], lines[end - 1], cut[end] ?? []];
    if (line === undefined || before === undefined) break;
    const distance = line.y - before.y;
    if (distance > MAX_PITCH * Math.max(line.size, before.size)) break;
    if (Math.abs(line.size - (lines[start]?.size ?? 0)) > SAME_SIZE * line.size) break;
    if (end - start >= 3 && isHeadingBelow(line, before, segments, distance, lines, start, end)) break;
    const next = union([...covered, ...segments]);
    if (next.length < 2) break;
    covered = next as Line[];
  }
  // a trailing line that only continues a column belongs to it; one that starts a paragraph does not
  while (end > start + 1 && (cut[end - 1]?.length ?? 0) < 2 && !continuesColumn(covered, cut[end - 1]?.[0])) end -= 1;
  return end;
}

/** Where a gap is as wide as between columns. */
const isParted = (segments: readonly Line[]): boolean =>
  segments.some((segment, at) => at > 0 && segment.x0 - (segments[at - 1]?.x1 ?? 0) >= GAP * segment.size);

/** A bold line of its own, farther away than the rows are from one another: what follows is headed by it. */
function isHeadingBelow(
  line: Line,
  before: Line,
  segments: readonly Line[],
  distance: number,
  lines: readonly Line[],
  start: number,
  end: number,
): boolean {
  if (segments.length > 1 || !line.words.every((word) => word.font.bold)) return false;
  if (before.words.every((word) => word.font.bold)) return false;
  const pitches = lines.slice(start + 1, end).map((one, at) => one.y - (lines[start + at]?.y ?? 0));
  return distance > 1.4 * median(pitches);
}

const isListItem = (segments: readonly Line[]): boolean =>
  segments.length === 2 &&
  /^([•●▪■◦○*–—-]|\(?\w{1,2}[.)]|\d+(\.\d+)+\.?)$/.test(segments[0]?.words.map((w) => w.text).join('') ?? '');

function continuesColumn(columns: readonly Pick<Line, 'x0' | 'x1'>[], segment: Line | undefined): boolean {
  if (segment === undefined) return false;
  const last = columns.at(-1);
  return last !== undefined && segment.x0 >= last.x0 - 2;
}

/** Overlapping extents, and those nearer than `least`, as one, from left to right. */
function union(parts: readonly Pick<Line, 'x0' | 'x1'>[], least = 0): Pick<Line, 'x0' | 'x1'>[] {
  const joined: { x0: number; x1: number }[] = [];
  for (const { x0, x1 } of parts.toSorted((a, b) => a.x0 - b.x0)) {
    const last = joined.at(-1);
    if (last !== undefined && x0 - last.x1 <= least) last.x1 = Math.max(last.x1, x1);
    else joined.push({ x0, x1 });
  }
  return joined;
}

function tableOf(
  lines: readonly Line[],
  cut: readonly Line[][],
  floors: readonly number[],
): { table: AlignedTable; used: number } | null {
  const several = cut.filter((segments) => segments.length >= 2 && isParted(segments));
  if (several.length < MIN_ROWS && !(cut.length === 2 && startAlike(cut[0] ?? [], cut[1] ?? []))) return null;
  const columns = columnsOf(cut, lines[0]?.size ?? 10);
  if (columns.length < 2 || columns.length > MAX_COLUMNS) return null;
  if (isProse(cut, columns)) return null;
  const rows = rowsOf(lines, cut, columns, floors);
  if (rows.length < 2) return null;
  const table: AlignedTable = {
    x0: columns[0]?.x0 ?? 0,
    x1: columns.at(-1)?.x1 ?? 0,
    y0: (lines[0]?.y ?? 0) - (lines[0]?.size ?? 0),
    y1: lines.at(-1)?.y ?? 0,
    xs: columns.map(({ x0 }) => x0),
    rows,
  };
  return { table, used: lines.length };
}

/** Of the lines, those that may cross a river: cells over several columns. */
const MOST_CROSSING = 0.2;

/** What the rivers part: each is white in the head and in nearly all lines, and plainly so in two of them. */
function columnsOf(cut: readonly Line[][], size: number): Pick<Line, 'x0' | 'x1'>[] {
  const columns: { x0: number; x1: number }[] = [];
  for (const { x0, x1 } of union(withoutCrossing(cut, MIN_RIVER * size).flat())) {
    const last = columns.at(-1);
    const isRiver =
      last !== undefined &&
      x0 - last.x1 >= MIN_RIVER * size &&
      (isWhite(cut, last.x1, x0) ||
        cut.filter((segments) => isWideAt(segments, last.x1, x0)).length >= Math.min(2, cut.length));
    if (last === undefined || isRiver) columns.push({ x0, x1 });
    else last.x1 = x1;
  }
  return columns;
}

const MAX_LOOKED_AT = 150;

/** The segments without those few that lie over a river of all other lines, the first among them. */
function withoutCrossing(cut: readonly Line[][], least: number): Line[][] {
  // a table of more lines has no need of it, and would cost more than it is worth
  const most = cut.length > MAX_LOOKED_AT ? 0 : Math.floor(cut.length * MOST_CROSSING);
  const whole = union(cut.flat(), least);
  let kept = cut.map((segments) => [...segments]);
  for (let count = 0; count < most; count += 1) {
    let best: { line: number; rivers: number } | null = null;
    for (let line = 1; line < kept.length; line += 1) {
      if ((kept[line]?.length ?? 0) === 0) continue;
      const rivers = union(kept.filter((_, at) => at !== line).flat(), least).length;
      if (best === null || rivers > best.rivers) best = { line, rivers };
    }
    if (best === null || best.rivers <= union(kept.flat(), least).length) break;
    const { line } = best;
    kept = kept.map((segments, at) => (at === line ? [] : segments));
  }
  // what the lines left out have beyond the others' columns is still a column
  const columns = union(kept.flat(), least);
  const beyond = cut.flat().filter((one) => columns.every((column) => one.x1 < column.x0 || one.x0 > column.x1));
  return columns.length > whole.length ? [...kept, beyond] : cut.map((segments) => [...segments]);
}

/** Three lines or more, all of them with words on both sides and none with less white between them than words leave. */
const isWhite = (cut: readonly Line[][], from: number, to: number): boolean =>
  cut.length >= MIN_ROWS &&
  cut.every((line) => line.some(({ x1 }) => x1 <= from + 1) && line.some(({ x0 }) => x0 >= to - 1));

/** Whether the words of the line leave a gap between columns here, or nothing stands on one of its sides. */
function isWideAt(segments: readonly Line[], from: number, to: number): boolean {
  const left = segments.findLast((segment) => segment.x1 <= from + 1);
  const right = segments.find((segment) => segment.x0 >= to - 1);
  if (left === undefined || right === undefined) return segments.length > 0;
  return right.x0 - left.x1 >= GAP * right.size;
}

/** A header and one row: every cell begins under its head. */
function startAlike(head: readonly Line[], row: readonly Line[]): boolean {
  return (
    head.length >= 2 && head.length === row.length && head.every((one, at) => Math.abs(one.x0 - (row[at]?.x0 ?? 0)) < 2)
  );
}

/** Two columns of running text, side by side: both fill their width line after line. */
function isProse(cut: readonly Line[][], columns: readonly Pick<Line, 'x0' | 'x1'>[]): boolean {
  if (columns.length !== 2 || cut.length < 4) return false;
  return columns.every((column) => {
    const fills = cut
      .flatMap((segments) => segments.filter((segment) => segment.x0 >= column.x0 - 1 && segment.x1 <= column.x1 + 1))
      .map((segment) => (segment.x1 - segment.x0) / (column.x1 - column.x0));
    const wordy = cut.flat().filter((segment) => segment.words.length >= 4).length;
    return fills.length >= 4 && median(fills) > 0.7 && wordy > cut.length;
  });
}

function rowsOf(
  lines: readonly Line[],
  cut: readonly Line[][],
  columns: readonly Pick<Line, 'x0' | 'x1'>[],
  floors: readonly number[],
): AlignedRow[] {
  const columnOf = (segment: Line): number =>
    Math.max(
      0,
      columns.findLastIndex((column) => column.x0 <= segment.x0 + 1),
    );
  const pitches = lines.slice(1).map((line, at) => line.y - (lines[at]?.y ?? 0));
  const smallest = Math.min(...pitches);
  const looser = pitches.some((pitch) => pitch > smallest * 1.2);
  const rows: Line[][][] = [];
  for (const [at, line] of lines.entries()) {
    const segments = cut[at] ?? [];
    const before = lines[at - 1];
    const floor = before !== undefined && floors.some((y) => y > before.y && y < line.y - line.size * 0.2);
    const starts =
      before === undefined ||
      floor ||
      columnOf(segments[0] ?? line) === 0 ||
      (looser ? line.y - before.y > smallest * 1.2 : segments.length > 1) ||
      !wrapsFrom(rows.at(-1), segments, columns, columnOf);
    if (starts) rows.push(columns.map(() => []));
    for (const [column, cell] of rows.at(-1)?.entries() ?? []) {
      const own = segments.filter((segment) => columnOf(segment) === column);
      if (own.length > 0) cell.push(own.length === 1 ? (own[0] ?? line) : lineOf(own.flatMap(({ words }) => words)));
    }
  }
  return rows.map((cells) => ({ cells }));
}

/** A line without a first cell goes on with the row above when the cell above it is long enough to be wrapped. */
function wrapsFrom(
  above: readonly (readonly Line[])[] | undefined,
  segments: readonly Line[],
  columns: readonly Pick<Line, 'x0' | 'x1'>[],
  columnOf: (segment: Line) => number,
): boolean {
  return segments.every((segment) => {
    const column = columnOf(segment);
    const last = above?.[column]?.at(-1);
    const extent = columns[column];
    if (last === undefined || extent === undefined) return false;
    return last.x1 - extent.x0 > (extent.x1 - extent.x0) * 0.6;
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
