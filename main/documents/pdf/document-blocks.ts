// The pages' parts as one document: headings by size, paragraphs and tables over page breaks, lists, listings, contents
// pages left out.
import type { DocumentBlock, Inline, TableRow } from '@genrtl/contracts/spec-import.ts';
import { lowered, raised } from '@genrtl/core/documents/characters.ts';
import type { NoteList } from '@genrtl/core/documents/note-list.ts';
import { cellMarkdown } from '@genrtl/core/documents/write-markdown.ts';
import type { LaidTable, PageLayout, PagePart } from './page-layout.ts';
import { appendLine, hyphenatedWords, isBroken, type TextLine } from './paragraphs.ts';

interface OpenText {
  kind: 'paragraph' | 'heading' | 'item' | 'code';
  content: Inline[];
  last: TextLine;
  marker: string;
  level: number;
  page: number;
  /** code: the left edge of the listing's first line */
  left: number;
  lines: string[];
}

interface OpenTable {
  table: LaidTable;
  rows: TableRow[];
  page: number;
}

type Built =
  | { readonly kind: 'text'; readonly text: OpenText }
  | { readonly kind: 'table'; readonly table: OpenTable }
  | { readonly kind: 'page'; readonly page: number };

/** Heights: how much larger than the text a heading is set. */
const HEADING_SIZE = 1.12;
const MAX_HEADING = 160;
const BULLET = /^([•●▪■◦○‣∙·➢✓\uf0b7])\s*|^([-–*])\s+/;
const NUMBERED = /^(\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+(?=\S)/;

/** `title` is what the file calls itself, for documents whose text has none of its own. */
export function assemble(pages: readonly PageLayout[], notes: NoteList, title: string): DocumentBlock[] {
  const lines = pages.flatMap((page) => page.parts.flatMap((part) => (part.kind === 'line' ? [part.line] : [])));
  const body = bodySize(lines, pages);
  const assembler = new Assembler(body, hyphenatedWords(lines), notes);
  for (const page of pages) assembler.page(page, pages.length > 1);
  return withLevels(assembler.finish(), title);
}

/** The size that most letters have. */
function bodySize(lines: readonly TextLine[], pages: readonly PageLayout[]): number {
  const letters = new Map<number, number>();
  for (const line of lines) {
    const size = Math.round(line.size * 2) / 2;
    letters.set(size, (letters.get(size) ?? 0) + line.text.length);
  }
  let [best, most] = [0, 0];
  for (const [size, count] of letters) if (count > most) [best, most] = [size, count];
  return pages.length === 0 || best === 0 ? 10 : best;
}

class Assembler {
  readonly #body: number;
  readonly #words: ReadonlySet<string>;
  readonly #notes: NoteList;
  readonly #built: Built[] = [];
  #open: OpenText | OpenTable | null = null;
  /** page numbers to be set after what runs over the page break */
  #pending: number | null = null;
  #page = 1;

  constructor(body: number, words: ReadonlySet<string>, notes: NoteList) {
    this.#body = body;
    this.#words = words;
    this.#notes = notes;
  }

  page({ page, parts, rotated }: PageLayout, anchored: boolean): void {
    this.#page = page;
    if (anchored) this.#pending = page;
    const kept = withoutContents(parts);
    if (kept.length < parts.length) this.#notes.add('contents', {}, { page });
    for (const [at, part] of kept.entries()) {
      if (part.kind === 'line') this.#line(part.line, at === 0);
      else this.#table(part.table, at === 0);
    }
    if (kept.length === 0) this.#anchor();
    if (rotated.length > 0) {
      const text = rotated.join(' ');
      this.#notes.add('rotatedText', { text }, { page });
      this.#close();
      this.#built.push({ kind: 'text', text: plainText(text, page) });
    }
  }

  finish(): Built[] {
    this.#close();
    this.#anchor();
    return this.#built;
  }

  /** What was open ends; the page that began meanwhile is marked. */
  #close(): void {
    const open = this.#open;
    this.#open = null;
    if (open !== null) this.#built.push('rows' in open ? { kind: 'table', table: open } : { kind: 'text', text: open });
    this.#anchor();
  }

  #anchor(): void {
    if (this.#pending !== null) this.#built.push({ kind: 'page', page: this.#pending });
    this.#pending = null;
  }

  #table(table: LaidTable, first: boolean): void {
    const open = this.#open;
    const columns = first && open !== null && 'rows' in open ? sameColumns(open.table, table.xs, table.ruled) : null;
    if (columns !== null && open !== null && 'rows' in open) {
      const rows = table.rows.map((row) => ({
        cells: row.cells.map((cell) => ({ ...cell, column: columns[cell.column] ?? cell.column })),
      }));
      open.rows.push(...(repeatsHeader(open.rows, rows) ? rows.slice(1) : rows));
      return;
    }
    if (table.guessed) this.#notes.add('tableByPosition', {}, { page: this.#page });
    this.#close();
    this.#open = { table, rows: [...table.rows], page: this.#page };
  }

  #line(line: TextLine, first: boolean): void {
    const open = this.#open;
    const kind = this.#kindOf(line);
    if (first && open !== null && 'rows' in open && line.pieces.length > 1) {
      const columns = sameColumns(
        open.table,
        line.pieces.map((piece) => piece.x0),
        false,
      );
      if (columns !== null) {
        open.rows.push({
          cells: line.pieces.map(({ content }, at) => ({
            column: columns[at] ?? at,
            columns: 1,
            rows: 1,
            blocks: [{ type: 'paragraph', content }],
          })),
        });
        return;
      }
    }
    if (open !== null && !('rows' in open) && this.#goesOn(open, line, kind, first)) {
      if (open.kind === 'code') open.lines.push(indented(line, open.left));
      else if (open.kind === 'heading') {
        open.content.push({ text: ' ' }, ...line.content);
      } else appendLine(open.content, open.last, line, this.#words);
      open.last = line;
      return;
    }
    this.#close();
    const bullet = BULLET.exec(line.text);
    const marker = kind === 'item' ? (bullet === null ? (NUMBERED.exec(line.text)?.[1] ?? '-') : '-') : '';
    const drop = kind === 'item' ? ((bullet ?? NUMBERED.exec(line.text))?.[0].length ?? 0) : 0;
    this.#open = {
      kind,
      content: withoutStart(line.content, drop),
      last: line,
      marker,
      level: kind === 'item' ? Math.min(5, Math.max(0, Math.round((line.x0 - line.left) / (2 * line.size)))) : 0,
      page: this.#page,
      left: line.x0,
      lines: [indented(line, line.x0)],
    };
  }

  #kindOf(line: TextLine): OpenText['kind'] {
    // every font of Chinese has letters of one width
    if (line.monospaced && !isMostlyCjk(line.text)) return 'code';
    if (BULLET.test(line.text)) return 'item';
    const short = line.text.length <= MAX_HEADING && !/[.;,]$/.test(line.text.trim());
    if (short && line.size >= this.#body * HEADING_SIZE) return 'heading';
    if (short && line.bold && line.size >= this.#body * 0.98 && line.text.length <= 90) return 'heading';
    return NUMBERED.test(line.text) ? 'item' : 'paragraph';
  }

  #goesOn(open: OpenText, line: TextLine, kind: OpenText['kind'], first: boolean): boolean {
    // a raised number at its start: another footnote
    if (line.content[0]?.marks?.includes('superscript') === true) return false;
    const distance = line.y - open.last.y;
    const sameSize = Math.abs(line.size - open.last.size) <= 0.12 * line.size;
    if (first) return runsOverleaf(open, line, kind, sameSize);
    // above the last line: the next column
    const column = distance <= 0;
    if (column) return runsOverleaf(open, line, kind, sameSize);
    if (open.kind === 'code') return kind === 'code' && distance < 3 * line.size;
    if (open.kind === 'heading')
      return (
        kind === 'heading' &&
        sameSize &&
        open.last.bold === line.bold &&
        distance < 1.9 * line.size &&
        !isNumberedHeading(line.text)
      );
    if (kind === 'heading' || kind === 'item' || kind === 'code') return false;
    if (!sameSize || distance > 1.75 * line.size) return false;
    // an indented first line begins a paragraph
    return open.kind === 'item' || line.x0 - open.last.x0 < 1.2 * line.size || isBroken(open.last, line);
  }
}

