// Blocks of a document as Markdown: tables as pipe tables with every value in its column, nothing escaped that a name
// or an expression may hold.
import type { DocumentBlock, Inline, TableRow } from '@genrtl/contracts/spec-import.ts';
import { lowered, raised } from './characters.ts';

type Table = Extract<DocumentBlock, { type: 'table' }>;

/** Pure; ends with one line break unless it is empty. */
export function writeMarkdown(blocks: readonly DocumentBlock[]): string {
  const parts: string[] = [];
  let before: DocumentBlock | undefined;
  for (const block of blocks) {
    const text = blockText(block);
    if (text === '') continue;
    if (before !== undefined) parts.push(isTight(before, block) ? '\n' : '\n\n');
    parts.push(text);
    before = block;
  }
  return parts.length === 0 ? '' : `${parts.join('')}\n`;
}

/**
 * Items of a list, footnotes and the pasted lines of a Markdown table follow one another without a blank line, and so
 * does what stands below the heading of a section: as a person types a structured specification.
 */
function isTight(before: DocumentBlock, block: DocumentBlock): boolean {
  if (before.type === 'heading') return before.level > 1 && block.type !== 'heading' && block.type !== 'page';
  if (before.type === 'item' && block.type === 'item') return true;
  if (before.type === 'footnote' && block.type === 'footnote') return true;
  return isPastedRow(before) && isPastedRow(block);
}

/** A paragraph that is a row of a Markdown table already: somebody pasted one into a document. */
function isPastedRow(block: DocumentBlock): boolean {
  return block.type === 'paragraph' && (block.content[0]?.text.trimStart().startsWith('|') ?? false);
}

function blockText(block: DocumentBlock): string {
  switch (block.type) {
    case 'heading': {
      const text = inlineText(block.content, 'heading').replaceAll('\n', ' ').trim();
      return text === '' ? '' : `${'#'.repeat(block.level)} ${text}`;
    }
    case 'paragraph':
      return paragraphLines(inlineText(block.content, 'paragraph'));
    case 'item': {
      const text = inlineText(block.content, 'paragraph').trim();
      const indent = '   '.repeat(block.level);
      return `${indent}${block.marker} ${text.replaceAll('\n', `\n${indent}  `)}`.trimEnd();
    }
    case 'code':
      return codeText(block.text);
    case 'table':
      return tableText(block);
    case 'footnote':
      return `[^${block.label}]: ${inlineText(block.content, 'paragraph').replaceAll('\n', ' ').trim()}`;
    case 'page':
      return `<!-- page ${block.page} -->`;
  }
}

/** Lines that would start something else in Markdown than what they are in the document. */
function paragraphLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (/^(```|~~~|<!--|#{1,6} )/.test(line) ? `\\${line}` : line))
    .join('\n');
}

function codeText(text: string): string {
  const body = text.replace(/\n+$/, '');
  if (body.trim() === '') return '';
  const fence = '`'.repeat(Math.max(3, ...[...body.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  return `${fence}\n${body}\n${fence}`;
}

/** Emphasis is kept in running text only: in cells and headings it says that a cell is a head. */
export function inlineText(content: readonly Inline[], where: 'paragraph' | 'heading' | 'cell'): string {
  let text = '';
  let wasStruck = false;
  for (const run of joinRuns(content)) {
    const marks = run.marks ?? [];
    let piece = run.text;
    if (marks.includes('picture')) piece = `[${piece}]`;
    if (marks.includes('superscript')) piece = isOrdinal(text, piece) ? piece : raised(piece);
    if (marks.includes('subscript')) piece = lowered(piece);
    if (marks.includes('bold') && where === 'paragraph' && !/[*\n]/.test(piece)) piece = wrapped(piece, '**');
    const isStruck = marks.includes('strike') && piece.trim() !== '';
    if (isStruck)
      piece = piece
        .split('\n')
        .map((line) => wrapped(line, '~~'))
        .join('\n');
    // the marks are marks only where no word goes on behind them
    if ((wasStruck && /^[\w(~]/.test(piece)) || (isStruck && piece.startsWith('~') && /[\w)\]~]$/.test(text)))
      text += ' ';
    wasStruck = isStruck && piece.endsWith('~');
    text += piece;
  }
  return text;
}

/** `1st`, `2nd`: the raised letters are no exponent. */
function isOrdinal(before: string, piece: string): boolean {
  return /\d$/.test(before) && /^(st|nd|rd|th)\s*$/i.test(piece);
}

