// Tables without upright lines: columns are told by the white rivers between them, rows by their first column and the
// lines drawn across.
import { segmentsOf, type Line } from './lines.ts';

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

/** Heights between words from which they may be in different columns. */
export const GAP = 0.9;
const MIN_RIVER = 0.7;
/** Heights between lines of one table. */
const MAX_PITCH = 3.2;
const MIN_ROWS = 3;
const MAX_COLUMNS = 30;

/** `lines` of one text column from top to bottom; `floors` are the y of lines drawn across it. */
export function withAlignedTables(lines: readonly Line[], floors: readonly number[]): RegionItem[] {
  const cut = lines.map((line) => segmentsOf(line, GAP));
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
  if ((cut[start]?.length ?? 0) < 2 || isListItem(cut[start] ?? [])) return start;
  let covered = cut[start] ?? [];
  let end = start + 1;
  for (; end < lines.length; end += 1) {
    const [line, before, segments] = [lines[end], lines[end - 1], cut[end] ?? []];
    if (line === undefined || before === undefined) break;
    if (line.y - before.y > MAX_PITCH * Math.max(line.size, before.size)) break;
    if (Math.abs(line.size - (lines[start]?.size ?? 0)) > 0.35 * line.size) break;
    const next = union([...covered, ...segments]);
    if (next.length < 2) break;
    covered = next as Line[];
  }
  // a trailing line that only continues a column belongs to it; one that starts a paragraph does not
  while (end > start + 1 && (cut[end - 1]?.length ?? 0) < 2 && !continuesColumn(covered, cut[end - 1]?.[0])) end -= 1;
  return end;
}

const isListItem = (segments: readonly Line[]): boolean =>
  segments.length === 2 &&
  /^([•●▪■◦○*–—-]|\(?\w{1,2}[.)]|\d+(\.\d+)+\.?)$/.test(segments[0]?.words.map((w) => w.text).join('') ?? '');

function continuesColumn(columns: readonly Pick<Line, 'x0' | 'x1'>[], segment: Line | undefined): boolean {
  if (segment === undefined) return false;
  const last = columns.at(-1);
  return last !== undefined && segment.x0 >= last.x0 - 2;
}

/** Overlapping extents as one, from left to right. */
function union(parts: readonly Pick<Line, 'x0' | 'x1'>[]): Pick<Line, 'x0' | 'x1'>[] {
  const joined: { x0: number; x1: number }[] = [];
  for (const { x0, x1 } of parts.toSorted((a, b) => a.x0 - b.x0)) {
    const last = joined.at(-1);
    if (last !== undefined && x0 <= last.x1) last.x1 = Math.max(last.x1, x1);
    else joined.push({ x0, x1 });
  }
  return joined;
}

function tableOf(
  lines: readonly Line[],
  cut: readonly Line[][],
  floors: readonly number[],
): { table: AlignedTable; used: number } | null {
  const several = cut.filter((segments) => segments.length >= 2);
  if (several.length < MIN_ROWS && !(cut.length === 2 && startAlike(cut[0] ?? [], cut[1] ?? []))) return null;
  const columns = union(cut.flat()).filter(
    (column, at, all) => at === 0 || column.x0 - (all[at - 1]?.x1 ?? 0) >= MIN_RIVER * (lines[0]?.size ?? 10) * 0.5,
  );
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
    for (const segment of segments) rows.at(-1)?.[columnOf(segment)]?.push(segment);
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
