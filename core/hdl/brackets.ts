// Brackets, lists and statements in a row of code tokens. All indices are into the row.
import type { Token } from './lexer.ts';

const OPEN: ReadonlySet<string> = new Set(['(', '[', '{']);
const CLOSE: ReadonlySet<string> = new Set([')', ']', '}']);

export const opens = (token: Token | undefined): boolean => token?.kind === 'operator' && OPEN.has(token.text);
export const closes = (token: Token | undefined): boolean => token?.kind === 'operator' && CLOSE.has(token.text);

/** Index of the token that closes the bracket at `open`, or the last one before `end`. */
export function closing(tokens: readonly Token[], open: number, end = tokens.length): number {
  let depth = 0;
  for (let index = open; index < end; index++) {
    if (opens(tokens[index])) depth++;
    else if (closes(tokens[index]) && --depth === 0) return index;
  }
  return end - 1;
}

/** Index of the next token with this text outside brackets, or `end`. */
export function nextAtDepth(tokens: readonly Token[], from: number, text: string, end = tokens.length): number {
  for (let index = from; index < end; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.text === text && token.kind !== 'string') return index;
    if (opens(token)) index = closing(tokens, index, end);
  }
  return end;
}

/** The parts between commas outside brackets; empty parts are left out. */
export function splitAtCommas<T extends Token>(tokens: readonly T[]): T[][] {
  const parts: T[][] = [];
  let from = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (opens(token)) index = closing(tokens, index);
    else if (token?.text === ',' && token.kind === 'operator') {
      parts.push(tokens.slice(from, index));
      from = index + 1;
    }
  }
  parts.push(tokens.slice(from));
  return parts.filter((part) => part.length > 0);
}

/** The tokens as text again, one blank between two; an escaped name gets its backslash and blank back. */
export function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ kind, text }) => (kind === 'escaped' ? `\\${text} ` : text)).join(' ');
}
