// Single-point mutants of RTL: each changes one token or one statement and stays syntactically valid.
// Left alone is what no bench can be blamed for: parameters, ranges, loops, initial blocks, assertions, delays,
// messages.
import { closing, nextAtDepth } from '@genrtl/core/hdl/brackets.ts';
import { codeOf, isWord } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';

export interface Mutant {
  /** from 1 */
  readonly line: number;
  readonly description: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export function applyMutant(source: string, mutant: Mutant): string {
  return source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end);
}

/** One replacement each: the one whose effect is hardest to miss without being trivial to see. */
const SWAPS: Readonly<Record<string, string>> = {
  '+': '-',
  '-': '+',
  '*': '+',
  '/': '*',
  '%': '/',
  '==': '!=',
  '!=': '==',
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '&&': '||',
  '||': '&&',
  '&': '|',
  '|': '&',
  '^': '~^',
  '~^': '^',
  '^~': '^',
  '<<': '>>',
  '>>': '<<',
  '<<<': '>>',
  '>>>': '<<',
};
/** Operators that may also stand in front of an operand (reduction, sign). */
const UNARY_TOO = new Set(['+', '-', '&', '|', '^', '~^', '^~']);
const REDUCTION: Readonly<Record<string, string>> = { '&': '|', '|': '&', '^': '~^', '~^': '^', '^~': '^' };

const DECLARATIONS = new Set([
  'parameter',
  'localparam',
  'genvar',
  'typedef',
  'input',
  'output',
  'inout',
  'import',
  'export',
  'specparam',
  'defparam',
  'enum',
  'struct',
  'union',
  'timeunit',
  'timeprecision',
]);
const TYPED = new Set([
  'wire',
  'reg',
  'logic',
  'bit',
  'integer',
  'int',
  'tri',
  'uwire',
  'byte',
  'automatic',
  'static',
  'const',
  'var',
]);
const SKIPPED_BLOCKS = new Set([
  'initial',
  'final',
  'specify',
  'assert',
  'assume',
  'cover',
  'restrict',
  'property',
  'sequence',
  'covergroup',
  'clocking',
]);

/** All mutants of a source, in the order of the text. Pure: the same source gives the same list. */
export function mutantsOf(source: string): Mutant[] {
  return new Walker(source, codeOf(source)).walk();
}

class Walker {
  readonly #mutants: Mutant[] = [];
  readonly #source: string;
  readonly #tokens: readonly Token[];
  /** an assignment operator was seen in the present statement, so that a further `<=` compares */
  #assigned = false;
  #depth = 0;

  constructor(source: string, tokens: readonly Token[]) {
    this.#source = source;
    this.#tokens = tokens;
  }

  walk(): Mutant[] {
    let inModule = false;
    for (let index = 0; index < this.#tokens.length; index++) {
      const token = this.#tokens[index];
      if (token === undefined) break;
      if (token.text === 'module') {
        inModule = true;
        index = nextAtDepth(this.#tokens, index, ';');
        this.#newStatement();
        continue;
      }
      if (token.text === 'endmodule') inModule = false;
      if (!inModule) continue;
      index = this.#visit(token, index);
    }
    return this.#mutants;
  }

  #text(index: number): string {
    return this.#tokens[index]?.text ?? '';
  }