/** Marks stand at the text, blanks outside of them. */
function wrapped(text: string, mark: string): string {
  const inner = text.trim();
  if (inner === '' || (mark === '**' && !/[\p{L}\p{N}]/u.test(inner))) return text;
  const start = text.indexOf(inner);
  return `${text.slice(0, start)}${mark}${inner}${mark}${text.slice(start + inner.length)}`;
}

/** Word cuts a word into runs for reasons of its own; neighbours with equal marks are one. */
export function joinRuns(content: readonly Inline[]): Inline[] {
  const joined: Inline[] = [];
  for (const run of content) {
    if (run.text === '') continue;
    const last = joined.at(-1);
    if (last !== undefined && !run.marks?.includes('picture') && sameMarks(last, run))
      joined[joined.length - 1] = { ...last, text: last.text + run.text };
    else joined.push(run);
  }
  return joined;
}

function sameMarks(a: Inline, b: Inline): boolean {
  const [of, to] = [a.marks ?? [], b.marks ?? []];
  return of.length === to.length && of.every((mark) => to.includes(mark));
}

/**
 * A merged cell is repeated down the rows that it covers, so that every row says what it is of; across columns its text
 * stands once, in the first of them. Several header rows become one, top to bottom in each column.
 */
export function tableText(table: Table): string {
  const grid = gridOf(table);
  const kept = grid.filter((row, at) => at < table.headerRows || row.some((cell) => cell !== ''));
  const header = headerOf(table, kept.slice(0, table.headerRows));
  const rows = kept.slice(table.headerRows);
  if (header.every((cell) => cell === '') && rows.length === 0) return '';
  return pipeTable(header, rows);
}

/** Cells are Markdown already. */
export function pipeTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`.replaceAll(/ {2,}\|/g, ' |');
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}

/** The text of each column in each row; a cell over several rows fills all of them. */
function gridOf(table: Table): string[][] {
  const grid = table.rows.map(() => Array<string>(table.columns).fill(''));
  for (const [at, row] of table.rows.entries()) {
    for (const cell of row.cells) {
      const text = cellMarkdown(cell.blocks);
      for (let down = at; down < Math.min(grid.length, at + cell.rows); down += 1) {
        const target = grid[down];
        if (target !== undefined && cell.column < target.length) target[cell.column] = text;
      }
    }
  }
  return grid;
}

function headerOf(table: Table, rows: readonly string[][]): string[] {
  if (rows.length === 1) return rows[0] ?? [];
  const parts = Array.from({ length: table.columns }, (): string[] => []);
  for (const row of table.rows.slice(0, table.headerRows)) {
    for (const cell of row.cells) {
      const text = cellMarkdown(cell.blocks);
      for (let column = cell.column; column < cell.column + cell.columns; column += 1) {
        const target = parts[column];
        if (text !== '' && target !== undefined && !target.includes(text)) target.push(text);
      }
    }
  }
  return parts.map((texts) => texts.join(' '));
}

/** Paragraphs of a cell stand behind one another with `<br>`; a table inside it is one line a row. */
export function cellMarkdown(blocks: readonly DocumentBlock[]): string {
  const lines = blocks.flatMap((block) => cellLines(block));
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(escapeCell)
    .join('<br>');
}

function cellLines(block: DocumentBlock): string[] {
  switch (block.type) {
    case 'heading':
    case 'paragraph':
      return inlineText(block.content, 'cell').split('\n');
    case 'item':
      return `${block.marker} ${inlineText(block.content, 'cell')}`.split('\n');
    case 'code':
      return block.text.split('\n');
    case 'footnote':
      return [`[^${block.label}]: ${inlineText(block.content, 'cell')}`];
    case 'table':
      return block.rows.map(innerRow);
    case 'page':
      return [];
  }
}

function innerRow(row: TableRow): string {
  return row.cells
    .map((cell) => cell.blocks.flatMap(cellLines).join(' ').trim())
    .filter((text) => text !== '')
    .join('; ');
}

/** Only what would end the cell or be read back as something else. */
export function escapeCell(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\\(?=[!-/:-@[-`{-~])/g, '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/&(?=(?:lt|gt|amp|quot|nbsp|vert|verbar|#124);)/g, '&amp;')
    .replaceAll(/<(?=br ?\/?>)/g, '&lt;');
}
