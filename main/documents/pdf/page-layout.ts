// One page as parts in reading order: lines and tables, each with what the assembly of the document asks about it.
import type { TableCell, TableRow } from '@genrtl/contracts/spec-import.ts';
import { GAP, withAlignedTables, type AlignedTable } from './aligned-tables.ts';
import { readingOrder, type Across, type Part, type Region } from './columns.ts';
import { contentOf, lineOf, linesOf, segmentsOf, textOfLine, type Line } from './lines.ts';
import type { PageContent, Rule, Word } from './page-content.ts';
import { paragraphsOf, type TextLine } from './paragraphs.ts';
import { ruledTables, type RuledCell, type RuledTable } from './ruled-tables.ts';

export interface LaidTable {
  /** left edges of the columns in points: a table that goes on overleaf has the same */
  readonly xs: readonly number[];
  readonly columns: number;
  readonly rows: readonly TableRow[];
  /** told by position only, without lines */
  readonly guessed: boolean;
  /** lines around all of it */
  readonly ruled: boolean;
}

export type PagePart =
  | { readonly kind: 'line'; readonly line: TextLine }
  | { readonly kind: 'table'; readonly table: LaidTable };

export interface PageLayout {
  readonly page: number;
  readonly parts: readonly PagePart[];
  /** text that stands on its side or aslant */
  readonly rotated: readonly string[];
}

/** Heights between words that part pieces of a line: columns, cells. */
const PIECE_GAP = 1.1;

/** Words that are read from left to right, with what is struck marked and its lines taken away. */
export interface UprightPage {
  readonly content: PageContent;
  readonly words: readonly Word[];
  readonly rules: readonly Rule[];
  readonly rotated: readonly string[];
  /** drawn with lines; `loose` are the words in none of them */
  readonly tables: readonly RuledTable[];
  readonly loose: readonly Word[];
}

export function upright(content: PageContent): UprightPage {
  const turned = turnedPage(content);
  const flat: Word[] = [];
  const rotated: Word[] = [];
  for (const word of turned.words) {
    if (word.artifact) continue;
    if (word.angle <= 2 || word.angle >= 358) flat.push(word);
    else rotated.push(word);
  }
  const { words, rules } = strike(flat, turned.rules);
  const { tables, rest } = ruledTables(words, rules);
  return {
    content: turned,
    words,
    rules,
    rotated: rotated.map((word) => word.text).filter((text) => text.length > 1),
    tables,
    loose: rest,
  };
}

/** A page whose text stands on its side as a whole is turned. */
function turnedPage(content: PageContent): PageContent {
  for (const angle of [90, 270] as const) {
    const own = content.words.filter((word) => word.angle === angle).length;
    if (own < 8 || own < content.words.length * 0.7) continue;
    const { width, height } = content;
    const turn = (x: number, y: number): readonly [number, number] => (angle === 90 ? [y, width - x] : [height - y, x]);
    return {
      ...content,
      width: height,
      height: width,
      words: content.words.map((word) => {
        const [x, y] = turn(word.x0, word.y);
        return { ...word, x0: x, x1: x + word.length, y, angle: (word.angle - angle + 360) % 360 };
      }),
      rules: content.rules.map((rule) => {
        const at = rule.horizontal ? turn(rule.from, rule.at) : turn(rule.at, rule.from);
        const to = rule.horizontal ? turn(rule.to, rule.at) : turn(rule.at, rule.to);
        const horizontal = !rule.horizontal;
        const along = horizontal ? [at[0], to[0]] : [at[1], to[1]];
        return { horizontal, at: horizontal ? at[1] : at[0], from: Math.min(...along), to: Math.max(...along) };
      }),
    };
  }
  return content;
}

/** A line through the middle of words takes them back. */
function strike(words: readonly Word[], rules: readonly Rule[]): { words: Word[]; rules: Rule[] } {
  const flat = rules.filter((rule) => rule.horizontal);
  const used = new Set<Rule>();
  if (flat.length === 0 || words.length * flat.length > 20_000_000) return { words: [...words], rules: [...rules] };
  const marked = words.map((word) => {
    const through = flat.find((rule) => {
      const above = word.y - rule.at;
      if (above < word.size * 0.15 || above > word.size * 0.5) return false;
      const overlap = Math.min(rule.to, word.x1) - Math.max(rule.from, word.x0);
      return overlap > (word.x1 - word.x0) * 0.7;
    });
    if (through === undefined) return word;
    used.add(through);
    return { ...word, struck: true };
  });
  return { words: marked, rules: rules.filter((rule) => !used.has(rule)) };
}

