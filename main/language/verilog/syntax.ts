// What cannot be (System)Verilog whatever surrounds it: brackets and blocks without their other half, statements that
// run into the next one, lists with a comma too many or too few, operators without an operand. Read from tokens, at
// once after a key. It claims only what is sure: macros stand for anything, and of conditional code only what is wrong
// with all names defined and with none.
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import type { SyntaxFault } from '../model.ts';
import { activeCode } from './branches.ts';
import { opensBlock } from './blocks.ts';
import { CLOSING_WORDS } from '@genrtl/core/hdl/blocks.ts';
import { KEYWORDS } from '@genrtl/core/hdl/keywords.ts';
import { DIRECTIONS, keywordsOf, NETS } from './keywords.ts';
import { tokensOf } from './tokens.ts';

const MAX_FAULTS = 50;
/** Encrypted parts are no text to judge. */
const ENCRYPTED = /`(?:pragma[ \t]+protect|protected|protect)\b/;

export function verilogFaults(path: string, text: string): SyntaxFault[] {
  if (ENCRYPTED.test(text)) return [];
  const keywords = keywordsOf(path, text);
  const tokens = tokensOf(text);
  const all = new Reading(activeCode(text, tokens, true), keywords).faults();
  if (all.length === 0 || !tokens.some(({ kind, text: word }) => kind === 'directive' && word.startsWith('`if')))
    return all;
  const key = ({ code, start }: SyntaxFault): string => `${code} ${start}`;
  const none = new Set(new Reading(activeCode(text, tokens, false), keywords).faults().map(key));
  return all.filter((fault) => none.has(key(fault)));
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

interface Open {
  readonly token: Token;
  /** what closes it */
  readonly closer: string;
  readonly bracket: boolean;
  /** arguments of a macro: anything may stand there */
  readonly opaque: boolean;
  /** the header of a `for` has semicolons */
  readonly loop: boolean;
  /** `.name(`: its bracket belongs to a connection */
  readonly connection: boolean;
  /** list of connections by name, or of declarations with directions: nothing is left empty in it */
  strict: boolean;
  /** index of the bracket that closed its last connection */
  connected: number;
}

/** Words that begin a statement or an item, and never stand inside one. */
const BEGINS: ReadonlySet<string> =
  words(`assign always always_ff always_comb always_latch initial typedef module macromodule endmodule
  endinterface endprogram endpackage endclass endfunction endtask endcase endgenerate end`);
/** The same, where an assignment stands before them. */
const BEGINS_BEHIND_ASSIGNMENT: ReadonlySet<string> = new Set([
  ...BEGINS,
  ...words(`if else for case casez casex while forever return begin localparam genvar`),
]);
/** Words of declarations that no name stands before. */
const DECLARES: ReadonlySet<string> = new Set([...NETS, 'logic', 'reg', 'integer', 'real', 'genvar', 'localparam']);
/** Blocks with a grammar of their own, in which only brackets and blocks are looked at. */
const OWN_GRAMMAR: ReadonlySet<string> = words(
  `endprimitive endtable endproperty endsequence endgroup endclocking endconfig endspecify endchecker`,
);
/** `end` closes nothing beyond these. */
const WALLS: ReadonlySet<string> = words(
  `endmodule endinterface endprogram endpackage endclass endfunction endtask endproperty`,
);
const OPERATORS: ReadonlySet<string> = words(`+ - / % & | ^ ~ ! && || == != === !== < > >= << >> = ? <= ~& ~| ~^`);
const BRACKETS: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

class Reading {
  readonly #code: readonly Token[];
  readonly #keywords: ReadonlySet<string>;
  readonly #stack: Open[] = [];
  readonly #faults: SyntaxFault[] = [];
  /** first token of the statement */
  #from = 0;
  #assigned = false;
  #macro = false;
  /** one missing half makes all blocks behind it wrong: only the first is told */
  #unbalanced = false;

  constructor(code: readonly Token[], keywords: ReadonlySet<string>) {
    this.#code = code;
    this.#keywords = keywords;
  }

  faults(): SyntaxFault[] {
    for (let at = 0; at < this.#code.length && this.#faults.length < MAX_FAULTS; at += 1) {
      const token = this.#code[at];
      if (token === undefined) break;
      if (token.kind === 'operator') this.#operator(at, token);
      else if (token.kind === 'macro') this.#macro = true;
      else if (token.kind === 'word') this.#word(at, token);
    }
    const open = this.#stack.at(-1);
    if (open !== undefined) this.#unclosed(open, null);
    return this.#faults;
  }

