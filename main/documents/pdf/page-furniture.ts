// Headers, footers and page numbers: lines at the edge of pages that come again from page to page.
import { textOfLine, type Line } from './lines.ts';
import type { Word } from './page-content.ts';

export interface PageLines {
  readonly page: number;
  readonly height: number;
  /** from top to bottom */
  readonly lines: readonly Line[];
}

export interface Furniture {
  /** by page: the words of its headers and footers, by `wordKey` */
  readonly words: ReadonlyMap<number, ReadonlySet<string>>;
  /** what a reader sees of it, each once; page numbers are not among them */
  readonly texts: readonly string[];
}

/** Lines looked at from each edge. */
const DEPTH = 4;
/** Parts of a page's height in which they stand. */
const ZONE = 0.1;
const PAGE_NUMBER =
  /^[-–—\s|]*(?:page|seite|p\.|第)?\s*(?:\d{1,4}|[ivxlc]{1,7}|[a-z]-\d{1,3}|\d{1,3}-\d{1,3})(?:\s*(?:\/|of|von|页|共|-)\s*(?:共\s*)?\d{1,4})?\s*页?[-–—\s|]*$/i;

export const wordKey = (word: Pick<Word, 'text' | 'x0' | 'y'>): string =>
  `${word.text} ${word.x0.toFixed(1)} ${word.y.toFixed(1)}`;

export function findFurniture(pages: readonly PageLines[]): Furniture {
  const found = new Map<number, Set<string>>(pages.map(({ page }) => [page, new Set()]));
  const take = (page: number, line: Line): void => {
    for (const word of line.words) found.get(page)?.add(wordKey(word));
  };
  const texts = new Map<string, string>();
  const seen = new Map<string, { line: Line; page: number; text: string; fromEdge: number }[]>();
  for (const { page, height, lines } of pages) {
    for (const { line, fromTop } of edgeLines(lines, height)) {
      const text = textOfLine(line).trim();
      if (text === '') continue;
      const key = `${fromTop ? 't' : 'b'} ${text.replaceAll(/\d+/g, '#').toLowerCase()}`;
      const list = seen.get(key);
      // pages of one document may be of different heights
      const one = { line, page, text, fromEdge: fromTop ? line.y : height - line.y };
      if (list === undefined) seen.set(key, [one]);
      else list.push(one);
    }
  }
  for (const list of seen.values()) {
    const own = new Set(list.map(({ page }) => page)).size;
    if (!repeats(list, own, pages.length)) continue;
    for (const { line, page, text } of list) {
      take(page, line);
      if (!PAGE_NUMBER.test(text)) texts.set(text.replaceAll(/\d+/g, '#'), text);
    }
  }
  // the outermost line of a page is its number, wherever the others have theirs
  const numbers = new Map<Line, number>();
  for (const { page, height, lines } of pages)
    for (const { line } of edgeLines(lines, height))
      if (PAGE_NUMBER.test(textOfLine(line).trim())) numbers.set(line, page);
  if (new Set(numbers.values()).size >= Math.max(2, pages.length * 0.5))
    for (const [line, page] of numbers) take(page, line);
  return { words: found, texts: [...texts.values()] };
}

/** The same place on most pages, on most even or odd ones, or on three in a row of a long document. */
function repeats(list: readonly { fromEdge: number }[], pages: number, all: number): boolean {
  if (pages < 2) return false;
  const first = list[0]?.fromEdge ?? 0;
  const samePlace = list.filter(({ fromEdge }) => Math.abs(fromEdge - first) < 6).length;
  if (samePlace < list.length * 0.7) return false;
  return all <= 3 ? pages === all && pages >= 2 : pages >= 3;
}

/** Lines in the zone of an edge, set off from the text by more than the distance of lines. */
function edgeLines(lines: readonly Line[], height: number): { line: Line; fromTop: boolean }[] {
  const result: { line: Line; fromTop: boolean }[] = [];
  const take = (order: readonly Line[], fromTop: boolean): void => {
    const zone = order.slice(0, DEPTH + 1).filter((line) => (fromTop ? line.y : height - line.y) < height * ZONE);
    for (let count = Math.min(DEPTH, zone.length); count > 0; count -= 1) {
      const [inner, next] = [order[count - 1], order[count]];
      // a page of nothing else has no header: that is its text
      if (inner === undefined || next === undefined) continue;
      if (Math.abs(next.y - inner.y) < 1.7 * Math.max(inner.size, next.size)) continue;
      result.push(...order.slice(0, count).map((line) => ({ line, fromTop })));
      return;
    }
  };
  take(lines, true);
  take([...lines].reverse(), false);
  return result;
}
