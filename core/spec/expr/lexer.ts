// Cuts an expression into tokens. Every character is looked at a bounded number of times.
import type { Literal } from './ast.ts';
import { scanLiteral, skipSpace, type SyntaxFault } from './literal.ts';

export type Token =
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'literal'; readonly text: ''; readonly literal: Literal; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

/** Longest first, so that `<<<` is not read as `<<` and `<`. */
const SYMBOLS = [
  '<<<',
  '>>>',
  '===',
  '!==',
  '**',
  '<<',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
  '~&',
  '~|',
  '~^',
  '^~',
  '+:',
  '-:',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '~',
  '!',
  '<',
  '>',
  '?',
  ':',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '.',
];

/** Tokens with a closing `end`, or what stands where no token can. */
export function tokenize(text: string): { tokens: Token[] } | SyntaxFault {
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/[0-9']/.test(character)) {
      const scan = scanLiteral(text, at);
      if ('error' in scan) return scan;
      tokens.push({ kind: 'literal', text: '', literal: scan.literal, at });
      at = scan.end;
    } else if (/[A-Za-z_$]/.test(character)) {
      let end = at + 1;
      while (end < text.length && /[A-Za-z0-9_$]/.test(text[end] ?? '')) end += 1;
      tokens.push({ kind: 'name', text: text.slice(at, end), at });
      at = end;
    } else {
      const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
      if (symbol === undefined) return { error: `unexpected character ${JSON.stringify(character)}` };
      tokens.push({ kind: 'symbol', text: symbol, at });
      at += symbol.length;
    }
    at = skipSpace(text, at);
  }
  tokens.push({ kind: 'end', text: '', at });
  return { tokens };
}
