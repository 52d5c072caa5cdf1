// Reads Markdown line by line: headings, tables and loose text, each with its line number.
// Linear in the length of the text; knows fences, comments, CRLF and escaped pipes, and nothing of specs.

import { lowered, plainCharacters, raised } from '../documents/characters.ts';

/** One table row; `cells` has at least as many entries as the header. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** non-blank cells beyond the header's columns, e.g. after an unescaped `|` */
  readonly overflow: boolean;
}
export interface Table {
  readonly line: number;
  /** the nearest headings above, of any level, outermost first */
  readonly headings: readonly string[];
  readonly header: readonly string[];
  readonly rows: readonly TableRow[];
}
export interface TextLine {
  readonly line: number;
  readonly text: string;
}
/** A fenced block; `line` is that of its first line of code. */
export interface CodeBlock {
  readonly line: number;
  /** the word after the fence in lower case, e.g. `verilog` */
  readonly language: string;
  readonly text: string;
}
/** What stands below one heading of level 1 or 2; deeper headings belong to their section. */
export interface Section {
  readonly level: 0 | 1 | 2;
  readonly heading: string;
  readonly line: number;
  readonly tables: readonly Table[];
  readonly code: readonly CodeBlock[];
  readonly text: readonly TextLine[];
  /** lines that look like table rows but belong to no table */
  readonly strayRows: readonly number[];
}

interface OpenSection {
  level: 0 | 1 | 2;
  heading: string;
  line: number;
  tables: Table[];
  code: CodeBlock[];
  text: TextLine[];
  strayRows: number[];
}

/** Splits a document into its sections; the first one (level 0) is what precedes every heading. */
export function readMarkdown(text: string): Section[] {
  const lines = splitLines(text);
  const sections: OpenSection[] = [{ level: 0, heading: '', line: 1, tables: [], code: [], text: [], strayRows: [] }];
  let current = sections[0] as OpenSection;
  const headings: string[] = [];
  const open = (level: 1 | 2, heading: string, line: number): void => {
    current = { level, heading, line, tables: [], code: [], text: [], strayRows: [] };
    sections.push(current);
  };
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const skipped = skipBlock(lines, index);
    if (skipped > index) {
      const block = codeBlock(lines, index, skipped);
      if (block) current.code.push(block);
      index = skipped - 1;
      continue;
    }
    const indent = indentation(line);
    const trimmed = line.trim();
    if (trimmed === '' || indent > 3) continue;
    const heading = atxHeading(trimmed);
    if (heading) {
      headings.length = Math.min(headings.length, heading.level - 1);
      while (headings.length < heading.level - 1) headings.push('');
      headings.push(heading.text);
      if (heading.level <= 2) open(heading.level as 1 | 2, heading.text, index + 1);
      continue;
    }
    const columns = tableColumns(lines, index);
    if (columns) {
      const end = tableEnd(lines, index + 2);
      current.tables.push({
        line: index + 1,
        headings: headings.filter((text) => text !== ''),
        header: columns,
        rows: readTableRows(lines, index + 2, end, columns.length),
      });
      index = end - 1;
      continue;
    }
    const underline = setextLevel(lines[index + 1]);
    if (underline && !trimmed.includes('|') && !isListItem(trimmed)) {
      if (underline === 2 && headings.length === 0) headings.push('');
      headings.splice(underline - 1, headings.length, plainText(trimmed));
      open(underline, plainText(trimmed), index + 1);
      index += 1;
      continue;
    }
    if (trimmed.startsWith('|')) current.strayRows.push(index + 1);
    else current.text.push({ line: index + 1, text: trimmed });
  }
  return sections;
}

function splitLines(text: string): string[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return body.includes('\r') ? body.split(/\r\n|\n|\r/) : body.split('\n');
}

function indentation(line: string): number {
  let width = 0;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (character === ' ') width += 1;
    else if (character === '\t') width += 4;
    else break;
    if (width > 3) break;
  }
  return width;
}

