// VHDL text as tokens with their places (IEEE 1076-2008 clause 15). Linear in the text, never throws, passes over what
// it cannot read one character at a time. Words are kept as written beside their form for comparing: letter case counts
// in extended identifiers only.
export type VhdlTokenKind = 'word' | 'number' | 'string' | 'character' | 'mark' | 'comment';

export interface VhdlToken {
  readonly kind: VhdlTokenKind;
  readonly text: string;
  /** in lower case, apart from extended identifiers */
  readonly key: string;
  /** offsets in the source, the end behind the last character */
  readonly start: number;
  readonly end: number;
  /** of its first character, from 1 */
  readonly line: number;
}

const WORD = /[A-Za-z][\w]*/y;
const EXTENDED = /\\(?:[^\\\n]|\\\\)*\\/y;
const NUMBER = /\d[\d_]*(?:#[\w.]*#(?:[eE][+-]?\d+)?|(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?)/y;
const STRING = /"(?:[^"\n]|"")*"?/y;
const MARKS = ['?/=', '?<=', '?>=', '=>', '**', ':=', '/=', '>=', '<=', '<>', '??', '?=', '?<', '?>', '<<', '>>'];

export function lexVhdl(source: string): VhdlToken[] {
  const tokens: VhdlToken[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  const push = (kind: VhdlTokenKind, text: string): void => {
    const key = kind === 'word' && !text.startsWith('\\') ? text.toLowerCase() : text;
    tokens.push({ kind, text, key, start: at, end: at + text.length, line });
    at += text.length;
    if (kind === 'comment') for (const char of text) if (char === '\n') line += 1;
  };
  while (at < source.length) {
    const code = source.charCodeAt(at);
    const text = source.charAt(at);
    if (code <= 32 || code === 0xa0 || code === 0xfeff) {
      if (code === 10) line += 1;
      at += 1;
    } else if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) push('word', match(WORD) ?? text);
    else if (code >= 48 && code <= 57) push('number', match(NUMBER) ?? text);
    else if (code === 34) push('string', match(STRING) ?? text);
    else if (code === 92) {
      const extended = match(EXTENDED);
      push(extended === null ? 'mark' : 'word', extended ?? text);
    } else if (source.startsWith('--', at)) push('comment', source.slice(at, lineEnd(source, at)));
    else if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2);
      push('comment', source.slice(at, end === -1 ? source.length : end + 2));
    } else if (code === 39 && source.charCodeAt(at + 2) === 39 && !isName(tokens.at(-1)))
      push('character', source.slice(at, at + 3));
    else push('mark', MARKS.find((mark) => source.startsWith(mark, at)) ?? text);
  }
  return tokens;
}

/** Behind a name or a bracket `'` is the mark of an attribute or of a qualified expression. */
const isName = (token: VhdlToken | undefined): boolean =>
  token !== undefined && (token.kind === 'word' || token.text === ')' || token.text === ']' || token.kind === 'string');

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end === -1 ? source.length : end;
}
