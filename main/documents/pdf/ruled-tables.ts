// Tables that are drawn with lines: their grid is what the lines enclose, so that empty and merged cells stay in their
// places and a cell of several lines stays one cell.
import type { Rule, Word } from './page-content.ts';

export interface RuledCell {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
  readonly words: readonly Word[];
}

export interface RuledTable {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
  /** edges of the columns, one more than there are columns */
  readonly xs: readonly number[];
  readonly rowCount: number;
  readonly cells: readonly RuledCell[];
}

/** Lines nearer than this are one line. */
const SNAP = 2.5;
/** More is a drawing, and would cost more to look at than any table. */
const MAX_COLUMNS = 200;
const MAX_FIELDS = 20_000;
const MAX_CROSSINGS = 4_000_000;
/** A grid of which less is filled is a drawing. */
const LEAST_FILLED = 0.3;

interface Edge {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** The tables of a page and the words that are in none. */
export function ruledTables(words: readonly Word[], rules: readonly Rule[]): { tables: RuledTable[]; rest: Word[] } {
  const horizontal = merged(rules.filter((rule) => rule.horizontal));
  const vertical = merged(rules.filter((rule) => !rule.horizontal));
  const tables: RuledTable[] = [];
  let rest = [...words];
  if (horizontal.length * vertical.length > MAX_CROSSINGS) return { tables, rest };
  for (const group of connected(horizontal, vertical)) {
    const table = tableOf(group.horizontal, group.vertical, rest);
    if (table === null) continue;
    tables.push(table);
    const inside = new Set(table.cells.flatMap((cell) => cell.words));
    rest = rest.filter((word) => !inside.has(word));
  }
  return { tables, rest };
}

/** Pieces of one line, drawn cell by cell, as one. */
function merged(rules: readonly Rule[]): Edge[] {
  const sorted = rules.toSorted((a, b) => a.at - b.at || a.from - b.from);
  const rows: { at: number; pieces: Edge[] }[] = [];
  for (const rule of sorted) {
    const row = rows.at(-1);
    if (row !== undefined && rule.at - row.at <= SNAP) row.pieces.push({ ...rule, at: row.at });
    else rows.push({ at: rule.at, pieces: [rule] });
  }
  return rows.flatMap(({ at, pieces }) => {
    const edges: Edge[] = [];
    for (const piece of pieces.toSorted((a, b) => a.from - b.from)) {
      const last = edges.at(-1);
      if (last !== undefined && piece.from - last.to <= SNAP)
        edges[edges.length - 1] = { at, from: last.from, to: Math.max(last.to, piece.to) };
      else edges.push({ at, from: piece.from, to: piece.to });
    }
    return edges;
  });
}

interface Group {
  horizontal: Edge[];
  vertical: Edge[];
}

/** Lines that touch one another belong together. */
function connected(horizontal: readonly Edge[], vertical: readonly Edge[]): Group[] {
  const parent = Array.from({ length: horizontal.length + vertical.length }, (_, at) => at);
  const root = (at: number): number => {
    let top = at;
    while (parent[top] !== top && parent[top] !== undefined) top = parent[top] ?? top;
    for (let step = at; step !== top; ) {
      const next = parent[step] ?? top;
      parent[step] = top;
      step = next;
    }
    return top;
  };
  for (const [h, flat] of horizontal.entries()) {
    for (const [v, upright] of vertical.entries()) {
      const touches =
        upright.at >= flat.from - SNAP &&
        upright.at <= flat.to + SNAP &&
        flat.at >= upright.from - SNAP &&
        flat.at <= upright.to + SNAP;
      if (touches) parent[root(h)] = root(horizontal.length + v);
    }
  }
  const groups = new Map<number, Group>();
  const groupOf = (at: number): Group => {
    const key = root(at);
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { horizontal: [], vertical: [] }));
    return group;
  };
  for (const [at, edge] of horizontal.entries()) groupOf(at).horizontal.push(edge);
  for (const [at, edge] of vertical.entries()) groupOf(horizontal.length + at).vertical.push(edge);
  return [...groups.values()].filter((group) => group.horizontal.length >= 2 && group.vertical.length >= 1);
}

function places(edges: readonly Edge[]): number[] {
  const sorted = edges.map((edge) => edge.at).toSorted((a, b) => a - b);
  return sorted.filter((at, index) => index === 0 || at - (sorted[index - 1] ?? 0) > SNAP);
}