  #say(code: SyntaxFault['code'], token: Token, other: string | null = null): void {
    this.#faults.push({ code, name: token.text, other, start: token.start, end: token.end });
  }

  #unclosed(open: Open, before: Token | null): void {
    if (open.opaque) return;
    if (!open.bracket) {
      if (this.#unbalanced) return;
      this.#unbalanced = true;
    }
    this.#say('unclosed', open.token, before === null ? open.closer : `${open.closer}, ${before.text}`);
  }

  #keyword(at: number): string {
    const token = this.#code[at];
    return token?.kind === 'word' && this.#keywords.has(token.text) ? token.text : '';
  }

  #isName(at: number): boolean {
    const token = this.#code[at];
    return token?.kind === 'escaped' || (token?.kind === 'word' && !KEYWORDS.has(token.text));
  }

  #is(at: number, text: string): boolean {
    const token = this.#code[at];
    return token?.kind === 'operator' && token.text === text;
  }

  /** The innermost bracket, when it is nearer than the innermost block. */
  get #bracket(): Open | null {
    const open = this.#stack.at(-1);
    return open?.bracket === true ? open : null;
  }

  #newStatement(from: number): void {
    this.#from = from;
    this.#assigned = false;
    this.#macro = false;
  }

  #operator(at: number, token: Token): void {
    const { text } = token;
    const bracket = this.#bracket;
    const closer = BRACKETS.get(text);
    if (closer !== undefined) this.#openBracket(at, token, closer);
    else if (text === ')' || text === ']' || text === '}') this.#closeBracket(at, token);
    else if (text === ';') this.#semicolon(at);
    else if (bracket === null) {
      if (text === '=' || text === '<=') this.#assigned = true;
    } else if (text === '.' && bracket.connected === at - 1 && bracket.connected !== -1 && !bracket.opaque)
      this.#say('comma_missing', this.#code[at - 1] ?? token, '.');
    if (bracket !== null && text === '.' && (this.#is(at - 1, '(') || this.#is(at - 1, ','))) bracket.strict = true;
  }

  #openBracket(at: number, token: Token, closer: string): void {
    const around = this.#bracket;
    const before = this.#code[at - 1];
    this.#stack.push({
      token,
      closer,
      bracket: true,
      opaque: around?.opaque === true || before?.kind === 'macro',
      loop: before?.kind === 'word' && before.text === 'for',
      connection: this.#isName(at - 1) && this.#is(at - 2, '.') && (this.#is(at - 3, '(') || this.#is(at - 3, ',')),
      strict: text(token) === '{',
      connected: -1,
    });
  }

  #closeBracket(at: number, token: Token): void {
    const open = this.#bracket;
    if (open === null) {
      this.#say('unopened', token);
      return;
    }
    this.#stack.pop();
    if (open.closer !== token.text) {
      if (!open.opaque) this.#say('unclosed', open.token, `${open.closer}, ${token.text}`);
      // `( … ]`: the other may close the one around
      if (this.#bracket?.closer === token.text) this.#stack.pop();
      return;
    }
    if (open.opaque) return;
    const before = this.#code[at - 1];
    if (open.strict && this.#is(at - 1, ',')) this.#say('comma', before ?? token);
    if (token.text === ')' && before?.kind === 'operator' && OPERATORS.has(before.text)) this.#operand(at - 1);
    const around = this.#bracket;
    if (open.connection && around !== null) around.connected = at;
  }

  #operand(at: number): void {
    const token = this.#code[at];
    if (token !== undefined && !this.#ownGrammar()) this.#say('operand', token);
  }

  #ownGrammar(): boolean {
    return this.#stack.some(({ closer, bracket }) => !bracket && OWN_GRAMMAR.has(closer));
  }

  #semicolon(at: number): void {
    while (this.#bracket !== null && this.#bracket.closer !== '}') {
      const open = this.#bracket;
      if (open.loop || open.opaque) return;
      this.#stack.pop();
      this.#unclosed(open, this.#code[at] ?? null);
    }
    const before = this.#code[at - 1];
    const star = before?.text === '*' && !['::', '@', '.', '('].includes(this.#code[at - 2]?.text ?? '');
    if (before?.kind === 'operator' && (star || OPERATORS.has(before.text))) this.#operand(at - 1);
    if (this.#bracket === null) this.#newStatement(at + 1);
  }

  #word(at: number, token: Token): void {
    const word = this.#keyword(at);
    const bracket = this.#bracket;
    if (bracket?.opaque === true) return;
    if (word === '') {
      this.#name(at, token);
      return;
    }
    if (bracket !== null && DIRECTIONS.has(word)) {
      this.#direction(at, bracket);
      return;
    }
    const block = opensBlock(this.#code, at, word, bracket !== null, this.#stack.at(-1)?.closer ?? '');
    if (block === null && !CLOSING_WORDS.has(word)) {
      if (bracket === null || BEGINS.has(word)) this.#statement(at, word);
      if (word === 'else' && this.#bracket === null) this.#newStatement(at + 1);
      return;
    }
    if (bracket === null || BEGINS.has(word) || word === 'begin') this.#statement(at, word);
    if (block !== null) this.#openBlock(token, block);
    else this.#closeBlock(token, word.startsWith('join') ? 'join' : word);
    // the name of a module or function belongs to its own statement
    this.#newStatement(at);
    if (block === null || block === 'end' || block === 'join') this.#from = this.#is(at + 1, ':') ? at + 3 : at + 1;
  }

  #openBlock(token: Token, closer: string): void {
    this.#stack.push({
      token,
      closer,
      bracket: false,
      opaque: false,
      loop: false,
      connection: false,
      strict: false,
      connected: -1,
    });
  }

  #closeBlock(token: Token, closer: string): void {
    const wall = closer === 'end' || closer === 'endcase' || closer === 'join';
    let found = -1;
    for (let at = this.#stack.length - 1; at >= 0; at -= 1) {
      const open = this.#stack[at];
      if (open?.closer === closer) {
        found = at;
        break;
      }
      if (wall && open !== undefined && WALLS.has(open.closer)) break;
    }
    if (found === -1) {
      if (!this.#unbalanced) this.#say('unopened', token);
      this.#unbalanced = true;
      return;
    }
    const above = this.#stack.splice(found).slice(1);
    const [first] = above.filter(({ bracket }) => !bracket);
    for (const open of above) if (open.bracket || open === first) this.#unclosed(open, token);
  }

  /** `word` begins a statement: the one before must have ended, and its brackets too. */
  #statement(at: number, word: string): void {
    if (BEGINS.has(word) || word === 'begin')
      while (this.#bracket !== null) {
        const open = this.#bracket;
        this.#stack.pop();
        this.#unclosed(open, this.#code[at] ?? null);
      }
    if (this.#macro || this.#bracket !== null || at === this.#from || this.#ownGrammar()) return;
    const before = this.#code[at - 1];
    if (before === undefined || at - 1 < this.#from) return;
    const value =
      before.kind === 'number' || before.kind === 'string' || this.#isName(at - 1) || /^[)\]}]$/.test(before.text);
    if (this.#assigned && value && BEGINS_BEHIND_ASSIGNMENT.has(word) && !this.#is(this.#from, '@'))
      this.#say('semicolon', before, word);
    else if (!this.#assigned && (BEGINS.has(word) || DECLARES.has(word)) && this.#isUnfinished(at)) {
      this.#say('semicolon', before, word);
      this.#newStatement(at);
    }
  }

  /** A statement of names, or a call or instance, that has no end of its own. */
  #isUnfinished(at: number): boolean {
    if (this.#isName(at - 1)) return !this.#is(at - 2, ':') && (at - 2 < this.#from || !this.#is(at - 2, '@'));
    if (!this.#is(at - 1, ')')) return false;
    const first = this.#code[this.#from];
    return (this.#isName(this.#from) || first?.kind === 'system') && !this.#is(this.#from + 1, ':');
  }

  #name(at: number, token: Token): void {
    if (this.#bracket !== null || this.#macro || !this.#isName(at)) return;
    const row = [at - 1, at - 2].every((before) => before >= this.#from && this.#isName(before));
    if (row && this.#keyword(this.#from) !== 'bind' && !this.#ownGrammar()) {
      this.#say('unexpected', token);
      this.#macro = true;
    }
  }

  #direction(at: number, bracket: Open): void {
    bracket.strict = true;
    const before = this.#code[at - 1];
    if (before === undefined || this.#ownGrammar()) return;
    const ended = this.#isName(at - 1) || before.kind === 'number' || before.text === ']';
    if (ended && bracket.closer === ')') this.#say('comma_missing', before, this.#code[at]?.text ?? '');
  }
}

const text = (token: Token): string => token.text;