interface Piece extends Part {
  readonly line?: Line;
  readonly table?: RuledTable;
}

/** `isFurniture` tells the words of headers and footers; a table is one of them as a whole or not at all. */
export function layOut(page: UprightPage, isFurniture: (word: Word) => boolean): PageLayout {
  const floors = page.rules.filter((rule) => rule.horizontal).map((rule) => rule.at);
  const tables = page.tables.filter((table) => !table.cells.every((cell) => cell.words.every(isFurniture)));
  const loose = page.loose.filter((word) => !isFurniture(word));
  const pieces: Piece[] = tables.map((table) => ({ ...table, letters: 0, table }));
  for (const line of linesOf(loose)) {
    for (const part of segmentsOf(line, PIECE_GAP)) pieces.push({ ...part, ...extent(part), line: part });
  }
  const across = page.rules
    .filter((rule) => rule.horizontal)
    .map((rule) => ({ x0: rule.from, x1: rule.to, y: rule.at }));
  const parts = readingOrder(pieces, joinedRules(across)).flatMap((region) =>
    regionParts(region, floors, page.content.width),
  );
  return { page: page.content.page, parts, rotated: page.rotated };
}

/** Borders of cells that follow one another, as one line. */
function joinedRules(rules: readonly Across[]): Across[] {
  const joined: Across[] = [];
  for (const rule of rules.toSorted((a, b) => Math.round(a.y) - Math.round(b.y) || a.x0 - b.x0)) {
    const last = joined.at(-1);
    if (last !== undefined && Math.abs(last.y - rule.y) < 1.5 && rule.x0 - last.x1 < 3)
      joined[joined.length - 1] = { ...last, x1: Math.max(last.x1, rule.x1) };
    else joined.push(rule);
  }
  return joined;
}

function extent(line: Line): Omit<Part, 'x0' | 'x1'> {
  return { y0: line.y - line.size * 0.8, y1: line.y + line.size * 0.2, letters: textOfLine(line).length };
}

/** Pieces on one baseline are one line again; a table between them ends the run of lines. */
function regionParts(region: Region<Piece>, floors: readonly number[], pageWidth: number): PagePart[] {
  const parts: PagePart[] = [];
  let run: Line[] = [];
  const flush = (): void => {
    let text: Line[] = [];
    const flushText = (): void => {
      parts.push(...withMargins(text, region, pageWidth).map((line): PagePart => ({ kind: 'line', line })));
      text = [];
    };
    for (const item of withAlignedTables(rejoined(run), floors)) {
      if (item.kind === 'line') text.push(item.line);
      else {
        flushText();
        parts.push({ kind: 'table', table: fromAligned(item.table) });
      }
    }
    flushText();
    run = [];
  };
  for (const piece of region.parts) {
    if (piece.line !== undefined) run.push(piece.line);
    else if (piece.table !== undefined) {
      flush();
      parts.push({ kind: 'table', table: fromRuled(piece.table) });
    }
  }
  flush();
  return parts;
}

function rejoined(pieces: readonly Line[]): Line[] {
  const lines: Line[] = [];
  for (const piece of pieces.toSorted((a, b) => a.y - b.y || a.x0 - b.x0)) {
    const last = lines.at(-1);
    if (last !== undefined && Math.abs(last.y - piece.y) < 0.3 * Math.min(last.size, piece.size))
      lines[lines.length - 1] = { ...lineOf([...last.words, ...piece.words]), y: last.y };
    else lines.push(piece);
  }
  return lines;
}

function textLine(line: Line, region: { readonly x0: number; readonly x1: number }): TextLine {
  return {
    content: contentOf(line),
    text: textOfLine(line),
    x0: line.x0,
    x1: line.x1,
    y: line.y,
    size: line.size,
    bold: line.words.every((word) => word.font.bold),
    monospaced: line.words.every((word) => word.font.monospaced),
    firstWord: (line.words[0]?.x1 ?? line.x0) - line.x0,
    left: region.x0,
    right: region.x1,
    pieces: segmentsOf(line, GAP).map((piece) => ({ x0: piece.x0, content: contentOf(piece) })),
  };
}

