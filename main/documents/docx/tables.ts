// A Word table as a grid: merged cells over the columns and rows that they cover, deleted rows gone, a title row apart.
import { childOf, childrenOf, type XmlElement } from '@genrtl/core/documents/xml.ts';
import type { DocumentBlock, TableCell, TableRow } from '@genrtl/contracts/spec-import.ts';
import { isOn, valueOf } from './styles.ts';

interface OpenCell {
  column: number;
  columns: number;
  rows: number;
  blocks: DocumentBlock[];
}

export interface TableReading {
  /** a row over the whole width above the header: the table's title */
  readonly title: readonly DocumentBlock[];
  readonly table: Extract<DocumentBlock, { type: 'table' }>;
}

/** Wrappers between a table and its rows, or a row and its cells. */
const WRAPPERS = new Set(['w:sdt', 'w:sdtContent', 'w:customXml', 'w:ins', 'w:moveTo']);
/** More columns than any table has; a hostile span is cut here. */
const MAX_COLUMNS = 200;

export interface RowsSeen {
  hidden(): void;
  /** a row or a cell that somebody added or removed */
  tracked(): void;
}

/** `read` gives the blocks of a cell; undefined for a table without cells. */
export function readTable(
  element: XmlElement,
  read: (cell: XmlElement) => DocumentBlock[],
  seen: RowsSeen,
): TableReading | undefined {
  const rows: OpenCell[][] = [];
  let marked = 0;
  /** by column: the cell that a vertical merge continues */
  let above = new Map<number, OpenCell>();
  for (const tr of unwrapped(element, 'w:tr')) {
    const trPr = childOf(tr, 'w:trPr');
    if (childOf(trPr, 'w:del') !== undefined || childOf(trPr, 'w:ins') !== undefined) seen.tracked();
    if (childOf(trPr, 'w:del') !== undefined) continue;
    if (isOn(childOf(trPr, 'w:hidden')) === true) {
      seen.hidden();
      continue;
    }
    if (isOn(childOf(trPr, 'w:tblHeader')) === true && marked === rows.length) marked += 1;
    const { cells, below } = readRow(tr, trPr, above, read, seen);
    above = below;
    rows.push(cells);
  }
  return rows.length === 0 ? undefined : shaped(rows, marked);
}

function readRow(
  tr: XmlElement,
  trPr: XmlElement | undefined,
  above: ReadonlyMap<number, OpenCell>,
  read: (cell: XmlElement) => DocumentBlock[],
  seen: RowsSeen,
): { cells: OpenCell[]; below: Map<number, OpenCell> } {
  const cells: OpenCell[] = [];
  const below = new Map<number, OpenCell>();
  let column = count(valueOf(childOf(trPr, 'w:gridBefore')), 0);
  for (const tc of unwrapped(tr, 'w:tc')) {
    if (column >= MAX_COLUMNS) break;
    const tcPr = childOf(tc, 'w:tcPr');
    const columns = Math.min(count(valueOf(childOf(tcPr, 'w:gridSpan')), 1), MAX_COLUMNS - column);
    const vertical = childOf(tcPr, 'w:vMerge');
    const continued = vertical !== undefined && valueOf(vertical) !== 'restart' ? above.get(column) : undefined;
    const beside = valueOf(childOf(tcPr, 'w:hMerge')) === 'continue' ? cells.at(-1) : undefined;
    if (beside !== undefined) beside.columns += columns;
    else if (continued !== undefined) {
      continued.rows += 1;
      below.set(column, continued);
    } else {
      const deleted = childOf(tcPr, 'w:cellDel') !== undefined;
      if (deleted || childOf(tcPr, 'w:cellIns') !== undefined) seen.tracked();
      const cell: OpenCell = { column, columns, rows: 1, blocks: deleted ? [] : read(tc) };
      cells.push(cell);
      if (vertical !== undefined) below.set(column, cell);
    }
    column += columns;
  }
  return { cells, below };
}

function unwrapped(parent: XmlElement, name: string): XmlElement[] {
  return childrenOf(parent).flatMap((child) =>
    child.name === name ? [child] : WRAPPERS.has(child.name) ? unwrapped(child, name) : [],
  );
}

function count(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text === undefined || !Number.isInteger(value) || value < 1 ? fallback : Math.min(value, MAX_COLUMNS);
}

function shaped(rows: OpenCell[][], marked: number): TableReading | undefined {
  const width = Math.max(0, ...rows.flatMap((cells) => cells.map((cell) => cell.column + cell.columns)));
  if (width === 0) return undefined;
  const title: DocumentBlock[] = [];
  let from = 0;
  const isTitle = (cells: readonly OpenCell[] | undefined): boolean =>
    width > 1 && cells?.length === 1 && cells[0]?.columns === width && cells[0].rows === 1;
  if (rows.length > 1 && isTitle(rows[0])) {
    title.push(...(rows[0]?.[0]?.blocks ?? []));
    from = 1;
  }
  const body = rows.slice(from);
  const { columns, at } = compressed(body, width);
  const table: TableRow[] = body.map((cells) => ({
    cells: cells.map((cell): TableCell => {
      const column = at(cell.column);
      return { ...cell, column, columns: Math.max(1, at(cell.column + cell.columns) - column) };
    }),
  }));
  return { title, table: { type: 'table', columns, headerRows: headerRows(body, marked - from), rows: table } };
}

/** Rows whose cells were drawn by hand differ a little in their edges; columns in which nothing begins are none. */
function compressed(rows: readonly OpenCell[][], width: number): { columns: number; at: (column: number) => number } {
  const begins = new Set(rows.flatMap((cells) => cells.map((cell) => cell.column)));
  const places: number[] = [];
  let next = 0;
  for (let column = 0; column <= width; column += 1) {
    places.push(next);
    if (begins.has(column)) next += 1;
  }
  return { columns: Math.max(1, next), at: (column) => places[Math.min(column, width)] ?? next };
}

/** What Word repeats on each page; else two rows where the first is merged over parts of the second. */
function headerRows(rows: readonly OpenCell[][], marked: number): number {
  if (marked >= 1 && marked < rows.length) return marked;
  const first = rows[0] ?? [];
  const over = first.some((cell) => cell.columns > 1 && cell.rows === 1);
  const down = first.some((cell) => cell.rows === 2);
  return rows.length > 2 && over && down ? 2 : 1;
}
