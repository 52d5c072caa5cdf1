// A document that is longer than a model takes at once, as the parts that are worked on one by one.
import type { AiIntent, MicroUsd } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';

/**
 * `in-place`: each part is replaced where it stands. `digest`: parts are read one by one, and the answer is made from
 * what was found. `window`: what precedes is digested, the end of the document is shown as it is.
 */
export type LongStrategy = 'in-place' | 'digest' | 'window';

export interface LongPart {
  /** `c1`, `c2`, … in the order of the document */
  readonly id: string;
  /** without the blank lines around it, which stay as they are */
  readonly text: string;
  readonly before: string;
  readonly after: string;
  /** what precedes it in the document, for context only */
  readonly overlap: string;
  /** of `text` */
  readonly tokens: number;
  /** first and last block, counted from 1 */
  readonly blocks: { readonly first: number; readonly last: number };
  /** first and last line, counted from 1 */
  readonly lines: { readonly first: number; readonly last: number };
  /** of `text` alone: what stands around a part does not decide what becomes of it */
  readonly hash: string;
}

export interface LongContext {
  readonly strategy: LongStrategy;
  readonly parts: readonly LongPart[];
  /** parts whose answers are known already, by id */
  readonly known: ReadonlySet<string>;
  /** parts that begin inside a block which alone is too long */
  readonly cutBlocks: number;
  readonly boundaryErrorRate: number;
  readonly overlapRatio: number;
  /** answers that are made side by side */
  readonly concurrency: number;
  /** what is still to be asked, about */
  readonly inputTokens: number;
  readonly cost: MicroUsd;
}

const IN_PLACE: ReadonlySet<AiIntent> = new Set<AiIntent>([
  'rewrite',
  'fix-grammar',
  'document',
  'convert-to-systemverilog',
]);

export function strategyOf(request: AiRequest): LongStrategy {
  if (request.intent === 'continue-writing') return 'window';
  // A selection is what is replaced; the document is what one has to know for it.
  return IN_PLACE.has(request.intent) && request.selectionRef?.snapshot === undefined ? 'in-place' : 'digest';
}

/** Answers of a part may be so long, tokens. */
export function partOutput(strategy: LongStrategy, tokens: number, reserved: number): number {
  return Math.min(reserved, Math.max(1_024, strategy === 'in-place' ? tokens * 2 : tokens));
}

/** What an answer of a part is likely to have, for prices told beforehand. */
export const expectedOutput = (strategy: LongStrategy, tokens: number): number =>
  strategy === 'in-place' ? tokens : Math.max(64, Math.ceil(tokens / 5));
