// Lines of a column as paragraphs: joined where the text only ran out of width, parted where the author began a new
// line.
import type { Inline } from '@genrtl/contracts/spec-import.ts';
import { joinsWithoutBlank } from './lines.ts';

export interface TextLine {
  readonly content: readonly Inline[];
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly monospaced: boolean;
  /** points of its first word: it stands here because it did not fit on the line above */
  readonly firstWord: number;
  /** edges of the column that the line stands in */
  readonly left: number;
  readonly right: number;
  /** its parts between wide gaps: cells, where the line turns out to be a row */
  readonly pieces: readonly { readonly x0: number; readonly content: readonly Inline[] }[];
}

/** Paragraphs of a cell or a column, each one's lines joined; `\n` where the author broke the line. */
export function paragraphsOf(lines: readonly TextLine[], words?: ReadonlySet<string>): Inline[][] {
  const paragraphs: Inline[][] = [];
  let before: TextLine | undefined;
  for (const line of lines) {
    const last = paragraphs.at(-1);
    if (before === undefined || last === undefined || line.y - before.y > 2 * line.size)
      paragraphs.push([...line.content]);
    else appendLine(last, before, line, words);
    before = line;
  }
  return paragraphs;
}

/** Adds `line` to the paragraph that ends with `before`. */
export function appendLine(paragraph: Inline[], before: TextLine, line: TextLine, words?: ReadonlySet<string>): void {
  if (isBroken(before, line)) {
    paragraph.push({ text: '\n' }, ...line.content);
    return;
  }
  const hyphened = /(\p{L}+)-$/u.exec(before.text);
  const next = /^\p{Ll}+/u.exec(line.text)?.[0];
  const last = paragraph.at(-1);
  if (hyphened?.[1] !== undefined && next !== undefined && last !== undefined && last.text.endsWith('-')) {
    // `read-` and `only`: the hyphen stays where the document writes the word with one elsewhere
    const kept = words?.has(`${hyphened[1]}-${next}`.toLowerCase()) === true;
    if (!kept) paragraph[paragraph.length - 1] = { ...last, text: last.text.slice(0, -1) };
    paragraph.push(...line.content);
    return;
  }
  // a long name is broken behind one of its underscores, an expression behind its sign: `WIDTH-` and `1`
  const goesOn = /\w_$/.test(before.text) && /^\w/.test(line.text);
  const isExpression = /^[\w.)\]'-]*[\w)\]][-+*/:]$/.test(before.text.trim()) && /^[\w($'[]/.test(line.text);
  if (!goesOn && !isExpression && !joinsWithoutBlank(before.text, line.text)) paragraph.push({ text: ' ' });
  paragraph.push(...line.content);
}

/** The first word of the line would have had room on the line above: the author began a new line. */
export function isBroken(before: TextLine, line: TextLine): boolean {
  const room = before.right - before.x1;
  if (room <= line.firstWord + 0.35 * line.size + 2 || room <= (before.right - before.left) * 0.08) return false;
  return !goesOnInWords(before.text, line.text);
}

/** A parted word or name, or a long line in the middle of a sentence: text that is set narrower than its column. */
function goesOnInWords(before: string, after: string): boolean {
  if (/(\w_|\p{L}-)$/u.test(before)) return true;
  return before.length >= 40 && /[\p{L},]$/u.test(before) && /^\p{Ll}/u.test(after) && !/[:=|]/.test(before);
}

const HYPHENATED = /\p{L}+-\p{L}+/gu;

/** Words that the document writes with a hyphen inside a line. */
export function hyphenatedWords(lines: Iterable<TextLine>): Set<string> {
  const words = new Set<string>();
  for (const line of lines) for (const [word] of line.text.matchAll(HYPHENATED)) words.add(word.toLowerCase());
  return words;
}
