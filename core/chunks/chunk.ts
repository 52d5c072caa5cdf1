// A long text as chunks that a model works on one by one. Where one ends is decided by what stands there, never by how
// much came before: whoever changes one block changes one chunk, and the others' answers stay good.
import type { Block, BlockReader, DocumentFormat } from './block.ts';
import { evenCuts, lineStarts } from './lines.ts';
import { markdownReader } from './markdown-blocks.ts';
import { verilogReader } from './verilog-blocks.ts';

export interface Chunk {
  /** the chunk itself: cores one after another are the text */
  readonly start: number;
  readonly end: number;
  /** from here to `start`: what precedes, shown for context only */
  readonly overlapStart: number;
  /** by the caller's measure, without the overlap */
  readonly size: number;
  /** of the document, counted from 0 */
  readonly firstBlock: number;
  readonly lastBlock: number;
  /** it begins inside a block, which is longer than a chunk may be */
  readonly cut: boolean;
}

export interface ChunkOptions {
  readonly format: DocumentFormat;
  /** no chunk is larger */
  readonly bound: number;
  /** chunks are about so large where the text leaves the choice */
  readonly target: number;
  /** of a stretch of the text, in whatever `bound` is in; never negative */
  readonly measure: (text: string) => number;
  /** the share of a chunk's length that is shown of what precedes */
  readonly overlapRatio?: number;
}

export interface Chunked {
  readonly chunks: readonly Chunk[];
  readonly blocks: number;
  /** share of the boundaries between chunks that lie inside a block */
  readonly boundaryErrorRate: number;
}

const READERS: Readonly<Record<DocumentFormat, BlockReader>> = { markdown: markdownReader, verilog: verilogReader };

/** Blocks of a section are chunks of their own only where the section is so many times as large as a chunk. */
const SPLIT_SECTION = 2;
const OVERLAP_RATIO = 0.08;
const LEAST_OVERLAP = 0.05;
const MOST_OVERLAP = 0.1;
/** What decides whether a chunk begins with a block or a section: its beginning, so that later words change nothing. */
const DECIDING_CHARS = 200;

export function chunkText(text: string, options: ChunkOptions): Chunked {
  const reader = READERS[options.format];
  const blocks = reader.blocks(text);
  const { measure, bound } = options;
  const sizes = blocks.map(({ start, end }) => measure(text.slice(start, end)));
  const weights = weigh(text, blocks);
  const begins = beginnings(blocks, sizes, weights, options.target);
  const chunks: Chunk[] = [];
  const ratio = options.overlapRatio ?? OVERLAP_RATIO;
  const add = (start: number, end: number, size: number, firstBlock: number, lastBlock: number, cut: boolean): void => {
    chunks.push({ start, end, overlapStart: overlapOf(text, start, end, ratio), size, firstBlock, lastBlock, cut });
  };
  /** Blocks from `first` up to and with `last`, known to fit or to be one alone. */
  const addRun = (first: number, last: number): void => {
    const [from, to] = [blocks[first], blocks[last]];
    if (from === undefined || to === undefined) return;
    const size = sum(sizes, first, last + 1);
    if (size <= bound || first < last) add(from.start, to.end, size, first, last, false);
    else
      for (const [at, piece] of piecesOf(text, from, reader, options).entries())
        add(piece.start, piece.end, piece.size, first, first, at > 0);
  };
  for (let first = 0; first < blocks.length; ) {
    let next = first + 1;
    while (next < blocks.length && begins[next] !== true) next += 1;
    const inside = cutsByWeight(
      sizes.slice(first, next),
      blocks.slice(first, next).map((block, at) => cutWeight(block, weights[first + at] ?? 0)),
      bound,
    );
    const edges = [...inside.map((at) => first + at), next];
    let from = first;
    for (const edge of edges) {
      addRun(from, edge - 1);
      from = edge;
    }
    first = next;
  }
  const cuts = chunks.filter(({ cut }) => cut).length;
  return { chunks, blocks: blocks.length, boundaryErrorRate: chunks.length < 2 ? 0 : cuts / (chunks.length - 1) };
}

/**
 * Whether a chunk begins with a block: by chance, as large as its share of a chunk, drawn from the block's own text. So
 * chunks are about as large as they should be, and what one block says moves no boundary but its own.
 */
function beginnings(
  blocks: readonly Block[],
  sizes: readonly number[],
  weights: readonly number[],
  target: number,
): boolean[] {
  const begins: boolean[] = [];
  for (let first = 0; first < blocks.length; ) {
    let next = first + 1;
    while (next < blocks.length && blocks[next]?.opens === null) next += 1;
    const section = sum(sizes, first, next);
    begins.push((weights[first] ?? 1) < section / target && blocks[first]?.follows !== true);
    for (let at = first + 1; at < next; at += 1)
      begins.push(
        section > SPLIT_SECTION * target &&
          blocks[at]?.follows !== true &&
          (weights[at] ?? 1) < (sizes[at] ?? 0) / target,
      );
    first = next;
  }
  return begins;
}

/** A number between 0 and 1 for each block, from its beginning; equal blocks are told apart by how many came before. */
function weigh(text: string, blocks: readonly Block[]): number[] {
  const seen = new Map<number, number>();
  let section = text.length;
  const ends = blocks.map(({ end }) => end);
  for (let at = blocks.length - 1; at >= 0; at -= 1) {
    const block = blocks[at];
    if (block === undefined) continue;
    // A heading alone may be that of every section.
    if (block.opens === null) continue;
    ends[at] = section;
    section = block.start;
  }
  return blocks.map(({ start, end }, at) => {
    let from = start;
    while (from < end && text.charCodeAt(from) <= 32) from += 1;
    const hash = hashOf(text, from, Math.min(ends[at] ?? end, from + DECIDING_CHARS));
    const nth = seen.get(hash) ?? 0;
    seen.set(hash, nth + 1);
    return mixed(hash ^ Math.imul(nth, 0x9e3779b9)) / 0x1_0000_0000;
  });
}