/** A sentence that goes on in the next column or on the next page. */
function runsOverleaf(open: OpenText, line: TextLine, kind: OpenText['kind'], sameSize: boolean): boolean {
  if (open.kind === 'code') return kind === 'code';
  if (kind !== 'paragraph' || (open.kind !== 'paragraph' && open.kind !== 'item') || !sameSize) return false;
  return (
    !/[.:;!?。：；！？]\s*$/.test(open.last.text) &&
    /^[\p{Ll}\d(]|^\p{Lo}/u.test(line.text) &&
    !isBroken(open.last, line)
  );
}

const isMostlyCjk = (text: string): boolean =>
  2 * (text.match(/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef\u3000-\u30ff]/g)?.length ?? 0) >
  text.replaceAll(' ', '').length;

const isNumberedHeading = (text: string): boolean => /^\d+(\.\d+)*\.?\s+\S/.test(text);

function plainText(text: string, page: number): OpenText {
  const last: TextLine = {
    content: [],
    text,
    x0: 0,
    x1: 0,
    y: 0,
    size: 0,
    bold: false,
    monospaced: false,
    firstWord: 0,
    left: 0,
    right: 0,
    pieces: [],
  };
  return { kind: 'paragraph', content: [{ text }], last, marker: '', level: 0, page, left: 0, lines: [] };
}

