// Values, paths and expressions of SystemRDL (Accellera 2018, clause 11 and annex B), by operator precedence.
import { numberOf } from '../reading.ts';
import { MAX_DEPTH, TokenCursor } from './cursor.ts';
import type { Expression, PathStep } from './syntax.ts';

const BINDING: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '~^': 4,
  '^~': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
};
const UNARY = new Set(['!', '+', '-', '~', '&', '~&', '|', '~|', '^', '~^', '^~']);

export class ExpressionParser extends TokenCursor {
  protected path(): PathStep[] {
    const path: PathStep[] = [];
    do {
      const name = this.word('a name');
      const indices: Expression[] = [];
      while (this.take('[')) {
        indices.push(this.expression(0));
        this.expect(']');
      }
      path.push({ name, indices });
    } while (this.take('.'));
    return path;
  }

  protected expression(least: number): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail(`an expression is nested deeper than ${MAX_DEPTH}`);
    let left = this.operand();
    for (;;) {
      const operator = this.token.kind === 'sign' ? this.token.text : '';
      const binding = BINDING[operator];
      if (binding === undefined || binding <= least) break;
      this.at += 1;
      left = { kind: 'binary', operator, left, right: this.expression(binding) };
    }
    if (least === 0 && this.take('?')) {
      const yes = this.expression(0);
      this.expect(':');
      left = { kind: 'ternary', condition: left, yes, no: this.expression(0) };
    }
    this.depth -= 1;
    return left;
  }

  protected operand(): Expression {
    const { kind, text } = this.token;
    if (kind === 'string') {
      let joined = '';
      while (this.token.kind === 'string') {
        joined += this.token.text;
        this.at += 1;
      }
      return { kind: 'string', text: joined };
    }
    if (kind === 'number') return this.number();
    if (kind === 'word') return this.wordOperand();
    if (UNARY.has(text)) {
      this.at += 1;
      return { kind: 'unary', operator: text, operand: this.expression(12) };
    }
    if (this.take('(')) {
      const inner = this.expression(0);
      this.expect(')');
      // (width)'(value)
      if (!this.is("'") || this.peek(1)?.text !== '(') return inner;
      this.at += 2;
      const value = this.expression(0);
      this.expect(')');
      return { kind: 'cast', to: '', width: inner, value };
    }
    if (this.take("'")) {
      this.expect('{');
      return { kind: 'list', items: this.items(), array: true };
    }
    if (this.take('{')) return this.braces();
    return this.fail(`${text} begins no value`);
  }

  protected number(): Expression {
    const { text } = this.token;
    const value = numberOf(text);
    if (value === undefined) this.fail(`${text} is no number`);
    this.at += 1;
    const width = /^(\d+)'/.exec(text)?.[1];
    // 8'(expression)
    if (this.is("'") && this.peek(1)?.text === '(') {
      this.at += 2;
      const inner = this.expression(0);
      this.expect(')');
      return { kind: 'cast', to: '', width: { kind: 'number', value, width: null, text }, value: inner };
    }
    return { kind: 'number', value, width: width === undefined ? null : Number(width), text };
  }

  protected wordOperand(): Expression {
    const word = this.word('a value');
    if (this.take('::')) return { kind: 'member', of: word, name: this.word('a member') };
    if (this.is("'") && this.peek(1)?.text === '(') {
      this.at += 2;
      const value = this.expression(0);
      this.expect(')');
      return { kind: 'cast', to: word, width: null, value };
    }
    if (this.is("'") && this.peek(1)?.text === '{') {
      this.at += 2;
      const members: { name: string; value: Expression }[] = [];
      while (!this.is('}')) {
        const name = this.word('a member');
        this.expect(':');
        members.push({ name, value: this.expression(0) });
        if (!this.take(',')) break;
      }
      this.expect('}');
      return { kind: 'struct', type: word, members };
    }
    if (!this.is('.') && !this.is('[') && !this.is('->')) return { kind: 'word', text: word };
    this.at -= 1;
    const path = this.path();
    const property = this.take('->') ? this.word('a property') : null;
    return { kind: 'reference', path, property };
  }

  protected items(): Expression[] {
    const items: Expression[] = [];
    while (!this.is('}')) {
      items.push(this.expression(0));
      if (!this.take(',')) break;
    }
    this.expect('}');
    return items;
  }

  protected braces(): Expression {
    if (this.take('}')) return { kind: 'list', items: [], array: false };
    const first = this.expression(0);
    if (this.take('{')) {
      const items = this.items();
      this.expect('}');
      return { kind: 'replicate', count: first, items };
    }
    if (!this.take(',')) {
      this.expect('}');
      return { kind: 'list', items: [first], array: false };
    }
    return { kind: 'list', items: [first, ...this.items()], array: false };
  }
}