/** FNV-1a over UTF-16 units. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The outermost section first, then any block that does not follow another, then by chance. */
function cutWeight({ opens, follows }: Block, weight: number): number {
  if (follows) return weight;
  return weight + (opens === null ? 1 : 10 - Math.min(opens, 8));
}

/**
 * Indices in front of which a run is cut so that no part is larger than the bound, unless it is a single one: at the
 * place of the greatest weight first. A place is one of them when the stretch in which none weighs more is too large.
 */
function cutsByWeight(sizes: readonly number[], weights: readonly number[], bound: number): number[] {
  const count = sizes.length;
  const upTo = [0];
  for (const size of sizes) upTo.push((upTo.at(-1) ?? 0) + size);
  if ((upTo[count] ?? 0) <= bound) return [];
  const left = sizes.map(() => 0);
  const right = sizes.map(() => count);
  const stack: number[] = [];
  for (let at = 1; at < count; at += 1) {
    let top = stack.at(-1);
    while (top !== undefined && (weights[top] ?? 0) < (weights[at] ?? 0)) {
      right[top] = at;
      stack.pop();
      top = stack.at(-1);
    }
    left[at] = top ?? 0;
    stack.push(at);
  }
  const cuts: number[] = [];
  for (let at = 1; at < count; at += 1)
    if ((upTo[right[at] ?? count] ?? 0) - (upTo[left[at] ?? 0] ?? 0) > bound) cuts.push(at);
  return cuts;
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

/** A block that alone is too large, at its own seams first, in the end anywhere. */
function piecesOf(text: string, block: Block, reader: BlockReader, { bound, measure }: ChunkOptions): Piece[] {
  let pieces: Piece[] = [{ start: block.start, end: block.end, size: Infinity }];
  for (let grade = 0; pieces.some(({ size }) => size > bound); grade += 1) {
    const next: Piece[] = [];
    let done = false;
    for (const piece of pieces) {
      if (piece.size <= bound) {
        next.push(piece);
        continue;
      }
      const places = reader.cuts(text, { ...block, start: piece.start, end: piece.end }, grade);
      done ||= places === null;
      // No character is larger than four bytes, and nothing measures a byte as more than one.
      const cuts = places ?? evenCuts(text, piece.start, piece.end, Math.max(2, Math.floor(bound / 4)));
      next.push(...joined(text, piece, cuts, bound, measure));
    }
    pieces = next;
    if (done) break;
  }
  return pieces;
}

function joined(
  text: string,
  { start, end }: Piece,
  cuts: readonly number[],
  bound: number,
  measure: ChunkOptions['measure'],
): Piece[] {
  const edges = [start, ...cuts.filter((at) => at > start && at < end), end];
  const parts: Piece[] = [];
  for (let at = 0; at + 1 < edges.length; at += 1) {
    const [from, to] = [edges[at] ?? start, edges[at + 1] ?? end];
    if (to > from) parts.push({ start: from, end: to, size: measure(text.slice(from, to)) });
  }
  const seen = new Map<number, number>();
  const weights = parts.map((part) => {
    const hash = hashOf(text, part.start, Math.min(part.end, part.start + DECIDING_CHARS));
    const nth = seen.get(hash) ?? 0;
    seen.set(hash, nth + 1);
    return mixed(hash ^ Math.imul(nth, 0x9e3779b9));
  });
  const places = [
    0,
    ...cutsByWeight(
      parts.map(({ size }) => size),
      weights,
      bound,
    ),
    parts.length,
  ];
  return places.slice(0, -1).map((from, at) => {
    const group = parts.slice(from, places[at + 1]);
    return {
      start: group[0]?.start ?? start,
      end: group.at(-1)?.end ?? end,
      size: group.reduce((total, { size }) => total + size, 0),
    };
  });
}

/** Between 5 and 10 % of the chunk's length, from the beginning of a line where one lies there. */
function overlapOf(text: string, start: number, end: number, ratio: number): number {
  const length = end - start;
  const most = Math.max(0, start - Math.floor(length * Math.max(ratio, MOST_OVERLAP)));
  const least = Math.max(0, start - Math.floor(length * Math.min(ratio, LEAST_OVERLAP)));
  if (ratio === 0 || start === 0) return start;
  if (most === 0) return 0;
  const [line] = lineStarts(text, most - 1, least);
  if (line !== undefined && line >= most) return line;
  const wanted = Math.max(0, start - Math.floor(length * ratio));
  const code = text.charCodeAt(wanted);
  return code >= 0xdc00 && code <= 0xdfff ? wanted + 1 : wanted;
}

function sum(sizes: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let at = from; at < to; at += 1) total += sizes[at] ?? 0;
  return total;
}

const VERILOG_NAME = /\.(?:sv|svh|v|vh|vlib|inc)$/i;
const OTHER_NAME = /\.[A-Za-z0-9]{1,10}$/;

/** What the document is by its name, else by what stands in it. */
export function documentFormat(name: string | null, text: string): DocumentFormat {
  if (name !== null && VERILOG_NAME.test(name)) return 'verilog';
  if (name !== null && OTHER_NAME.test(name)) return 'markdown';
  const heading = /^#{1,6} /m.test(text);
  return !heading &&
    /^[ \t]{0,40}(?:module|package|interface|program)[ \t]{1,40}\w/m.test(text) &&
    /\bend(?:module|package|interface|program)\b/.test(text)
    ? 'verilog'
    : 'markdown';
}