/** Lines at one distance, with the edge up to which they are filled. */
function withMargins(lines: readonly Line[], region: Region<Piece>, pageWidth: number): TextLine[] {
  const result: TextLine[] = [];
  const widest = Math.max(...region.parts.filter((part) => part.line !== undefined).map((part) => part.x1));
  // margins are mostly alike on both sides; a column of several ends where its longest line does
  const page = region.x1 > pageWidth * 0.55 && region.x0 < pageWidth * 0.4 ? pageWidth - region.x0 : 0;
  for (let from = 0; from < lines.length; ) {
    let to = from + 1;
    while (to < lines.length && isSameRun(lines[to - 1], lines[to])) to += 1;
    const run = lines.slice(from, to);
    const right = Math.max(...run.map((line) => line.x1));
    const width = right - Math.min(...run.map((line) => line.x0));
    const filled = run.filter((line) => right - line.x1 < width * 0.1).length;
    const isProse = run.length >= 3 && filled >= run.length * 0.6;
    const x1 = isProse ? right : Math.max(widest, page);
    result.push(...run.map((line) => textLine(line, { x0: region.x0, x1 })));
    from = to;
  }
  return result;
}

function isSameRun(before: Line | undefined, line: Line | undefined): boolean {
  if (before === undefined || line === undefined) return false;
  return Math.abs(before.size - line.size) < 0.1 * line.size && line.y - before.y < 1.75 * line.size;
}

function cellBlocks(lines: readonly Line[]): TableCell['blocks'] {
  if (lines.length === 0) return [];
  const x0 = Math.min(...lines.map((line) => line.x0));
  const x1 = Math.max(...lines.map((line) => line.x1));
  return paragraphsOf(lines.map((line) => textLine(line, { x0, x1 }))).map((content) => ({
    type: 'paragraph' as const,
    content,
  }));
}

function fromRuled(table: RuledTable): LaidTable {
  const rows: TableRow[] = [];
  /** by row of the drawing: how many rows it became */
  const counts: number[] = [];
  for (let row = 0; row < table.rowCount; row += 1) {
    const own = table.cells.filter((cell) => cell.row === row).map((cell) => ({ cell, lines: linesOf(cell.words) }));
    const parts = own.every(({ cell }) => cell.rows === 1) ? undrawnRows(own) : [own];
    counts.push(parts.length);
    for (const part of parts) {
      rows.push({
        cells: part.map(({ cell, lines }) => ({
          column: cell.column,
          columns: cell.columns,
          rows: cell.rows,
          blocks: cellBlocks(lines),
        })),
      });
    }
  }
  return {
    xs: table.xs.slice(0, -1),
    columns: table.xs.length - 1,
    // a cell over several rows of the drawing covers all that they became
    rows: rows.map((row) => ({
      cells: row.cells.map((cell) => ({ ...cell, rows: Math.min(cell.rows, rows.length) })),
    })),
    guessed: counts.some((count) => count > 1),
    ruled: true,
  };
}

type CellLines = { readonly cell: RuledCell; readonly lines: readonly Line[] }[];

/**
 * Tables are often drawn with lines between columns only: a field that holds several entries, one below the other and
 * on the same baselines in its neighbours, is as many rows.
 */
function undrawnRows(cells: CellLines): CellLines[] {
  const first = cells.find(({ lines }) => lines.length > 0)?.lines ?? [];
  if (first.length < 2) return [cells];
  const aligned = cells.filter(({ lines }) => lines.length > 0 && lines.every((line) => rowOf(first, line) >= 0));
  const others = cells.filter(({ lines }) => lines.length > 0);
  const isEntries =
    first.length > 2 || first.every((line) => /^[\w[\]:.'’#-]+$/.test(textOfLine(line)) && /\d/.test(textOfLine(line)));
  if (aligned.length < 2 || !isEntries || aligned.length < others.length - 1) return [cells];
  if (aligned.some(({ lines }) => lines.length < first.length * 0.6 && lines.length > 0 && aligned.length < 3))
    return [cells];
  return first.map((_, at) =>
    cells.map(({ cell, lines }) => ({
      cell,
      lines: lines.filter((line) => Math.max(0, rowAbove(first, line)) === at),
    })),
  );
}

/** The entry on the same baseline; -1 for none. */
const rowOf = (entries: readonly Line[], line: Line): number =>
  entries.findIndex((entry) => Math.abs(entry.y - line.y) < 0.4 * line.size);
/** The entry that the line belongs to: the last one that is not below it. */
const rowAbove = (entries: readonly Line[], line: Line): number =>
  entries.findLastIndex((entry) => entry.y <= line.y + 0.4 * line.size);

function fromAligned(table: AlignedTable): LaidTable {
  return {
    xs: table.xs,
    columns: table.xs.length,
    rows: table.rows.map((row) => ({
      cells: row.cells.map((lines, column) => ({ column, columns: 1, rows: 1, blocks: cellBlocks(lines) })),
    })),
    guessed: true,
    ruled: false,
  };
}