/** Blanks of a listing from its place: letters of such fonts are 0.6 heights wide. */
function indented(line: TextLine, left: number): string {
  const columns = Math.max(0, Math.min(120, Math.round((line.x0 - left) / (0.6 * line.size))));
  // exponents keep their mark also where every letter is as wide as the others
  const text = line.content
    .map((run) => {
      if (run.marks?.includes('superscript') === true) return raised(run.text);
      return run.marks?.includes('subscript') === true ? lowered(run.text) : run.text;
    })
    .join('');
  return `${' '.repeat(columns)}${text}`;
}

function withoutStart(content: readonly Inline[], length: number): Inline[] {
  const rest: Inline[] = [];
  let drop = length;
  for (const run of content) {
    const text = run.text.slice(Math.min(drop, run.text.length));
    drop -= run.text.length - text.length;
    if (text !== '') rest.push({ ...run, text });
  }
  return rest;
}

/** The columns of `above` in which columns with these left edges go on overleaf; null where they do not. */
function sameColumns(above: LaidTable, xs: readonly number[], ruled: boolean): number[] | null {
  if (above.ruled !== ruled || (ruled && above.xs.length !== xs.length)) return null;
  const columns = xs.map((x) => above.xs.findIndex((other) => Math.abs(x - other) < (ruled ? 4 : 12)));
  const rising = columns.every((column, at) => column >= 0 && (at === 0 || column > (columns[at - 1] ?? -1)));
  return rising ? columns : null;
}

function repeatsHeader(above: readonly TableRow[], below: readonly TableRow[]): boolean {
  const text = (row: TableRow | undefined): string =>
    (row?.cells ?? []).map((cell) => cellMarkdown(cell.blocks)).join('|');
  return above[0] !== undefined && text(above[0]) === text(below[0]);
}

const LEADER = /(?:\.\s?){4,}\s*(?:\d{1,4}|[ivxlc]{1,7})\s*$|…{2,}\s*\d{1,4}\s*$/;
const CONTENTS = /^(table of contents|contents|list of (figures|tables)|目\s*录|目\s*次|图目录|表目录)$/i;

/** Lines with a row of dots and a page number, and the heading above them. */
function withoutContents(parts: readonly PagePart[]): PagePart[] {
  const leaders = parts.filter((part) => part.kind === 'line' && LEADER.test(part.line.text)).length;
  const headed = parts.findIndex((part) => part.kind === 'line' && CONTENTS.test(part.line.text.trim()));
  if (leaders < 3 && !(headed >= 0 && endsInNumbers(parts.slice(headed + 1)))) return [...parts];
  const plain = leaders < 3;
  return parts.filter((part, at) => {
    if (part.kind === 'table') return !(plain && at > headed);
    const text = part.line.text.trim();
    if (CONTENTS.test(text) || LEADER.test(text)) return false;
    return !(plain && headed >= 0 && at > headed && /\d$/.test(text));
  });
}

/** Contents without dots: below the heading most lines end in a number that does not fall. */
function endsInNumbers(parts: readonly PagePart[]): boolean {
  const numbers = parts.flatMap((part) => {
    if (part.kind === 'table')
      return part.table.rows.map((row) =>
        Number(/(\d{1,4})$/.exec(cellMarkdown(row.cells.at(-1)?.blocks ?? []))?.[1] ?? Number.NaN),
      );
    return [Number(/\s(\d{1,4})$/.exec(part.line.text.trim())?.[1] ?? Number.NaN)];
  });
  const known = numbers.filter((number) => !Number.isNaN(number));
  return (
    known.length >= 4 &&
    known.length >= numbers.length * 0.8 &&
    known.every((number, at) => at === 0 || number >= (known[at - 1] ?? 0))
  );
}

type HeadingText = OpenText & { kind: 'heading' };

const isHeading = (part: Built): part is { kind: 'text'; text: HeadingText } =>
  part.kind === 'text' && part.text.kind === 'heading';
const textOf = (text: OpenText): string =>
  text.content
    .map((run) => run.text)
    .join('')
    .trim();
