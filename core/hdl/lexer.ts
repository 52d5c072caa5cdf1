// The one reader of Verilog text beside the syntax tree of the language worker and the expression lexer of structured
// specifications. `lex(text)` gives every piece of a source in order; `codeOf(text)` only what is code. Both run in
// linear time on any text, never throw, and pass over what they cannot read one character at a time.
//
// Kinds: `word` (identifier or keyword), `escaped` (`\any+thing `, its text without the backslash, never a keyword),
// `number` (with its size and base: `8'hff`, `'0`, `1.5ns`), `string` (with its quotes), `system` (`$name`), `macro`
// (a use: `` `NAME ``), `directive` (its text is the directive's word, its extent the whole of it: `` `define `` to the
// end of its last line, `` `ifdef `` with its name), `operator` (longest match), and the trivia `comment` and
// `attribute` (`(* … *)`). A macro's body is text of its directive; core/hdl/preprocess.ts expands it.
import { compilerDirective, directiveEnd } from './directives.ts';

export type TokenKind = 'word' | 'escaped' | 'number' | 'string' | 'system' | 'macro' | 'operator' | TriviaKind;
export type TriviaKind = 'directive' | 'comment' | 'attribute';

export interface Place {
  readonly file: string;
  /** from 1 */
  readonly line: number;
}

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** offsets in the source, the end behind the last character */
  readonly start: number;
  readonly end: number;
  /** of its first character, from 1 */
  readonly line: number;
}

/** By first character, longest first, so that the first match is the right one. */
const OPERATORS: ReadonlyMap<string, readonly string[]> = byFirst([
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
  '->>',
  '&&&',
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
  '=>',
  '*>',
  '::',
  ':=',
  ':/',
  '##',
]);

function byFirst(operators: readonly string[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const one of operators) map.set(one.charAt(0), [...(map.get(one.charAt(0)) ?? []), one]);
  return map;
}

const BASED = /(?:\d[\d_]*[ \t]{0,8})?'[sS]?[bBoOdDhH][ \t]{0,8}[\da-fA-FxXzZ?_]+|'[01xXzZ](?![\w$])/y;
const PLAIN = /\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?(?:(?:[munpf]?s|step)(?![\w$]))?/y;
const WORD = /[A-Za-z_][\w$]*/y;
const ESCAPED = /\\[^\s]+/y;
const SYSTEM = /\$[A-Za-z_$][\w$]*/y;
const MACRO = /`[A-Za-z_][\w$]*/y;

const SEVERAL_LINES: ReadonlySet<TokenKind> = new Set(['comment', 'attribute', 'directive', 'string']);

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;

/** Every token of a source, trivia included. */
export function lex(source: string): Token[] {
  return new Lexer(source).read();
}

/** The tokens that are code: no comments, attributes and directives. Macro uses are code. */
export function codeOf(source: string): Token[] {
  return lex(source).filter(isCode);
}

export const isCode = ({ kind }: Token): boolean => kind !== 'comment' && kind !== 'attribute' && kind !== 'directive';

/** An identifier, or a keyword: what a name of the source may be compared with. */
export const isWord = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'escaped';

/** This keyword; an escaped identifier of the same letters is none. */
export const isKeyword = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'word' && token.text === text;

class Lexer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Token[] {
    const { length } = this.#source;
    while (this.#at < length) this.#next();
    return this.#tokens;
  }

  #next(): void {
    const source = this.#source;
    const at = this.#at;
    const code = source.charCodeAt(at);
    if (code === 10) {
      this.#line += 1;
      this.#at = at + 1;
    } else if (code <= 32 || code === 0xfeff || code === 0xa0) this.#at = at + 1;
    else if (isLetter(code)) this.#push('word', this.#match(WORD) ?? source.charAt(at));
    else if (isDigit(code) || code === 39) this.#number();
    else if (code === 47) this.#slash();
    else if (code === 34) this.#push('string', source.slice(at, stringEnd(source, at)));
    else if (code === 96) this.#backquote();
    else if (code === 36) this.#take('system', SYSTEM);
    else if (code === 92) this.#escaped();
    else if (code === 40 && isAttribute(source, at))
      this.#push('attribute', source.slice(at, after(source, '*)', at + 2)));
    else this.#operator();
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source)?.[0] ?? null;
  }

  #push(kind: TokenKind, text: string, end = this.#at + text.length): void {
    const start = this.#at;
    this.#tokens.push({ kind, text, start, end, line: this.#line });
    if (SEVERAL_LINES.has(kind))
      for (let index = start; index < end; index++) if (this.#source.charCodeAt(index) === 10) this.#line += 1;
    this.#at = end;
  }

  #take(kind: TokenKind, pattern: RegExp): void {
    const text = this.#match(pattern);
    if (text === null) this.#operator();
    else this.#push(kind, text);
  }

  #number(): void {
    const text = this.#match(BASED) ?? this.#match(PLAIN);
    if (text === null) this.#operator();
    else this.#push('number', text);
  }

  #slash(): void {
    const source = this.#source;
    if (source.startsWith('//', this.#at))
      this.#push('comment', source.slice(this.#at, before(source, '\n', this.#at)));
    else if (source.startsWith('/*', this.#at))
      this.#push('comment', source.slice(this.#at, after(source, '*/', this.#at + 2)));
    else this.#operator();
  }

  #escaped(): void {
    const text = this.#match(ESCAPED);
    if (text === null) this.#operator();
    else this.#push('escaped', text.slice(1), this.#at + text.length);
  }

  #backquote(): void {
    const word = this.#match(MACRO);
    if (word === null) {
      // `` ` ` `` and `` `" `` of macro bodies
      this.#at += 1;
      return;
    }
    const directive = compilerDirective(word);
    if (directive === null) this.#push('macro', word);
    else this.#push('directive', word, directiveEnd(this.#source, this.#at + word.length, directive));
  }

  #operator(): void {
    const first = this.#source.charAt(this.#at);
    let found = OPERATORS.get(first)?.find((one) => this.#source.startsWith(one, this.#at));
    // `default:// nothing`
    if (found === ':/' && /[/*]/.test(this.#source.charAt(this.#at + 2))) found = ':';
    this.#push('operator', found ?? first);
  }
}

/** `(*` begins an attribute unless it is the `(*)` of an event control. */
export function isAttribute(source: string, at: number): boolean {
  if (source.charCodeAt(at + 1) !== 42) return false;
  let next = at + 2;
  while (source.charCodeAt(next) <= 32) next += 1;
  return source.charCodeAt(next) !== 41;
}

export function before(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from);
  return found === -1 ? source.length : found;
}

export function after(source: string, what: string, from: number): number {
  const found = source.indexOf(what, from);
  return found === -1 ? source.length : found + what.length;
}

/** Behind the closing quote; a string that is not closed ends with its line, unless `\` joins the next one to it. */
export function stringEnd(source: string, start: number): number {
  for (let index = start + 1; index < source.length; index++) {
    const code = source.charCodeAt(index);
    if (code === 92) index++;
    else if (code === 34) return index + 1;
    else if (code === 10) return index;
  }
  return source.length;
}
