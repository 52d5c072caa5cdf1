// Markdown as blocks: headings, paragraphs, lists, tables, fenced and indented code, quotations, HTML. What CommonMark
// keeps together stays together; blank lines belong to the block before them. Linear in the length of the text,
// unfinished fences, comments and tags included: those reach to the end of the document, or of their paragraph.
import type { Block, BlockKind, BlockReader } from './block.ts';
import { isBlank, lineEnd, lineStarts, sentenceStarts, wordStarts } from './lines.ts';

export const markdownReader: BlockReader = {
  blocks: (text) => new MarkdownReader(text).read(),
  cuts(text, { start, end, kind }, grade) {
    const lines = (): number[] => lineStarts(text, start, end);
    switch (grade) {
      case 0:
        return kind === 'list' ? lines().filter((at) => isOuterItem(text, start, at)) : [];
      case 1:
        // behind blank lines, which code and lists may hold
        return lines().filter((at) => followsBlank(text, start, at));
      case 2:
        return lines();
      case 3:
        return sentenceStarts(text, start, end);
      case 4:
        return wordStarts(text, start, end);
      default:
        return null;
    }
  },
};

interface Line {
  readonly start: number;
  /** behind its end mark */
  readonly end: number;
  /** columns of blanks before it, a tab counting four, at most 8 are told apart */
  readonly indent: number;
  readonly text: string;
}

const LIST = /^(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\s]{1,100}\]:)(?:\s|$)/;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
/** Elements whose contents may hold blank lines. */
const CLOSED_TAG = /^<(table|pre|script|style|textarea|svg|math)(?=[\s>/])/i;
const DELIMITER_ROW = /^[\s|:-]+$/;
/** A line beyond this is no heading, marker or row: only its beginning is looked at. */
const LOOKED_AT = 10_000;
const MAX_FRONT_MATTER_LINES = 400;

class MarkdownReader {
  readonly #text: string;
  readonly #blocks: Block[] = [];
  /** behind the last place of each closing mark: an opening one beyond it has none */
  readonly #last = new Map<string, number>();
  readonly #lower: () => string;

  constructor(text: string) {
    this.#text = text;
    let lower: string | null = null;
    // same length, so that offsets hold: only letters of tags are looked for
    this.#lower = () => (lower ??= text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
  }