  #newStatement(): void {
    this.#assigned = false;
    this.#depth = 0;
  }

  /** Returns the index to go on after. */
  #visit(token: Token, index: number): number {
    if (token.kind === 'word') return this.#word(token, index);
    if (token.kind === 'system')
      return this.#text(index + 1) === '(' && token.text !== '$signed' && token.text !== '$unsigned'
        ? closing(this.#tokens, index + 1)
        : index;
    if (token.kind === 'number') {
      this.#number(token, index);
      return index;
    }
    if (token.kind === 'operator') return this.#operator(token, index);
    return index;
  }

  #word(token: Token, index: number): number {
    const { text } = token;
    if (text === 'if') {
      this.#negate(index);
      this.#newStatement();
      return index;
    }
    if (text === 'for' || text === 'repeat' || text === 'while')
      return this.#text(index + 1) === '(' ? closing(this.#tokens, index + 1) : index;
    if (
      text === 'begin' ||
      text === 'end' ||
      text === 'else' ||
      text === 'endcase' ||
      text === 'generate' ||
      text === 'endgenerate'
    ) {
      this.#newStatement();
      // a block's label is no code
      return this.#text(index + 1) === ':' && text !== 'else' ? index + 2 : index;
    }
    if (text === 'function' || text === 'task') return nextAtDepth(this.#tokens, index, ';');
    if (DECLARATIONS.has(text)) return nextAtDepth(this.#tokens, index, ';');
    if (TYPED.has(text)) return this.#declaration(index);
    if (SKIPPED_BLOCKS.has(text)) return this.#skipBlock(index);
    if (text.startsWith('always') || text === 'posedge' || text === 'negedge') return index;
    return index;
  }

  /** `wire [7:0] a = b & c;`: only what follows a `=` is an expression, and of variables it is an initial value. */
  #declaration(index: number): number {
    const end = nextAtDepth(this.#tokens, index, ';');
    if (!['wire', 'tri', 'uwire'].includes(this.#text(index))) return end;
    const equals = nextAtDepth(this.#tokens, index, '=');
    if (equals >= end) return end;
    this.#assigned = true;
    return equals;
  }

  #skipBlock(index: number): number {
    const begin = this.#tokens.findIndex((token, at) => at > index && (token.text === 'begin' || token.text === ';'));
    if (begin === -1) return this.#tokens.length;
    if (this.#text(begin) === ';') return begin;
    let depth = 0;
    for (let at = begin; at < this.#tokens.length; at++) {
      if (this.#text(at) === 'begin' || this.#text(at) === 'fork') depth++;
      else if ((this.#text(at) === 'end' || this.#text(at).startsWith('join')) && --depth === 0) return at;
    }
    return this.#tokens.length;
  }

  #operator(token: Token, index: number): number {
    const { text } = token;
    switch (text) {
      case ';':
        this.#newStatement();
        return index;
      case '(':
      case '{':
        this.#depth++;
        return index;
      case ')':
      case '}':
        this.#depth--;
        return index;
      case '[':
        return this.#bracket(index);
      case '#':
        return this.#text(index + 1) === '(' ? closing(this.#tokens, index + 1) : index + 1;
      case '@':
        return this.#text(index + 1) === '(' ? closing(this.#tokens, index + 1) : index + 1;
      case '=':
        this.#assigned = true;
        return index;
      case '?':
        this.#insert(token, "== 1'b0 ", 'condition of ?: inverted');
        return index;
      case '!':
      case '~':
        this.#replace(token, '', `${text} removed`);
        return index;
      case '<=':
        if (!this.#assigned && this.#depth === 0) {
          this.#assigned = true;
          this.#deleteAssignment(index);
          return index;
        }
        break;
      default:
    }
    this.#swap(token, index);
    return index;
  }

  /** Indices of single bits are worth changing; ranges and part selects shape the hardware and are not. */
  #bracket(index: number): number {
    const close = closing(this.#tokens, index);
    const inside = this.#tokens.slice(index + 1, close);
    const plain = inside.length === 1 && inside[0]?.kind === 'number' && isWord(this.#tokens[index - 1]);
    if (plain && inside[0] !== undefined) this.#number(inside[0], index + 1);
    return close;
  }

  #swap(token: Token, index: number): void {
    const before = this.#tokens[index - 1];
    const isUnary =
      before === undefined ||
      (before.kind === 'operator' && before.text !== ')' && before.text !== ']' && before.text !== '}') ||
      before.text === 'return';
    if (isUnary && UNARY_TOO.has(token.text)) {
      const other = REDUCTION[token.text];
      if (other !== undefined) this.#replace(token, other, `reduction ${token.text} → ${other}`);
      return;
    }
    const other = SWAPS[token.text];
    if (other !== undefined) this.#replace(token, other, `${token.text} → ${other}`);
  }

  #number(token: Token, index: number): void {
    const changed = otherNumber(token.text);
    // the size of a cast (`8'(x)`) is a width, not a value
    if (changed !== null && this.#text(index + 1) !== "'") this.#replace(token, changed, `${token.text} → ${changed}`);
  }

  #negate(index: number): void {
    if (this.#text(index + 1) !== '(') return;
    const open = this.#tokens[index + 1];
    const close = this.#tokens[closing(this.#tokens, index + 1)];
    if (open === undefined || close === undefined) return;
    const condition = this.#source.slice(open.end, close.start);
    this.#mutants.push({
      line: open.line,
      description: 'if condition inverted',
      start: open.end,
      end: close.start,
      replacement: `!(${condition})`,
    });
  }

  /** `q <= d;` → `;`: the register keeps its value. */
  #deleteAssignment(index: number): void {
    let first = index - 1;
    while (first > 0 && (this.#text(first) === ']' || this.#text(first) === '}' || this.#text(first - 1) === '.')) {
      if (this.#text(first - 1) === '.') {
        first -= 2;
        continue;
      }
      const open = this.#opening(first);
      if (this.#text(first) === '}') {
        first = open;
        break;
      }
      first = open - 1;
    }
    const start = this.#tokens[first];
    const end = this.#tokens[nextAtDepth(this.#tokens, index, ';')];
    if (start === undefined || end === undefined || end.text !== ';') return;
    this.#mutants.push({
      line: start.line,
      description: `assignment to ${start.text} removed`,
      start: start.start,
      end: end.start,
      replacement: '',
    });
  }

  #opening(close: number): number {
    let depth = 0;
    for (let at = close; at >= 0; at--) {
      const text = this.#text(at);
      if (text === ']' || text === '}' || text === ')') depth++;
      else if ((text === '[' || text === '{' || text === '(') && --depth === 0) return at;
    }
    return close;
  }

  #replace(token: Token, replacement: string, description: string): void {
    this.#mutants.push({ line: token.line, description, start: token.start, end: token.end, replacement });
  }

  #insert(token: Token, text: string, description: string): void {
    this.#mutants.push({ line: token.line, description, start: token.start, end: token.start, replacement: text });
  }
}

