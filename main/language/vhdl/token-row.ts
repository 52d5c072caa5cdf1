// The code of a VHDL source as a row of tokens, and moves in it. Indices are into the row.
import { lexVhdl } from '@genrtl/core/vhdl/lexer.ts';
import type { VhdlToken } from '@genrtl/core/vhdl/lexer.ts';
import type { PathStep, TypeName } from '../model.ts';
import { VHDL_KEYWORDS } from './keywords.ts';

/** Never inside brackets: what is still open there was not finished. */
const STOPS: ReadonlySet<string> = new Set(
  'begin end architecture entity process component package library use then loop is'.split(' '),
);

export class VhdlRow {
  readonly text: string;
  readonly code: VhdlToken[] = [];
  readonly comments: VhdlToken[] = [];

  constructor(text: string) {
    this.text = text;
    for (const token of lexVhdl(text)) (token.kind === 'comment' ? this.comments : this.code).push(token);
  }

  get length(): number {
    return this.code.length;
  }

  /** A keyword or a mark. */
  is(at: number, key: string): boolean {
    const token = this.code[at];
    return token?.key === key && (token.kind === 'word' || token.kind === 'mark');
  }

  keyword(at: number): string {
    const token = this.code[at];
    return token?.kind === 'word' && VHDL_KEYWORDS.has(token.key) ? token.key : '';
  }

  isName(at: number): boolean {
    return this.code[at]?.kind === 'word' && this.keyword(at) === '';
  }

  name(at: number): string {
    return this.code[at]?.text ?? '';
  }

  start(at: number): number {
    return this.code[at]?.start ?? this.text.length;
  }

  end(at: number): number {
    return at < 0 ? 0 : (this.code[Math.min(at, this.code.length - 1)]?.end ?? this.text.length);
  }

  slice(from: number, to: number): string {
    return from >= to ? '' : this.text.slice(this.start(from), this.end(to - 1));
  }

  /** Behind the bracket that closes the one at `at`; before a word that no bracket holds. */
  past(at: number): number {
    let depth = 0;
    for (let index = at; index < this.code.length; index += 1) {
      if (this.is(index, '(')) depth += 1;
      else if (this.is(index, ')')) {
        depth -= 1;
        if (depth <= 0) return index + 1;
      } else if (STOPS.has(this.keyword(index)) && !this.#isGenericUnit(index)) return index;
    }
    return this.code.length;
  }

  /** `generic (package p is new …; procedure q is <>)` */
  #isGenericUnit(at: number): boolean {
    return (
      this.is(at, 'package') ||
      (this.is(at, 'is') && (this.is(at + 1, 'new') || this.is(at + 1, '<>') || this.isName(at + 1)))
    );
  }

  /** Index of the first of the words or marks outside brackets, of `;`, or of the end. */
  find(from: number, ...keys: string[]): number {
    for (let index = from; index < this.code.length; index += 1) {
      if (this.is(index, ';') || keys.some((key) => this.is(index, key))) return index;
      if (this.is(index, '(')) index = this.past(index) - 1;
    }
    return this.code.length;
  }

  pastStatement(from: number): number {
    const end = this.find(from, 'begin', 'end');
    return this.is(end, ';') ? end + 1 : Math.max(end, from);
  }

  /** Parts between `mark` outside brackets. */
  split(from: number, end: number, mark: string): [number, number][] {
    const parts: [number, number][] = [];
    let first = from;
    for (let at = from; at < end; at += 1) {
      if (this.is(at, '(')) at = Math.min(end, this.past(at)) - 1;
      else if (this.is(at, mark)) {
        if (at > first) parts.push([first, at]);
        first = at + 1;
      }
    }
    if (end > first) parts.push([first, end]);
    return parts;
  }

  /** `lib.pkg.t` at `at`; the index behind it. */
  typeName(at: number): { readonly type: TypeName; readonly next: number } | null {
    const path: PathStep[] = [];
    for (let index = at; this.isName(index); index += 2) {
      if (!this.is(index + 1, '.') || !this.isName(index + 2))
        return { type: { path, name: this.name(index) }, next: index + 1 };
      path.push({ name: this.name(index), separator: '.' });
    }
    return null;
  }
}
