// A Pratt parser for unsigned Verilog-2005 expressions (IEEE 1364-2005 §5, precedence of table 5-4).
import type { BinaryOperator, Expr, Reference, UnaryOperator } from './ast.ts';
import { tokenize, type Token } from './lexer.ts';
import type { SyntaxFault } from './literal.ts';

/** The tree, or why the text is no expression; `call` names a function that is not `$clog2`. */
export type ParsedExpr = { readonly expr: Expr } | (SyntaxFault & { readonly call?: string });

/** Every later pass recurses over the tree, so its depth is bounded here. */
const MAX_DEPTH = 400;

const BINDING: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '~^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '===': 6,
  '!==': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '<<<': 8,
  '>>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
};
const UNARY: ReadonlySet<string> = new Set<UnaryOperator>(['+', '-', '~', '!', '&', '|', '^', '~&', '~|', '~^']);

/** Higher binds tighter; all binary operators associate to the left. */
export function bindingPower(operator: BinaryOperator): number {
  return BINDING[operator];
}

class ParseFault extends Error {
  readonly call: string | undefined;
  constructor(message: string, call?: string) {
    super(message);
    this.call = call;
  }
}

export function parseExpr(text: string): ParsedExpr {
  const scanned = tokenize(text);
  if ('error' in scanned) return scanned;
  try {
    const parser = new Parser(scanned.tokens);
    const expr = parser.ternary();
    parser.expectEnd();
    return { expr };
  } catch (fault) {
    if (!(fault instanceof ParseFault)) throw fault;
    return { error: fault.message, ...(fault.call === undefined ? {} : { call: fault.call }) };
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;
  /** depth of finished sub-trees; operator chains grow trees without nesting calls */
  readonly #height = new WeakMap<Expr, number>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  ternary(): Expr {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ParseFault('the expression is nested too deeply');
    const condition = this.#binary(1);
    let expr = condition;
    if (this.#take('?')) {
      const whenTrue = this.ternary();
      this.#expect(':');
      const whenFalse = this.ternary();
      expr = this.#grown({ kind: 'ternary', condition, whenTrue, whenFalse }, [condition, whenTrue, whenFalse]);
    }
    this.#depth -= 1;
    return expr;
  }

  expectEnd(): void {
    const token = this.#peek();
    if (token.kind !== 'end') throw new ParseFault(`unexpected ${describe(token)}`);
  }

  #binary(minimum: number): Expr {
    let left = this.#unary();
    for (;;) {
      const operator = this.#binaryOperator();
      if (operator === undefined || BINDING[operator] < minimum) return left;
      this.#next += 1;
      const right = this.#binary(BINDING[operator] + 1);
      left = this.#grown({ kind: 'binary', operator, left, right }, [left, right]);
    }
  }

  #binaryOperator(): BinaryOperator | undefined {
    const token = this.#peek();
    if (token.kind !== 'symbol') return undefined;
    const text = token.text === '^~' ? '~^' : token.text;
    return Object.hasOwn(BINDING, text) ? (text as BinaryOperator) : undefined;
  }

  #unary(): Expr {
    const token = this.#peek();
    const text = token.text === '^~' ? '~^' : token.kind === 'symbol' ? token.text : '';
    if (!UNARY.has(text)) return this.#primary();
    this.#next += 1;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new ParseFault('the expression is nested too deeply');
    const operand = this.#unary();
    this.#depth -= 1;
    return this.#grown({ kind: 'unary', operator: text as UnaryOperator, operand }, [operand]);
  }

  #primary(): Expr {
    const token = this.#peek();
    this.#next += 1;
    if (token.kind === 'literal') return token.literal;
    if (token.kind === 'name') return this.#named(token.text);
    if (token.kind === 'symbol' && token.text === '(') {
      const inner = this.ternary();
      this.#expect(')');
      return inner;
    }
    if (token.kind === 'symbol' && token.text === '{') return this.#braces();
    throw new ParseFault(token.kind === 'end' ? 'the expression breaks off' : `unexpected ${describe(token)}`);
  }

  #named(name: string): Expr {
    if (name === '$clog2') {
      this.#expect('(');
      const operand = this.ternary();
      this.#expect(')');
      return this.#grown({ kind: 'clog2', operand }, [operand]);
    }
    if (name.startsWith('$') || this.#peek().text === '(') {
      throw new ParseFault(`${name} cannot be called: the only function is $clog2`, name);
    }
    let reference: Reference = { kind: 'name', name };
    if (this.#take('.')) {
      const port = this.#peek();
      if (port.kind !== 'name') throw new ParseFault(`a port name must follow ${name}.`);
      this.#next += 1;
      reference = { kind: 'pin', instance: name, port: port.text };
    }
    return this.#take('[') ? this.#select(reference) : reference;
  }

  #select(of: Reference): Expr {
    const first = this.ternary();
    let expr: Expr;
    if (this.#take(']')) expr = this.#grown({ kind: 'bit', of, index: first }, [first]);
    else {
      const mark = this.#peek().text;
      if (mark !== ':' && mark !== '+:' && mark !== '-:')
        throw new ParseFault('a select ends with ], or goes on with :, +: or -:');
      this.#next += 1;
      const second = this.ternary();
      this.#expect(']');
      expr = this.#grown(
        mark === ':'
          ? { kind: 'part', of, msb: first, lsb: second }
          : { kind: 'indexed', of, start: first, width: second, ascending: mark === '+:' },
        [first, second],
      );
    }
    if (this.#peek().text === '[')
      throw new ParseFault('a select cannot be selected from again: signals are one-dimensional');
    return expr;
  }

  #braces(): Expr {
    const first = this.ternary();
    if (this.#take('{')) {
      const items = this.#items([this.ternary()]);
      this.#expect('}');
      return this.#grown({ kind: 'replicate', count: first, items }, [first, ...items]);
    }
    const items = this.#items([first]);
    return this.#grown({ kind: 'concat', items }, items);
  }

  /** The rest of a list up to and with its closing brace. */
  #items(items: Expr[]): Expr[] {
    while (this.#take(',')) items.push(this.ternary());
    this.#expect('}');
    return items;
  }

  #grown<T extends Expr>(node: T, parts: readonly Expr[]): T {
    let height = 0;
    for (const part of parts) height = Math.max(height, this.#height.get(part) ?? 0);
    if (height + 1 > MAX_DEPTH) throw new ParseFault('the expression is too long; name its parts in Logic');
    this.#height.set(node, height + 1);
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: 0 };
  }

  #take(symbol: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'symbol' || token.text !== symbol) return false;
    this.#next += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw new ParseFault(`expected ${symbol} but found ${describe(this.#peek())}`);
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the expression';
  return token.kind === 'literal' ? 'a number' : token.text;
}
