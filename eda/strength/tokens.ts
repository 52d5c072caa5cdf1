// A token scanner for SystemVerilog, enough to change text at known places without a parser: comments, strings,
// directives and attributes are stepped over.

export type TokenKind = 'word' | 'number' | 'operator' | 'string' | 'system';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** offset in the source */
  readonly start: number;
  readonly end: number;
  /** from 1 */
  readonly line: number;
}

/** Longest first, so that the first match is the right one. */
const OPERATORS = [
  '<<<=',
  '>>>=',
  '===',
  '!==',
  '==?',
  '!=?',
  '<<<',
  '>>>',
  '<<=',
  '>>=',
  '|->',
  '|=>',
  '<->',
  '**',
  '&&',
  '||',
  '==',
  '!=',
  '<=',
  '>=',
  '<<',
  '>>',
  '~&',
  '~|',
  '~^',
  '^~',
  '+:',
  '-:',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '&=',
  '|=',
  '^=',
  '->',
  '::',
  '##',
  '(*',
  '*)',
];
const NUMBER =
  /(?:\d[\d_]*)?\s*'[sS]?[bBoOdDhH]\s*[\da-fA-FxXzZ?_]+|'[01xXzZ]\b|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?(?:[munpf]?s\b)?/y;
const WORD = /[A-Za-z_][\w$]*|\\\S+/y;
const SYSTEM = /\$[\w$]+/y;
const MACRO = /`[A-Za-z_][\w$]*/y;
/** Directives whose line is no code. */
const LINE_DIRECTIVES = new Set([
  '`define',
  '`undef',
  '`ifdef',
  '`ifndef',
  '`elsif',
  '`else',
  '`endif',
  '`include',
  '`timescale',
  '`default_nettype',
  '`pragma',
  '`line',
  '`resetall',
  '`celldefine',
  '`endcelldefine',
  '`begin_keywords',
  '`end_keywords',
  '`unconnected_drive',
  '`nounconnected_drive',
]);

/** Tokens of a source; runs in linear time on any text. */
export function scanTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const skipTo = (end: number): void => {
    for (let index = source.indexOf('\n', at); index !== -1 && index < end; index = source.indexOf('\n', index + 1))
      line++;
    at = end;
  };
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  const push = (kind: TokenKind, text: string): void => {
    tokens.push({ kind, text, start: at, end: at + text.length, line });
    skipTo(at + text.length);
  };
  while (at < source.length) {
    const char = source.charAt(at);
    if (char === '\n') {
      line++;
      at++;
      continue;
    }
    if (char <= ' ') {
      at++;
      continue;
    }
    if (source.startsWith('//', at)) {
      skipTo(until(source, '\n', at));
      continue;
    }
    if (source.startsWith('/*', at)) {
      skipTo(Math.min(source.length, until(source, '*/', at + 2) + 2));
      continue;
    }
    if (source.startsWith('(*', at) && !/^\(\*\s*\)/.test(source.slice(at, at + 16))) {
      skipTo(Math.min(source.length, until(source, '*)', at + 2) + 2));
      continue;
    }
    if (char === '"') {
      push('string', source.slice(at, stringEnd(source, at)));
      continue;
    }
    if (char === '`') {
      const macro = match(MACRO);
      if (macro === null) {
        at++;
        continue;
      }
      if (LINE_DIRECTIVES.has(macro)) skipTo(directiveEnd(source, at));
      else push('word', macro);
      continue;
    }
    const number = char === "'" || (char >= '0' && char <= '9') ? match(NUMBER) : null;
    if (number !== null) {
      push('number', number);
      continue;
    }
    const word = match(WORD);
    if (word !== null) {
      push('word', word);
      continue;
    }
    const system = match(SYSTEM);
    if (system !== null) {
      push('system', system);
      continue;
    }
    push('operator', OPERATORS.find((one) => source.startsWith(one, at)) ?? char);
  }
  return tokens;
}

function until(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from);
  return found === -1 ? source.length : found;
}

function stringEnd(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index++) {
    const char = source.charAt(index);
    if (char === '\\') index++;
    else if (char === '"' || char === '\n') return index + 1;
  }
  return source.length;
}

/** The end of the line, and of the lines that `\` joins to it. */
function directiveEnd(source: string, start: number): number {
  let end = until(source, '\n', start);
  while (end < source.length && source.charAt(end - 1) === '\\') end = until(source, '\n', end + 1);
  return end;
}

const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);

/** Index of the token that closes the bracket at `open`, or the last token. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index++) {
    const { kind, text } = tokens[index] ?? { kind: 'operator', text: '' };
    if (kind !== 'operator') continue;
    if (OPEN.has(text)) depth++;
    else if (CLOSE.has(text) && --depth === 0) return index;
  }
  return tokens.length - 1;
}

/** Index of the next token with this text at bracket depth 0, or the number of tokens. */
export function nextAtDepth(tokens: readonly Token[], from: number, text: string): number {
  for (let index = from; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.text === text && token.kind !== 'string') return index;
    if (token.kind === 'operator' && OPEN.has(token.text)) index = closing(tokens, index);
  }
  return tokens.length;
}
