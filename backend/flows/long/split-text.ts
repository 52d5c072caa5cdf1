// A long document as parts, each with its tokens, lines and hash: in a worker where it would hold up others.
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { GenrtlError } from '@genrtl/contracts';
import { chunkText, type ChunkOptions } from '@genrtl/core/chunks/chunk.ts';
import type { LongPart } from './long-context.ts';
import { countTextTokens } from '../../models/tokens.ts';

export interface SplitOrder extends Pick<ChunkOptions, 'format' | 'bound' | 'target'> {
  readonly text: string;
  readonly overlapRatio: number;
  /** tokens that each line has beside its own, for its number */
  readonly lineTokens: number;
}

/** A part by its offsets: texts stay where they are. */
export interface Cut extends Pick<LongPart, 'tokens' | 'blocks' | 'lines' | 'hash'> {
  /** of overlap, chunk, its text without blank lines around it, and their ends */
  readonly at: readonly [overlap: number, start: number, textStart: number, textEnd: number, end: number];
  readonly insideBlock: boolean;
}

export interface Split {
  readonly cuts: readonly Cut[];
  readonly boundaryErrorRate: number;
}

const IN_WORKER_CHARS = 60_000;
const LIMIT_MS = 120_000;

export async function splitText(order: SplitOrder): Promise<Split> {
  return order.text.length <= IN_WORKER_CHARS ? split(order) : splitInWorker(order);
}

export function split({ text, lineTokens, ...options }: SplitOrder): Split {
  const measure = (piece: string): number =>
    countTextTokens(piece) + (lineTokens === 0 ? 0 : lineTokens * (linesOf(piece, 0, piece.length) + 1));
  const { chunks, boundaryErrorRate } = chunkText(text, { ...options, measure });
  let line = 1;
  const cuts = chunks.map(({ start, end, overlapStart, firstBlock, lastBlock, cut }): Cut => {
    const core = text.slice(start, end);
    const textEnd = start + core.trimEnd().length;
    let textStart = start;
    // Blank lines, not the blanks that a first line stands in by.
    const blank = /^(?:[ \t]*(?:\r\n|\n|\r))+/.exec(core.slice(0, 10_000))?.[0].length ?? 0;
    if (textEnd > start) textStart += Math.min(blank, textEnd - start);
    const first = line + linesOf(text, start, textStart);
    const last = first + linesOf(text, textStart, Math.max(textStart, textEnd));
    line += linesOf(text, start, end);
    const own = text.slice(textStart, Math.max(textStart, textEnd));
    return {
      at: [overlapStart, start, textStart, Math.max(textStart, textEnd), end],
      tokens: countTextTokens(own),
      blocks: { first: firstBlock + 1, last: lastBlock + 1 },
      lines: { first, last },
      hash: createHash('sha256').update(own).digest('hex'),
      insideBlock: cut,
    };
  });
  return { cuts, boundaryErrorRate };
}

function linesOf(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) lines += 1;
  }
  return lines;
}

/** Throws REQUEST_TOO_LARGE when it takes too long. */
function splitInWorker(order: SplitOrder): Promise<Split> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./split-worker.ts', import.meta.url), { workerData: order });
    const timer = setTimeout(() => {
      void worker.terminate();
      reject(new GenrtlError('REQUEST_TOO_LARGE', 'The document could not be divided within its time.'));
    }, LIMIT_MS);
    worker.once('message', (message: Split) => {
      resolve(message);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`the worker that divides a document ended with ${String(code)}`));
    });
  });
}