const styleOf = ({ last }: OpenText): number => Math.round(last.size * 2) / 2 + (last.bold ? 0.2 : 0);

/** `3` or `Chapter 3` alone on its line, and the chapter's name below it. */
function withChapterNumbers(built: readonly Built[]): Built[] {
  const joined: Built[] = [];
  for (let at = 0; at < built.length; at += 1) {
    const [part, next] = [built[at], built[at + 1]];
    if (part === undefined) continue;
    const isNumber = isHeading(part) && /^(chapter\s+)?(\d{1,2}|[A-Z])\.?$/i.test(textOf(part.text));
    if (isNumber && next !== undefined && isHeading(next) && next.text.page === part.text.page) {
      const content = [{ text: `${textOf(part.text)} ` }, ...next.text.content];
      joined.push({ kind: 'text', text: { ...next.text, content } });
      at += 1;
    } else joined.push(part);
  }
  return joined;
}

/** Depth of `2.1.3`: 3; 0 for a heading without a number. */
function numberDepth(text: string): number {
  const number = /^(\d{1,2}(?:\.\d{1,2})*)\.?\s+\S/.exec(text)?.[1];
  return number === undefined ? 0 : number.split('.').length;
}

/**
 * A single heading of the largest size that comes first is the title. Numbered headings are as deep as their numbers,
 * the others as the numbered ones of their style, or by size.
 */
function levelsOf(headings: readonly HeadingText[]): { level: (heading: HeadingText) => number; titled: boolean } {
  const styles = [...new Set(headings.map(styleOf))].toSorted((a, b) => b - a);
  const largest = headings.filter((heading) => styleOf(heading) === styles[0]);
  const titled = largest.length === 1 && largest[0] === headings[0];
  const numbered = headings.filter((heading) => numberDepth(textOf(heading)) > 0 && heading !== headings[0]).length;
  const byStyle = new Map<number, number>();
  let before = 1;
  for (const [at, style] of styles.entries()) {
    if (at === 0 && titled) {
      byStyle.set(style, 1);
      continue;
    }
    const depths = headings
      .filter((heading) => styleOf(heading) === style)
      .map((heading) => numberDepth(textOf(heading)))
      .filter((depth) => depth > 0);
    const level = numbered >= 3 && depths.length > 0 ? Math.min(...depths) + 1 : before + 1;
    byStyle.set(style, Math.min(6, level));
    before = Math.min(6, Math.max(before, level));
  }
  const level = (heading: HeadingText): number => {
    const depth = numberDepth(textOf(heading));
    if (titled && heading === headings[0]) return 1;
    return Math.min(6, numbered >= 3 && depth > 0 ? depth + 1 : (byStyle.get(styleOf(heading)) ?? 6));
  };
  return { level, titled };
}

function withLevels(parts: readonly Built[], title: string): DocumentBlock[] {
  const built = withChapterNumbers(parts);
  const headings = built.filter(isHeading).map(({ text }) => text);
  const { level, titled } = levelsOf(headings);
  const blocks = built.map((part): DocumentBlock => {
    if (part.kind === 'page') return { type: 'page', page: part.page };
    if (part.kind === 'table')
      return {
        type: 'table',
        columns: part.table.table.columns,
        headerRows: headerRows(part.table),
        rows: part.table.rows,
      };
    const { text } = part;
    if (isHeading(part)) return { type: 'heading', level: level(part.text), content: text.content };
    if (text.kind === 'item') return { type: 'item', level: text.level, marker: text.marker, content: text.content };
    if (text.kind === 'code' && isListing(text.lines)) return { type: 'code', text: text.lines.join('\n') };
    const isLines = text.kind === 'code' && text.lines.length > 1;
    const content = isLines ? [{ text: text.lines.map((line) => line.trim()).join('\n') }] : text.content;
    return { type: 'paragraph', content };
  });
  if (titled || headings.length === 0 || title === '') return blocks;
  return [{ type: 'heading', level: 1, content: [{ text: title }] }, ...blocks];
}

/** A lone monospaced line is a name in the text, unless it is a statement. */
function isListing(lines: readonly string[]): boolean {
  return (lines.length > 1 && !lines.every((line) => line.trim().startsWith('|'))) || /[;{}]\s*$/.test(lines[0] ?? '');
}

/** Two header rows where the first spans parts of the second. */
function headerRows({ rows }: OpenTable): number {
  const first = rows[0]?.cells ?? [];
  const over = first.some((cell) => cell.columns > 1 && cell.rows === 1);
  const down = first.some((cell) => cell.rows === 2);
  return rows.length > 2 && over && down ? 2 : 1;
}
