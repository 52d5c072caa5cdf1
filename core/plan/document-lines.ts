// A document line by line with its indentation, as lists and loose code need it; tables and hardware code left out.
import type { CodeBlock } from '../spec/markdown.ts';

export interface DocumentLine {
  /** from 1 */
  readonly line: number;
  /** columns of blanks before it, a tab counting four */
  readonly indent: number;
  readonly text: string;
  /** a heading's level, 0 for other lines */
  readonly heading: number;
  /** the nearest headings above and on it, outermost first */
  readonly headings: readonly string[];
}

/** Blank lines, table rows, fences, comments and the lines of `without` are left out. */
export function documentLines(markdown: string, without: readonly CodeBlock[]): DocumentLine[] {
  const code = new Set<number>();
  for (const { line, text } of without) for (let at = 0; at < text.split('\n').length; at++) code.add(line + at);
  const found: DocumentLine[] = [];
  const headings: string[] = [];
  let comment = false;
  for (const [at, raw] of markdown.split(/\r\n|\n|\r/).entries()) {
    const line = at + 1;
    const text = raw.trim();
    if (comment || text.startsWith('<!--')) {
      comment = !text.includes('-->');
      continue;
    }
    if (text === '' || code.has(line) || text.startsWith('|') || /^(?:```|~~~)/.test(text)) continue;
    const marks = /^(#{1,6})\s/.exec(text)?.[1]?.length ?? 0;
    const shown = marks > 0 ? text.slice(marks).replace(/\s#+$/, '').trim() : text;
    if (marks > 0) {
      headings.length = Math.min(headings.length, marks - 1);
      while (headings.length < marks - 1) headings.push('');
      headings.push(shown);
    }
    const blanks = raw.slice(0, raw.length - raw.trimStart().length).replaceAll('\t', '    ');
    found.push({
      line,
      indent: blanks.length,
      text: shown,
      heading: marks,
      headings: headings.filter((one) => one !== ''),
    });
  }
  return found;
}