  read(): Block[] {
    const text = this.#text;
    let start = 0;
    let at = this.#skipBlank(0);
    while (at < text.length) {
      const { end, kind, rank } = this.#block(this.#line(at), start === 0 && this.#blocks.length === 0);
      const whole = this.#skipBlank(end);
      const before = this.#blocks.at(-1);
      this.#blocks.push({
        start,
        end: whole,
        kind,
        opens: rank,
        follows: before?.kind === 'heading' && kind !== 'heading',
      });
      start = whole;
      at = whole;
    }
    if (start < text.length || (text.length > 0 && this.#blocks.length === 0))
      this.#blocks.push({ start, end: text.length, kind: 'paragraph', opens: null, follows: false });
    return this.#blocks;
  }

  #line(at: number): Line {
    const text = this.#text;
    const end = lineEnd(text, at);
    let indent = 0;
    let from = at;
    if (text.charCodeAt(from) === 0xfeff) from += 1;
    for (; from < end; from += 1) {
      const code = text.charCodeAt(from);
      if (code === 32) indent += 1;
      else if (code === 9) indent += 4;
      else break;
    }
    return { start: at, end, indent, text: text.slice(from, Math.min(end, from + LOOKED_AT)).trimEnd() };
  }

  #skipBlank(from: number): number {
    let at = from;
    while (at < this.#text.length) {
      const end = lineEnd(this.#text, at);
      if (!isBlank(this.#text, at, end)) return at;
      at = end;
    }
    return at;
  }

  /** The block that begins with this line, up to the blank lines behind it. */
  #block(line: Line, first: boolean): { end: number; kind: BlockKind; rank: number | null } {
    const plain = (kind: BlockKind, end: number) => ({ end, kind, rank: null });
    if (first && line.text === '---') {
      const end = this.#frontMatter(line);
      if (end !== null) return plain('front-matter', end);
    }
    if (line.indent > 3) return plain('code', this.#indented(line.end, 4));
    const rank = headingRank(line.text);
    if (rank !== null) return { end: line.end, kind: 'heading', rank };
    const special = this.#special(line);
    if (special !== null) return plain(special.kind, special.end);
    return this.#paragraph(line);
  }

  /** Everything that may also interrupt a paragraph. */
  #special(line: Line): { end: number; kind: BlockKind } | null {
    const { text } = line;
    const fence = fenceMark(text);
    if (fence !== null) return { kind: 'fence', end: this.#fenceEnd(line.end, fence) };
    if (text.startsWith('<!--')) return { kind: 'html', end: this.#lineOf(this.#closing('-->', line.start + 4, 3)) };
    const tag = CLOSED_TAG.exec(text)?.[1];
    if (tag !== undefined) {
      const end = this.#elementEnd(line, tag.toLowerCase());
      if (end !== null) return { kind: 'html', end };
    }
    if (text.startsWith('$$')) {
      const end = this.#mathEnd(line);
      if (end !== null) return { kind: 'math', end };
    }
    if (text.startsWith('>')) return { kind: 'quote', end: this.#untilBlank(line.end) };
    if (RULE.test(text)) return { kind: 'rule', end: line.end };
    if (LIST.test(text)) return { kind: 'list', end: this.#listEnd(line.end) };
    if (text.includes('|')) {
      const end = this.#tableEnd(line);
      if (end !== null) return { kind: 'table', end };
    }
    return null;
  }

  #paragraph(first: Line): { end: number; kind: BlockKind; rank: number | null } {
    let { end } = first;
    while (end < this.#text.length) {
      const line = this.#line(end);
      if (line.text === '') break;
      const underline = line.indent > 3 ? null : underlineRank(line.text);
      if (underline !== null) return { end: line.end, kind: 'heading', rank: underline };
      if (line.indent <= 3 && (headingRank(line.text) !== null || this.#interrupts(line))) break;
      end = line.end;
    }
    return { end, kind: 'paragraph', rank: null };
  }

  /** Looks at the line and the next one alone: what it begins is read when its turn comes. */
  #interrupts(line: Line): boolean {
    const { text } = line;
    return (
      fenceMark(text) !== null ||
      text.startsWith('<!--') ||
      text.startsWith('>') ||
      text.startsWith('$$') ||
      CLOSED_TAG.test(text) ||
      RULE.test(text) ||
      LIST.test(text) ||
      (text.includes('|') && this.#isTable(line))
    );
  }

  #untilBlank(from: number): number {
    let at = from;
    while (at < this.#text.length) {
      const end = lineEnd(this.#text, at);
      if (isBlank(this.#text, at, end)) return at;
      at = end;
    }
    return at;
  }

  /** Lines that stand in by so much, and blank ones between them. */
  #indented(from: number, columns: number): number {
    let end = from;
    for (let at = from; at < this.#text.length; ) {
      const line = this.#line(at);
      if (line.text !== '' && line.indent < columns) break;
      at = line.end;
      if (line.text !== '') end = at;
    }
    return end;
  }

  #fenceEnd(from: number, fence: string): number {
    for (let at = from; at < this.#text.length; ) {
      const line = this.#line(at);
      at = line.end;
      if (line.text.startsWith(fence) && isRun(line.text, fence.charAt(0))) return at;
    }
    return this.#text.length;
  }

  /** Items and what belongs to them: further lines, and after blank ones whatever stands in or begins an item. */
  #listEnd(from: number): number {
    let end = from;
    let blank = false;
    for (let at = from; at < this.#text.length; ) {
      const line = this.#line(at);
      if (line.text === '') {
        blank = true;
        at = line.end;
        continue;
      }
      const item = LIST.test(line.text) && !RULE.test(line.text);
      if (line.indent < 2 && !item && (blank || headingRank(line.text) !== null || this.#breaksList(line))) break;
      const fence = line.indent >= 2 ? fenceMark(line.text) : null;
      at = fence === null ? line.end : this.#fenceEnd(line.end, fence);
      end = at;
      blank = false;
    }
    return end;
  }

  #breaksList({ text }: Line): boolean {
    return fenceMark(text) !== null || text.startsWith('<!--') || RULE.test(text) || CLOSED_TAG.test(text);
  }

  #isTable(header: Line): boolean {
    if (header.end >= this.#text.length) return false;
    const below = this.#line(header.end);
    return below.indent <= 3 && below.text.includes('-') && below.text.includes('|') && DELIMITER_ROW.test(below.text);
  }

  #tableEnd(header: Line): number | null {
    if (!this.#isTable(header)) return null;
    let end = this.#line(header.end).end;
    while (end < this.#text.length) {
      const row = this.#line(end);
      if (!row.text.includes('|') || headingRank(row.text) !== null || fenceMark(row.text) !== null) break;
      end = row.end;
    }
    return end;
  }

  #frontMatter(first: Line): number | null {
    let at = first.end;
    for (let nth = 0; nth < MAX_FRONT_MATTER_LINES && at < this.#text.length; nth += 1) {
      const line = this.#line(at);
      at = line.end;
      if (line.text === '---' || line.text === '...') return at;
    }
    return null;
  }

  #elementEnd(line: Line, tag: string): number | null {
    const closing = `</${tag}`;
    const text = this.#lower();
    if (line.start > this.#lastOf(closing)) return null;
    let depth = 0;
    const mark = new RegExp(`<(/?)${tag}(?=[\\s>/])`, 'g');
    mark.lastIndex = line.start;
    for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
      depth += found[1] === '/' ? -1 : 1;
      if (depth === 0) return this.#lineOf(mark.lastIndex);
    }
    return this.#text.length;
  }

  #mathEnd(line: Line): number | null {
    if (line.text.length > 2 && line.text.endsWith('$$')) return line.end;
    if (line.start + 2 > this.#lastOf('$$')) return null;
    const close = this.#text.indexOf('$$', line.start + 2);
    return close < 0 ? null : this.#lineOf(close + 2);
  }

  /** Behind the closing mark; the end of the text without one. */
  #closing(mark: string, from: number, length: number): number {
    const found = this.#text.indexOf(mark, from);
    return found < 0 ? this.#text.length : found + length;
  }

  #lastOf(mark: string): number {
    let last = this.#last.get(mark);
    if (last === undefined) {
      last = this.#lower().lastIndexOf(mark);
      this.#last.set(mark, last);
    }
    return last;
  }

  /** The end of the line that this offset stands in. */
  #lineOf(at: number): number {
    const code = this.#text.charCodeAt(at - 1);
    return code === 10 ? at : lineEnd(this.#text, at);
  }
}

function headingRank(text: string): number | null {
  let rank = 0;
  while (text.charCodeAt(rank) === 35) rank += 1;
  if (rank === 0 || rank > 6) return null;
  const next = text.charCodeAt(rank);
  return text.length === rank || next === 32 || next === 9 ? rank : null;
}

function underlineRank(text: string): number | null {
  if (isRun(text, '=')) return 1;
  return isRun(text, '-') ? 2 : null;
}

function isRun(text: string, mark: string): boolean {
  for (const character of text) if (character !== mark) return false;
  return text !== '';
}

/** The marks that open fenced code; null: none. */
function fenceMark(text: string): string | null {
  const mark = text.charAt(0);
  if (mark !== '`' && mark !== '~') return null;
  let length = 1;
  while (text.charAt(length) === mark) length += 1;
  if (length < 3 || (mark === '`' && text.includes('`', length))) return null;
  return text.slice(0, length);
}

function followsBlank(text: string, start: number, at: number): boolean {
  let before = at - 1;
  if (text.charCodeAt(before) === 10 && text.charCodeAt(before - 1) === 13) before -= 1;
  const code = text.charCodeAt(before - 1);
  return before > start && (code === 10 || code === 13);
}

/** An item of the list itself, not of one inside it. */
function isOuterItem(text: string, start: number, at: number): boolean {
  const columns = (from: number): number => {
    let count = 0;
    while (text.charCodeAt(from + count) === 32) count += 1;
    return count;
  };
  const indent = columns(at);
  return indent <= columns(start) && LIST.test(text.slice(at + indent, at + indent + 120));
}