/** A neighbouring constant of the same width, or null for what has none (fill literals keep theirs: 0 ↔ 1). */
function otherNumber(text: string): string | null {
  const fill = /^'([01])$/.exec(text);
  if (fill) return `'${fill[1] === '0' ? '1' : '0'}`;
  const based = /^(\d+)?(\s*)'([sS]?)([bodhBODH])(\s*)([\da-fA-F_]+)$/.exec(text);
  if (based) {
    const [, size, , sign = '', base = 'd', , digits = '0'] = based;
    const radix = { b: 2, o: 8, d: 10, h: 16 }[base.toLowerCase()] ?? 10;
    const value = parseBig(digits.replaceAll('_', ''), radix);
    if (value === null) return null;
    const width = size === undefined ? 32 : Number(size);
    // the lowest bit flipped: in range for every width, and never the same value
    const changed = width === 1 ? 1n - (value & 1n) : value ^ 1n;
    return `${size ?? ''}'${sign}${base}${changed.toString(radix)}`;
  }
  return /^\d+$/.test(text) ? String(text === '1' ? 0 : Number(text) + 1) : null;
}

function parseBig(digits: string, radix: number): bigint | null {
  let value = 0n;
  for (const digit of digits) {
    const one = Number.parseInt(digit, radix);
    if (Number.isNaN(one)) return null;
    value = value * BigInt(radix) + BigInt(one);
  }
  return value;
}