function tableOf(horizontal: readonly Edge[], vertical: readonly Edge[], words: readonly Word[]): RuledTable | null {
  const left = Math.min(...horizontal.map((edge) => edge.from));
  const right = Math.max(...horizontal.map((edge) => edge.to));
  const ys = places(horizontal);
  // tables are often open at their sides
  const xs = withSides(places(vertical), left, right);
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  if (columns < 2 || rows < 1 || columns * rows > MAX_FIELDS || columns > MAX_COLUMNS) return null;
  const [y0, y1] = [ys[0] ?? 0, ys.at(-1) ?? 0];
  const [x0, x1] = [xs[0] ?? 0, xs.at(-1) ?? 0];
  const openSides = { left: (places(vertical)[0] ?? 0) > x0 + SNAP, right: (places(vertical).at(-1) ?? 0) < x1 - SNAP };
  const wall = (x: number, y: number): boolean =>
    vertical.some((edge) => Math.abs(edge.at - x) <= SNAP && edge.from <= y && edge.to >= y) ||
    (openSides.left && x === x0) ||
    (openSides.right && x === x1);
  const floor = (y: number, x: number): boolean =>
    horizontal.some((edge) => Math.abs(edge.at - y) <= SNAP && edge.from <= x && edge.to >= x);
  const spans = spansOf(xs, ys, wall, floor);
  const cells = spans.map((span) => ({ ...span, words: [] as Word[] }));
  const owner = new Map<string, (typeof cells)[number]>();
  for (const cell of cells) {
    for (let row = cell.row; row < cell.row + cell.rows; row += 1)
      for (let column = cell.column; column < cell.column + cell.columns; column += 1)
        owner.set(`${row} ${column}`, cell);
  }
  for (const word of words) {
    const [x, y] = [(word.x0 + word.x1) / 2, word.y - word.size * 0.3];
    if (x < x0 || x > x1 || y < y0 || y > y1) continue;
    const column = xs.findLastIndex((edge) => edge <= x);
    const row = ys.findLastIndex((edge) => edge <= y);
    owner.get(`${row} ${column}`)?.words.push(word);
  }
  const filled = cells.filter((cell) => cell.words.length > 0);
  // a lone row may be the last one of a table that goes on overleaf, with cells that hold nothing
  const isRow = filled.length === columns || (columns >= 3 && cells.length === columns);
  const isTable = filled.length >= 2 && filled.length >= cells.length * LEAST_FILLED && (rows >= 2 || isRow);
  return isTable ? { x0, x1, y0, y1, xs, rowCount: rows, cells } : null;
}

function withSides(xs: readonly number[], left: number, right: number): number[] {
  const sides = [...xs];
  if ((sides[0] ?? Number.POSITIVE_INFINITY) - left > 8) sides.unshift(left);
  if (right - (sides.at(-1) ?? Number.NEGATIVE_INFINITY) > 8) sides.push(right);
  return sides;
}

interface Span {
  readonly column: number;
  readonly row: number;
  readonly columns: number;
  readonly rows: number;
}

/** Fields of the grid without a line between them are one cell. */
function spansOf(
  xs: readonly number[],
  ys: readonly number[],
  wall: (x: number, y: number) => boolean,
  floor: (y: number, x: number) => boolean,
): Span[] {
  const middle = (edges: readonly number[], at: number): number => ((edges[at] ?? 0) + (edges[at + 1] ?? 0)) / 2;
  const taken = new Set<string>();
  const spans: Span[] = [];
  for (let row = 0; row < ys.length - 1; row += 1) {
    for (let column = 0; column < xs.length - 1; column += 1) {
      if (taken.has(`${row} ${column}`)) continue;
      let columns = 1;
      while (
        column + columns < xs.length - 1 &&
        !taken.has(`${row} ${column + columns}`) &&
        !wall(xs[column + columns] ?? 0, middle(ys, row))
      )
        columns += 1;
      let rows = 1;
      while (row + rows < ys.length - 1 && openBelow(row + rows, column, columns)) rows += 1;
      for (let down = row; down < row + rows; down += 1)
        for (let across = column; across < column + columns; across += 1) taken.add(`${down} ${across}`);
      spans.push({ column, row, columns, rows });
    }
  }
  return spans;

  /** No line above `row`, and the same walls inside it. */
  function openBelow(row: number, column: number, columns: number): boolean {
    for (let across = column; across < column + columns; across += 1) {
      if (taken.has(`${row} ${across}`) || floor(ys[row] ?? 0, middle(xs, across))) return false;
      if (across > column && wall(xs[across] ?? 0, middle(ys, row))) return false;
    }
    return wall(xs[column] ?? 0, middle(ys, row)) && wall(xs[column + columns] ?? 0, middle(ys, row));
  }
}
