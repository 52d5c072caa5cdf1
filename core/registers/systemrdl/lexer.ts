// Tokens of SystemRDL 2.0 (Accellera 2018), comments gone, Verilog's preprocessor directives followed. Included files
// are not read; Perl sections are not run. Both are said.
import type { NoteList } from '../../documents/note-list.ts';
import { MacroTable, readDefinition } from '../../hdl/macros.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly line: number;
}

const SIGNS = /<<|>>|<=|>=|==|!=|&&|\|\||\*\*|~\^|\^~|~&|~\||\+=|%=|->|::|[-+*/%&|^~!<>=?:;,.(){}[\]@#']/y;
const WORD = /\\?[A-Za-z_]\w*/y;
const NUMBER = /\d*'[bodhBODH][0-9a-fA-F_xXzZ]+|0[xX][0-9a-fA-F_]+|\d[\d_]*/y;
const MAX_TOKENS = 2_000_000;
const MAX_EXPANSIONS = 100_000;

/** Never throws: signs that belong to nothing are said and passed over. */
export function tokensOf(text: string, notes: NoteList): Token[] {
  const lexer = new Lexer(notes);
  lexer.read(text, 1);
  return lexer.tokens;
}

class Lexer {
  readonly tokens: Token[] = [];
  readonly #notes: NoteList;
  readonly #macros = new MacroTable();
  /** open conditionals, innermost last */
  readonly #branches: { live: boolean; taken: boolean }[] = [];
  /** macros that the text came through: none is expanded inside itself */
  readonly #within: string[] = [];
  #expansions = 0;
  #text = '';
  #at = 0;
  #line = 1;

  constructor(notes: NoteList) {
    this.#notes = notes;
  }

  /** The text of a macro has the line of its outermost use. */
  read(text: string, line: number): void {
    const outer = { text: this.#text, at: this.#at, line: this.#line };
    [this.#text, this.#at, this.#line] = [text, 0, line];
    while (this.#at < this.#text.length && this.tokens.length < MAX_TOKENS) this.#next();
    [this.#text, this.#at, this.#line] = [outer.text, outer.at, outer.line];
    if (this.#within.length === 0) this.tokens.push({ kind: 'end', text: 'the end of the file', line: this.#line });
  }

  get #live(): boolean {
    return this.#branches.every((branch) => branch.live);
  }

  #next(): void {
    const sign = this.#text[this.#at] ?? '';
    if (/\s/.test(sign)) this.#advance(this.#at + 1);
    else if (this.#text.startsWith('//', this.#at)) this.#advance(this.#until('\n', this.#at, false));
    else if (this.#text.startsWith('/*', this.#at)) this.#advance(this.#until('*/', this.#at + 2, true));
    else if (this.#text.startsWith('<%', this.#at)) {
      this.#notes.add(
        'notUnderstood',
        { what: 'Perl code', text: this.#text.slice(this.#at, this.#at + 60) },
        { line: this.#line },
      );
      this.#advance(this.#until('%>', this.#at + 2, true));
    } else if (sign === '`') this.#directive();
    else if (!this.#live) this.#advance(this.#until('\n', this.#at, false));
    else if (sign === '"') this.#string();
    else this.#push();
  }

  #advance(to: number): void {
    for (let at = this.#at; at < to; at += 1) if (this.#text[at] === '\n') this.#line += 1;
    this.#at = Math.max(to, this.#at + 1);
  }

  #until(mark: string, from: number, behind: boolean): number {
    const found = this.#text.indexOf(mark, from);
    return found < 0 ? this.#text.length : found + (behind ? mark.length : 0);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }

  #push(): void {
    const number = this.#match(NUMBER);
    const word = number === undefined ? this.#match(WORD) : undefined;
    const sign = number === undefined && word === undefined ? this.#match(SIGNS) : undefined;
    const text = number ?? word ?? sign;
    if (text === undefined) {
      this.#notes.add('notUnderstood', { what: 'a sign', text: this.#text[this.#at] ?? '' }, { line: this.#line });
      this.#at += 1;
      return;
    }
    const kind = number !== undefined ? 'number' : word !== undefined ? 'word' : 'sign';
    this.tokens.push({ kind, text: kind === 'word' ? text.replace('\\', '') : text, line: this.#line });
    this.#at += text.length;
  }

  /** Strings may run over lines. */
  #string(): void {
    const line = this.#line;
    let text = '';
    let at = this.#at + 1;
    for (; at < this.#text.length && this.#text[at] !== '"'; at += 1) {
      if (this.#text[at] === '\\' && /["\\]/.test(this.#text[at + 1] ?? '')) at += 1;
      text += this.#text[at] ?? '';
    }
    this.tokens.push({ kind: 'string', text, line });
    this.#advance(at + 1);
  }

  #directive(): void {
    const word = this.#match(/`\w+/y) ?? '`';
    const line = this.#line;
    if (/^`(define|undef|include|ifdef|ifndef|elsif|else|endif|line|pragma|timescale|default_nettype)$/.test(word)) {
      let end = this.#until('\n', this.#at, false);
      if (word === '`define')
        while (/\\\r?$/.test(this.#text.slice(this.#at, end)) && end < this.#text.length)
          end = this.#until('\n', end + 1, false);
      if (word === '`else' || word === '`endif') end = this.#at + word.length;
      const rest = this.#text
        .slice(this.#at + word.length, end)
        .replace(/\/\/.*$/, '')
        .trim();
      this.#advance(end);
      this.#apply(word, rest, line);
      return;
    }
    this.#at += word.length;
    if (!this.#live) return;
    const macro = this.#macros.get(word.slice(1))[0];
    this.#expansions += 1;
    if (macro === undefined || this.#within.includes(macro.name) || this.#expansions > MAX_EXPANSIONS) {
      this.#notes.add('notUnderstood', { what: 'a macro', text: word }, { line });
      return;
    }
    const actuals = macro.formals === null ? [] : this.#actuals();
    this.#within.push(macro.name);
    this.read(macro.expand(actuals), line);
    this.#within.pop();
  }

  #apply(word: string, rest: string, line: number): void {
    const name = /^\w+/.exec(rest)?.[0] ?? '';
    const branch = this.#branches.at(-1);
    switch (word) {
      case '`ifdef':
      case '`ifndef': {
        const holds = this.#macros.has(name) === (word === '`ifdef');
        this.#branches.push({ live: holds, taken: holds });
        return;
      }
      case '`elsif':
        if (branch !== undefined) {
          branch.live = !branch.taken && this.#macros.has(name);
          branch.taken ||= branch.live;
        }
        return;
      case '`else':
        if (branch !== undefined) branch.live = !branch.taken;
        return;
      case '`endif':
        this.#branches.pop();
        return;
      default:
        if (!this.#live) return;
    }
    if (word === '`define') {
      const macro = readDefinition(rest, { file: '', line });
      if (macro !== null) this.#macros.define(macro, false);
    } else if (word === '`undef') this.#macros.undefine(name);
    else if (word === '`include')
      this.#notes.add('includeNotRead', { name: /^["<]([^">]*)/.exec(rest)?.[1] ?? rest }, { line });
  }

  /** The arguments of a macro use, at the bracket behind its name. */
  #actuals(): string[] {
    const open = this.#match(/\s*\(/y);
    if (open === undefined) return [];
    this.#advance(this.#at + open.length);
    const actuals: string[] = [];
    let [depth, from] = [0, this.#at];
    for (let at = this.#at; at < this.#text.length; at += 1) {
      const sign = this.#text[at] ?? '';
      if ('([{'.includes(sign)) depth += 1;
      else if (depth === 0 && (sign === ',' || sign === ')')) {
        actuals.push(this.#text.slice(from, at).trim());
        from = at + 1;
        if (sign === ')') {
          this.#advance(at + 1);
          return actuals;
        }
      } else if (')]}'.includes(sign)) depth -= 1;
    }
    this.#advance(this.#text.length);
    return actuals;
  }
}
