// HTML tables inside Markdown as Markdown tables: people write them for merged cells, and nothing that reads tables by
// their pipes would see them.
import sax from 'sax';
import type { DocumentBlock, Inline, InlineMark, TableCell, TableRow } from '@genrtl/contracts/spec-import.ts';
import { plainCharacters } from './characters.ts';
import { tableText } from './write-markdown.ts';

export interface TablesRewritten {
  readonly text: string;
  readonly tables: number;
  /** descriptions of pictures inside cells */
  readonly pictures: readonly string[];
}

const OPEN = /<table(?=[\s>])/gi;
/** Beyond it a table stays as it is. */
const MAX_TABLE = 2_000_000;
const MAX_SPAN = 200;

/** Code blocks stay as they are, and so does a table that never ends. */
export function withMarkdownTables(text: string): TablesRewritten {
  const parts: string[] = [];
  const pictures: string[] = [];
  let [from, tables] = [0, 0];
  const fences = fencedRanges(text);
  OPEN.lastIndex = 0;
  for (let match = OPEN.exec(text); match !== null; match = OPEN.exec(text)) {
    const start = match.index;
    if (start < from || fences.some(([a, b]) => start >= a && start < b)) continue;
    const end = tableEnd(text, start);
    if (end < 0 || end - start > MAX_TABLE) continue;
    const table = readTable(text.slice(start, end), pictures);
    if (table === null) continue;
    const before = text.slice(from, start);
    parts.push(
      before,
      before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n',
      tableText(table),
    );
    if (!/^\s*\n/.test(text.slice(end, end + 200))) parts.push('\n\n');
    from = end;
    tables += 1;
    OPEN.lastIndex = end;
  }
  return tables === 0
    ? { text, tables: 0, pictures: [] }
    : { text: parts.join('') + text.slice(from), tables, pictures };
}

/** Offsets of fenced code. */
function fencedRanges(text: string): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  let open: { mark: string; at: number } | null = null;
  let at = 0;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (open === null) open = { mark, at };
      else if (mark[0] === open.mark[0] && mark.length >= open.mark.length && line.trim() === mark) {
        ranges.push([open.at, at + line.length]);
        open = null;
      }
    }
    at += line.length + 1;
  }
  if (open !== null) ranges.push([open.at, text.length]);
  return ranges;
}

/** Behind the end tag that belongs to the table at `start`; -1 where there is none. */
function tableEnd(text: string, start: number): number {
  const tag = /<(\/?)table(?=[\s>])[^>]{0,500}>/gi;
  tag.lastIndex = start;
  let depth = 0;
  for (let match = tag.exec(text); match !== null; match = tag.exec(text)) {
    depth += match[1] === '' ? 1 : -1;
    if (depth === 0) return tag.lastIndex;
    if (depth > 20) return -1;
  }
  return -1;
}

type Table = Extract<DocumentBlock, { type: 'table' }>;

interface OpenCell {
  readonly columns: number;
  readonly rows: number;
  readonly isHead: boolean;
  readonly blocks: DocumentBlock[];
  line: Inline[];
}

interface OpenTable {
  readonly rows: { readonly cells: OpenCell[]; readonly inHead: boolean }[];
  cell: OpenCell | null;
  inHead: boolean;
}

