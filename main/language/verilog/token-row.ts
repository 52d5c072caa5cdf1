// The code of a source as a row of tokens, and moves in it that every part of the reader needs. Indices are into the
// row; all moves bound themselves, whatever is missing in a text that is being typed.
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import type { PathStep, TypeName } from '../model.ts';
import { NAME_LIKE, STOPS } from './keywords.ts';
import { tokensOf } from './tokens.ts';

/** A compiler directive with the index of the code that follows it. */
export interface Directive {
  readonly at: number;
  readonly token: Token;
}

export class TokenRow {
  readonly text: string;
  readonly keywords: ReadonlySet<string>;
  readonly code: Token[] = [];
  readonly directives: Directive[] = [];
  readonly comments: Token[] = [];

  constructor(text: string, keywords: ReadonlySet<string>) {
    this.text = text;
    this.keywords = keywords;
    for (const token of tokensOf(text)) {
      if (token.kind === 'directive') this.directives.push({ at: this.code.length, token });
      else if (token.kind === 'comment') this.comments.push(token);
      else if (token.kind !== 'attribute') this.code.push(token);
    }
  }

  get length(): number {
    return this.code.length;
  }

  is(at: number, text: string): boolean {
    const token = this.code[at];
    return token?.text === text && token.kind !== 'string' && token.kind !== 'escaped';
  }

  /** The reserved word at `at`, else an empty text. */
  keyword(at: number): string {
    const token = this.code[at];
    return token?.kind === 'word' && this.keywords.has(token.text) ? token.text : '';
  }

  isName(at: number): boolean {
    const token = this.code[at];
    return token?.kind === 'escaped' || (token?.kind === 'word' && !this.keywords.has(token.text));
  }

  name(at: number): string {
    return this.code[at]?.text ?? '';
  }

  start(at: number): number {
    return this.code[at]?.start ?? this.text.length;
  }

  /** Offset behind the token; of an index before the row its beginning. */
  end(at: number): number {
    return at < 0 ? 0 : (this.code[Math.min(at, this.code.length - 1)]?.end ?? this.text.length);
  }

  slice(from: number, to: number): string {
    return from >= to ? '' : this.text.slice(this.start(from), this.end(to - 1));
  }

  sameLine(a: number, b: number): boolean {
    return this.code[a]?.line === this.code[b]?.line;
  }

  #isStop(at: number): boolean {
    const word = this.keyword(at);
    return STOPS.has(word) && (word !== 'always' || this.is(at + 1, '@') || this.is(at + 1, '#'));
  }

  /** Behind the bracket that closes the one at `at`; before a word that no bracket holds. */
  past(at: number): number {
    let depth = 0;
    for (let index = at; index < this.code.length; index += 1) {
      const token = this.code[index];
      if (token?.kind === 'operator') {
        if (token.text === '(' || token.text === '[' || token.text === '{') depth += 1;
        else if (token.text === ')' || token.text === ']' || token.text === '}') {
          depth -= 1;
          if (depth <= 0) return index + 1;
        }
      } else if (token?.kind === 'word' && this.#isStop(index)) return index;
    }
    return this.code.length;
  }

  /** Index of the first of `marks` outside brackets, of a word that ends the statement, or of the end. */
  find(from: number, marks: string, end = this.code.length): number {
    for (let index = from; index < end; index += 1) {
      const token = this.code[index];
      if (token?.kind === 'operator') {
        if (token.text.length === 1 && marks.includes(token.text)) return index;
        if (token.text === '(' || token.text === '[' || token.text === '{') index = this.past(index) - 1;
      } else if (token?.kind === 'word' && (this.#isStop(index) || ENDS_STATEMENT.has(this.keyword(index))))
        return index;
    }
    return Math.min(end, this.code.length);
  }

  /** Behind the `;` that ends the statement, or before what cannot belong to it. */
  pastStatement(from: number): number {
    const end = this.find(from, ';');
    return this.is(end, ';') ? end + 1 : Math.max(end, from);
  }

  /** Parts between commas outside brackets, as index ranges. */
  split(from: number, end: number): [number, number][] {
    const parts: [number, number][] = [];
    for (let at = from; at < end; ) {
      let comma = at;
      while (comma < end && !this.is(comma, ',')) {
        const token = this.code[comma];
        comma =
          token?.kind === 'operator' && (token.text === '(' || token.text === '[' || token.text === '{')
            ? Math.min(end, Math.max(comma + 1, this.past(comma)))
            : comma + 1;
      }
      if (comma > at) parts.push([at, comma]);
      at = comma + 1;
    }
    return parts;
  }

  /** Behind `[…]…` at `at`. */
  pastRanges(at: number): number {
    let index = at;
    while (this.is(index, '[')) index = this.past(index);
    return index;
  }

  /** Behind `#(…)` or `#5` at `at`. */
  pastDelay(at: number): number {
    if (!this.is(at, '#')) return at;
    return this.is(at + 1, '(') ? this.past(at + 1) : at + 2;
  }

  /** Behind a macro's use with its arguments. */
  pastMacro(at: number): number {
    return this.is(at + 1, '(') ? this.past(at + 1) : at + 1;
  }

  /** `a`, `pkg::t`, `cls#(8)::t`, `bus_if.slave`: the name with what qualifies it, and the index behind it. */
  typeName(at: number): { readonly type: TypeName; readonly next: number } | null {
    const path: PathStep[] = [];
    for (let index = at; ; ) {
      const token = this.code[index];
      if (token === undefined || !(this.isName(index) || NAME_LIKE.has(token.text) || token.kind === 'system'))
        return null;
      let next = index + 1;
      if (this.is(next, '#') && this.is(next + 1, '(')) {
        const behind = this.past(next + 1);
        // of an instance the parameters are no part of the name
        if (this.is(behind, '::')) next = behind;
      }
      const separator = this.is(next, '::') ? '::' : this.is(next, '.') ? '.' : null;
      if (separator === null || !(this.isName(next + 1) || NAME_LIKE.has(this.name(next + 1))))
        return { type: { path, name: token.text }, next };
      path.push({ name: token.text, separator });
      index = next + 1;
    }
  }
}

const ENDS_STATEMENT: ReadonlySet<string> = new Set(['begin', 'end', 'join', 'join_any', 'join_none', 'fork']);