/** The line after a fenced code block or an HTML comment that starts at `start`; `start` itself when there is none. */
function skipBlock(lines: readonly string[], start: number): number {
  const first = (lines[start] ?? '').trimStart();
  if (first.startsWith('<!--')) {
    if (first.includes('-->')) return start + 1;
    for (let index = start + 1; index < lines.length; index += 1) {
      if (lines[index]?.includes('-->')) return index + 1;
    }
    return lines.length;
  }
  const mark = first[0];
  if (mark !== '`' && mark !== '~') return start;
  const length = runLength(first, mark);
  if (length < 3 || (mark === '`' && first.includes('`', length))) return start;
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim();
    if (line.startsWith(mark) && runLength(line, mark) >= length && runLength(line, mark) === line.length)
      return index + 1;
  }
  return lines.length;
}

/** The code between the fences at `start` and before `end`; undefined for a comment. */
function codeBlock(lines: readonly string[], start: number, end: number): CodeBlock | undefined {
  const fence = (lines[start] ?? '').trim();
  if (fence.startsWith('<')) return undefined;
  const closed = end - 1 > start && isFence((lines[end - 1] ?? '').trim(), fence[0] ?? '');
  const language =
    fence
      .slice(runLength(fence, fence[0] ?? ''))
      .trim()
      .split(/[^\w+-]/, 1)[0] ?? '';
  return {
    line: start + 2,
    language: language.toLowerCase(),
    text: lines.slice(start + 1, closed ? end - 1 : end).join('\n'),
  };
}

function isFence(trimmed: string, mark: string): boolean {
  return trimmed.length >= 3 && runLength(trimmed, mark) === trimmed.length;
}

function runLength(text: string, mark: string): number {
  let length = 0;
  while (text[length] === mark) length += 1;
  return length;
}

function atxHeading(trimmed: string): { level: number; text: string } | undefined {
  const level = runLength(trimmed, '#');
  if (level === 0 || level > 6) return undefined;
  const next = trimmed[level];
  if (next !== undefined && next !== ' ' && next !== '\t') return undefined;
  let text = trimmed.slice(level).trim();
  let end = text.length;
  while (end > 0 && text[end - 1] === '#') end -= 1;
  if (end < text.length && (end === 0 || text[end - 1] === ' ')) text = text.slice(0, end).trimEnd();
  return { level, text: plainText(text) };
}

function setextLevel(line: string | undefined): 1 | 2 | undefined {
  if (line === undefined || indentation(line) > 3) return undefined;
  const trimmed = line.trim();
  if (trimmed === '') return undefined;
  if (runLength(trimmed, '=') === trimmed.length) return 1;
  return runLength(trimmed, '-') === trimmed.length ? 2 : undefined;
}

function isListItem(trimmed: string): boolean {
  return trimmed.startsWith('- ') || trimmed.startsWith('* ') || trimmed.startsWith('+ ') || trimmed.startsWith('>');
}

/** The header's cells when line `at` and the delimiter row below it start a table. */
function tableColumns(lines: readonly string[], at: number): string[] | undefined {
  const header = lines[at] ?? '';
  const below = lines[at + 1];
  if (!header.includes('|') || below === undefined || indentation(below) > 3) return undefined;
  const delimiter = below.trim();
  for (const character of delimiter) {
    if (character !== '|' && character !== '-' && character !== ':' && character !== ' ' && character !== '\t')
      return undefined;
  }
  if (!delimiter.includes('-')) return undefined;
  const marks = splitRow(delimiter);
  const cells = splitRow(header.trim());
  if (marks.length !== cells.length || !marks.every(isDelimiterCell)) return undefined;
  return cells.map(cellText);
}

function isDelimiterCell(cell: string): boolean {
  const from = cell.startsWith(':') ? 1 : 0;
  const to = cell.length > from && cell.endsWith(':') ? cell.length - 1 : cell.length;
  return to > from && runLength(cell.slice(from, to), '-') === to - from;
}

function tableEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length) {
    const trimmed = (lines[end] ?? '').trim();
    if (!trimmed.includes('|') || (trimmed[0] !== '|' && (atxHeading(trimmed) || skipBlock(lines, end) > end))) break;
    end += 1;
  }
  return end;
}