const MARKS: Readonly<Record<string, InlineMark>> = {
  sup: 'superscript',
  sub: 'subscript',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
};
const BREAKS = new Set(['br', 'p', 'div', 'ul', 'ol', 'li', 'pre', 'dt', 'dd', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);

function readTable(html: string, pictures: string[]): Table | null {
  const open: OpenTable[] = [];
  const marks: InlineMark[] = [];
  let finished: Table | null = null;
  const current = (): OpenTable | undefined => open.at(-1);
  const endLine = (cell: OpenCell): void => {
    if (cell.line.some((run) => run.text.trim() !== '')) cell.blocks.push({ type: 'paragraph', content: cell.line });
    cell.line = [];
  };
  const endCell = (table: OpenTable | undefined): void => {
    if (table === undefined || table.cell === null) return;
    endLine(table.cell);
    table.cell = null;
    marks.length = 0;
  };
  const endTable = (): void => {
    const table = open.pop();
    endCell(table);
    if (table === undefined) return;
    const block = shaped(table);
    const outer = current()?.cell;
    if (outer === undefined || outer === null) finished = block;
    else if (block !== null) {
      endLine(outer);
      outer.blocks.push(block);
    }
  };
  const parser = sax.parser(false, { lowercase: true });
  // whatever is odd about the markup is passed over
  parser.onerror = () => {
    parser.resume();
  };
  parser.onopentag = ({ name, attributes }) => {
    const table = current();
    const given = (key: string): string => String((attributes as Record<string, unknown>)[key] ?? '');
    if (name === 'table') open.push({ rows: [], cell: null, inHead: false });
    else if (table === undefined) return;
    else if (name === 'thead') table.inHead = true;
    else if (name === 'tbody' || name === 'tfoot') table.inHead = false;
    else if (name === 'tr') {
      endCell(table);
      table.rows.push({ cells: [], inHead: table.inHead });
    } else if (name === 'td' || name === 'th') {
      endCell(table);
      if (table.rows.length === 0) table.rows.push({ cells: [], inHead: table.inHead });
      table.cell = {
        columns: span(given('colspan')),
        rows: span(given('rowspan')),
        isHead: name === 'th',
        blocks: [],
        line: [],
      };
      table.rows.at(-1)?.cells.push(table.cell);
    } else if (table.cell !== null) {
      const mark = MARKS[name];
      if (BREAKS.has(name)) endLine(table.cell);
      if (name === 'li') table.cell.line.push({ text: '- ' });
      if (mark !== undefined) marks.push(mark);
      if (name === 'img') {
        const alt = given('alt');
        pictures.push(alt);
        table.cell.line.push({ text: alt === '' ? 'picture' : `picture: ${alt}`, marks: ['picture'] });
      }
    }
  };
  parser.onclosetag = (name) => {
    const table = current();
    if (name === 'table') endTable();
    else if (name === 'td' || name === 'th' || name === 'tr') endCell(table);
    else if (name === 'thead' && table !== undefined) table.inHead = false;
    else if (table?.cell !== undefined && table.cell !== null) {
      if (MARKS[name] !== undefined) marks.pop();
      if (BREAKS.has(name) && name !== 'br') endLine(table.cell);
    }
  };
  parser.ontext = (text) => {
    const cell = current()?.cell;
    if (cell === undefined || cell === null) return;
    const flat = plainCharacters(text.replaceAll(/\s+/g, ' '));
    cell.line.push(marks.length === 0 ? { text: flat } : { text: flat, marks: [...marks] });
  };
  parser.write(html).close();
  return finished;
}

function span(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 1 ? Math.min(value, MAX_SPAN) : 1;
}

/** Cells in their columns, behind those that reach down from above. */
function shaped({ rows }: OpenTable): Table | null {
  const taken: boolean[][] = rows.map(() => []);
  const placed: TableRow[] = rows.map(({ cells }, at) => {
    let column = 0;
    return {
      cells: cells.map((cell): TableCell => {
        while (taken[at]?.[column] === true) column += 1;
        const own = { column, columns: cell.columns, rows: Math.min(cell.rows, rows.length - at), blocks: cell.blocks };
        for (let down = at; down < at + own.rows; down += 1)
          for (let across = column; across < column + cell.columns; across += 1) (taken[down] ??= [])[across] = true;
        column += cell.columns;
        return own;
      }),
    };
  });
  const columns = Math.max(0, ...taken.map((row) => row.length));
  if (columns === 0) return null;
  const heads = rows.findIndex((row) => !row.inHead && !row.cells.every((cell) => cell.isHead));
  return { type: 'table', columns, headerRows: Math.max(1, heads < 0 ? 1 : heads), rows: placed };
}
