// Local token counts: for bounds before a call and for usage that a server did not report.
import { hash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** The tokenizer's tables take a third of a second to load: not at the start of a backend that may never need them. */
let tokenizer: { readonly countTokens: typeof countTokens } | undefined;

function loadTokenizer(): { readonly countTokens: typeof countTokens } {
  tokenizer ??= createRequire(import.meta.url)('gpt-tokenizer/encoding/o200k_base') as {
    readonly countTokens: typeof countTokens;
  };
  return tokenizer;
}

/** Longest piece handed to the tokenizer at once: byte-pair merging is quadratic in a run without a break. */
const MAX_RUN = 400;
const RUNS = new RegExp(`[^\\s]{${String(MAX_RUN)}}|\\s{${String(MAX_RUN)}}`, 'gu');
/** Beyond this many characters a sample decides: counting 10 MB takes a second of the event loop. */
const SAMPLE_OVER = 1_000_000;
const SAMPLES = 16;
const SAMPLE_CHARS = 32_768;

/**
 * Tokens of the text by the o200k encoding. Exact for shorter texts up to splits inside runs of 400 characters;
 * texts over a million characters are extrapolated from 16 evenly spread samples.
 */
export function countTextTokens(text: string): number {
  if (text.length < LEAST_KNOWN_CHARS) return count(text);
  // The same words are counted for fit, worst case, budget and usage, and a template's with each question. What is
  // remembered is a hash: no text outlives its run.
  const key = hash('sha256', text, 'base64');
  const known = KNOWN.get(key);
  if (known !== undefined) return known;
  const tokens = countLong(text);
  KNOWN.set(key, tokens);
  if (KNOWN.size > MOST_KNOWN) KNOWN.delete(KNOWN.keys().next().value ?? '');
  return tokens;
}

/** A shorter text is counted as fast as it is looked up. */
const LEAST_KNOWN_CHARS = 64;
const MOST_KNOWN = 2_000;
const KNOWN = new Map<string, number>();

function countLong(text: string): number {
  if (text.length <= SAMPLE_OVER) return count(text);
  const stride = (text.length - SAMPLE_CHARS) / (SAMPLES - 1);
  let tokens = 0;
  for (let index = 0; index < SAMPLES; index += 1) {
    const start = Math.floor(index * stride);
    tokens += count(text.slice(start, start + SAMPLE_CHARS));
  }
  return Math.ceil(tokens * (text.length / (SAMPLES * SAMPLE_CHARS)));
}

function count(text: string): number {
  if (text === '') return 0;
  let tokens = 0;
  let from = 0;
  for (const run of text.matchAll(RUNS)) {
    const end = run.index + run[0].length;
    tokens += countPiece(text.slice(from, end));
    from = end;
  }
  return tokens + countPiece(text.slice(from));
}

function countPiece(piece: string): number {
  // A specification may hold "<|endoftext|>" as plain text; without the empty set the tokenizer throws.
  return piece === '' ? 0 : loadTokenizer().countTokens(piece, { disallowedSpecial: new Set() });
}

/** Tokens that the wire's framing of a message costs. */
export const MESSAGE_OVERHEAD = 12;

/**
 * No tokenizer in use needs more: twice the o200k count, but never more than one token a byte, which no byte-level
 * encoding exceeds. Other encodings need up to about 1.6 times as many tokens for code.
 */
export function maxTextTokens(text: string): number {
  return Math.min(countTextTokens(text) * 2, Buffer.byteLength(text, 'utf8'));
}