function readTableRows(lines: readonly string[], from: number, end: number, columns: number): TableRow[] {
  const rows: TableRow[] = [];
  for (let index = from; index < end; index += 1) {
    const cells = splitRow((lines[index] ?? '').trim()).map(cellText);
    const overflow = cells.slice(columns).some((cell) => cell !== '');
    while (cells.length < columns) cells.push('');
    rows.push({ line: index + 1, cells, overflow });
  }
  return rows;
}

/** Cuts a row at its unescaped pipes; `\|` stays as it is for cellText. */
function splitRow(trimmed: string): string[] {
  const cells: string[] = [];
  let from = trimmed.startsWith('|') ? 1 : 0;
  for (let at = from; at < trimmed.length; at += 1) {
    if (trimmed[at] !== '|' || trimmed[at - 1] === '\\') continue;
    cells.push(trimmed.slice(from, at).trim());
    from = at + 1;
  }
  if (from < trimmed.length) cells.push(trimmed.slice(from).trim());
  return cells;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&#124;': '|',
  '&vert;': '|',
  '&verbar;': '|',
};

/**
 * The text of a cell as a reader sees it: pipes and punctuation unescaped, code marks, bold and struck text removed.
 */
export function cellText(raw: string): string {
  let text = withoutStruck(withoutTags(raw.replaceAll('\\|', '|')));
  if (text.includes('[^')) text = text.replace(FOOTNOTE, '');
  // what a document of another kind would be read as: full-width digits, the minus sign of a word processor
  text = plainCharacters(text);
  if (text.includes('`')) return text.replaceAll('`', '').trim();
  if (text.includes('\\')) text = text.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  if (text.includes('&')) text = text.replace(/&(?:[a-z]{2,6}|#124);/g, (entity) => ENTITIES[entity] ?? entity);
  if (text.includes('<br')) text = text.replace(/<br ?\/?>/g, ' ');
  return plainText(text);
}

const STRUCK_TAG = /<(s|del|strike)>.{0,2000}?<\/\1>/gi;
const RAISED_TAG = /<sup>(.{0,200}?)<\/sup>/gi;
const LOWERED_TAG = /<sub>(.{0,200}?)<\/sub>/gi;
const EMPHASIS_TAG = /<(b|i|u|em|strong|code|ins|mark|span)>(.{0,2000}?)<\/\1>/gi;

/** The few tags that people write in Markdown, as Markdown says it; anything else with `<` may be a comparison. */
function withoutTags(text: string): string {
  if (!text.includes('</')) return text;
  return text
    .replace(STRUCK_TAG, '')
    .replace(RAISED_TAG, (_tag, inner: string) => raised(inner))
    .replace(LOWERED_TAG, (_tag, inner: string) => lowered(inner))
    .replace(EMPHASIS_TAG, '$2')
    .trim();
}

/** The mark of a footnote is no part of a value. */
export const FOOTNOTE = /\[\^[\w-]{1,20}\]/g;
/**
 * Struck text says that something does not hold any more. The marks stand at the text (GFM), which tells them from two
 * negations in an expression: `~~a & ~~b` strikes nothing.
 */
const STRUCK = /(?<![\w)\]~])~~(?=[^\s~])([^~]{0,2000}?[^\s~([{&|^+*/<>=!-])~~(?![\w(~])/g;

export function withoutStruck(given: string): string {
  const text = given.includes('</') ? given.replace(STRUCK_TAG, '').trim() : given;
  return text.includes('~~') ? text.replace(STRUCK, '').replaceAll(/ {2,}/g, ' ').trim() : text;
}

/** Without the marks of code, bold and emphasis around the whole text. */
function plainText(text: string): string {
  let inner = text.trim();
  for (const mark of ['**', '*']) {
    if (inner.length > 2 * mark.length && inner.startsWith(mark) && inner.endsWith(mark)) {
      inner = inner.slice(mark.length, -mark.length).trim();
    }
  }
  return inner;
}
