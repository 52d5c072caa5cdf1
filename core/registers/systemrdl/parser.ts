// SystemRDL 2.0 by recursive descent (Accellera 2018, annex B). A statement that is not understood is said and passed over
// to its end, so that one dialect's extra does not hide the rest of a file.
import type { NoteList } from '../../documents/note-list.ts';
import { numberOf } from '../reading.ts';
import type { Token } from './lexer.ts';
import {
  COMPONENT_KINDS,
  type ComponentDefinition,
  type ComponentKind,
  type EnumDefinition,
  type Expression,
  type Instance,
  type ParameterDefinition,
  type PathStep,
  type Statement,
} from './syntax.ts';

/** Where a statement stops making sense; the message is a clause. */
class SyntaxFault extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const MAX_DEPTH = 150;
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
const INTERRUPT_MODES = new Set(['posedge', 'negedge', 'bothedge', 'level', 'nonsticky']);

export function parseSystemRdl(tokens: readonly Token[], notes: NoteList): Statement[] {
  return new Parser(tokens, notes).root();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #notes: NoteList;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], notes: NoteList) {
    this.#tokens = tokens;
    this.#notes = notes;
  }

  root(): Statement[] {
    const statements = this.#statements('end');
    return statements;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: 'the end of the file', line: 1 };
  }

  #peek(ahead: number): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #is(text: string): boolean {
    return this.#token.kind !== 'string' && this.#token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(`${text} is missing before ${this.#token.text}`);
  }

  #fail(message: string): never {
    throw new SyntaxFault(message, this.#token.line);
  }

  #word(what: string): string {
    if (this.#token.kind !== 'word') this.#fail(`${what} is missing before ${this.#token.text}`);
    const { text } = this.#token;
    this.#at += 1;
    return text;
  }

  /** Up to the closing brace, or the file's end. */
  #statements(end: '}' | 'end'): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      if (this.#token.kind === 'end') {
        if (end === '}')
          this.#notes.add(
            'notUnderstood',
            { what: 'the end of the file', text: 'a } is missing' },
            { line: this.#token.line },
          );
        return statements;
      }
      if (this.#is('}') && end === '}') return statements;
      const [start, depth] = [this.#at, this.#depth];
      try {
        if (this.#take(';')) continue;
        statements.push(...this.#statement());
      } catch (error) {
        if (!(error instanceof SyntaxFault)) throw error;
        this.#notes.add('notUnderstood', { what: 'a statement', text: error.message }, { line: error.line });
        this.#depth = depth;
        this.#skip(start);
        // a brace that closes nothing
        if (end === 'end' && this.#is('}')) this.#at += 1;
      }
    }
  }

  /** To behind the next semicolon outside of braces that the faulty statement opened. */
  #skip(start: number): void {
    let depth = 0;
    for (let at = start; at < this.#at; at += 1) {
      if (this.#tokens[at]?.kind !== 'sign') continue;
      if (this.#tokens[at]?.text === '{') depth += 1;
      else if (this.#tokens[at]?.text === '}') depth -= 1;
    }
    if (this.#at === start && !this.#is('}')) this.#at += 1;
    while (this.#token.kind !== 'end') {
      if (this.#is('{')) depth += 1;
      else if (this.#is('}')) {
        if (depth <= 0) return;
        depth -= 1;
      } else if (this.#is(';') && depth <= 0) {
        this.#at += 1;
        return;
      }
      this.#at += 1;
    }
  }

  #statement(): Statement[] {
    const { text, line } = this.#token;
    if (text === 'enum') return [{ kind: 'enum', definition: this.#enum() }];
    if (text === 'property' && this.#peek(2)?.text === '{') return this.#propertyDefinition();
    if (text === 'struct' || text === 'abstract') return this.#ignored('a structure type', line);
    if (text === 'constraint') return this.#ignored('a constraint', line);
    if (text === 'default') {
      this.#at += 1;
      return this.#property(true);
    }
    if (text === 'alias') return this.#aliased(false);
    const bound = text === 'external' || text === 'internal';
    if (bound) this.#at += 1;
    const external = text === 'external';
    if (bound && this.#is('alias')) return this.#aliased(external);
    if (COMPONENT_KINDS.has(this.#token.text) && this.#isDefinition()) return this.#component(external);
    if (bound) return this.#namedInstances(external, null);
    return this.#wordStatement();
  }

  /** `reg name {`, `reg {`, `reg name #(`; a property may be called `reg` too. */
  #isDefinition(): boolean {
    const [next, after] = [this.#peek(1), this.#peek(2)];
    return next?.text === '{' || (next?.kind === 'word' && (after?.text === '{' || after?.text === '#'));
  }

  /** Structures and constraints say nothing that a register table shows. */
  #ignored(what: string, line: number): Statement[] {
    let depth = 0;
    while (this.#token.kind !== 'end') {
      if (this.#is('{')) depth += 1;
      else if (this.#is('}')) depth -= 1;
      else if (this.#is(';') && depth === 0) break;
      this.#at += 1;
    }
    this.#take(';');
    this.#notes.add('ignored', { what }, { line });
    return [];
  }

  #component(external: boolean): Statement[] {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`components are nested deeper than ${MAX_DEPTH}`);
    const { line } = this.#token;
    const kind = this.#word('a component') as ComponentKind;
    const name = this.#is('{') ? null : this.#word('a name');
    const parameters = this.#take('#') ? this.#parameters() : [];
    this.#expect('{');
    const body = this.#statements('}');
    this.#expect('}');
    this.#depth -= 1;
    const definition: ComponentDefinition = { kind, name, parameters, body, line };
    const found: Statement[] = name === null ? [] : [{ kind: 'component', definition }];
    const outside = this.#take('external') || (this.#take('internal') ? false : external);
    if (!this.#is(';')) {
      const passed = this.#take('#') ? this.#arguments() : [];
      found.push({
        kind: 'instances',
        type: name ?? definition,
        arguments: passed,
        instances: this.#instances(),
        external: outside,
        alias: null,
        line,
      });
    }
    this.#expect(';');
    return found;
  }

  #aliased(external: boolean): Statement[] {
    this.#at += 1;
    const of = this.#word('the name of a register');
    const outside = this.#take('external') || external;
    this.#take('internal');
    return this.#namedInstances(outside, of);
  }

  #namedInstances(external: boolean, alias: string | null): Statement[] {
    const { line } = this.#token;
    const type = this.#word('a type');
    const passed = this.#take('#') ? this.#arguments() : [];
    const outside = this.#take('external') || external;
    this.#take('internal');
    const instances = this.#instances();
    this.#expect(';');
    return [{ kind: 'instances', type, arguments: passed, instances, external: outside, alias, line }];
  }

  /** A word may begin a property, an instance, or an assignment to a property of something inside. */
  #wordStatement(): Statement[] {
    const { text, line } = this.#token;
    if (this.#token.kind !== 'word') this.#fail(`${text} begins no statement`);
    if (INTERRUPT_MODES.has(text) && this.#peek(1)?.kind === 'word') {
      this.#at += 1;
      // nonsticky posedge intr;
      const modes = [text];
      while (INTERRUPT_MODES.has(this.#token.text)) modes.push(this.#word('a mode'));
      const [property] = this.#property(false);
      return property === undefined
        ? []
        : [
            property,
            {
              kind: 'property',
              isDefault: false,
              name: 'intr mode',
              value: { kind: 'word', text: modes.join(' ') },
              line,
            },
          ];
    }
    const next = this.#peek(1);
    if (next?.kind === 'word' || next?.text === '#') return this.#namedInstances(false, null);
    if (this.#isAssignment()) return this.#assignment();
    return this.#property(false);
  }

  /** Looks ahead for `->` before the statement's end or its `=`. */
  #isAssignment(): boolean {
    for (let ahead = 1; ahead < 200; ahead += 1) {
      const token = this.#peek(ahead);
      if (token === undefined || token.kind === 'end' || token.text === ';' || token.text === '=' || token.text === '{')
        return false;
      if (token.text === '->') return true;
    }
    return false;
  }

  #assignment(): Statement[] {
    const { line } = this.#token;
    const path = this.#path();
    this.#expect('->');
    const property = this.#word('a property');
    const value = this.#take('=') ? this.#expression(0) : null;
    this.#expect(';');
    return [{ kind: 'assignment', path, property, value, line }];
  }

  #property(isDefault: boolean): Statement[] {
    const { line } = this.#token;
    if (INTERRUPT_MODES.has(this.#token.text) && this.#peek(1)?.kind === 'word') this.#at += 1;
    const name = this.#word('a property');
    const value = this.#take('=') ? this.#expression(0) : null;
    this.#expect(';');
    return [{ kind: 'property', isDefault, name, value, line }];
  }

  #propertyDefinition(): Statement[] {
    this.#at += 1;
    const name = this.#word('a name');
    this.#expect('{');
    let depth = 1;
    while (depth > 0 && this.#token.kind !== 'end') {
      if (this.#is('{')) depth += 1;
      else if (this.#is('}')) depth -= 1;
      this.#at += 1;
    }
    this.#take(';');
    return [{ kind: 'propertyDefinition', name }];
  }

  #enum(): EnumDefinition {
    this.#at += 1;
    const name = this.#word('a name');
    this.#expect('{');
    const members: EnumDefinition['members'][number][] = [];
    while (!this.#is('}')) {
      const member = this.#word('a member');
      const value = this.#take('=') ? this.#expression(0) : null;
      let [title, description] = ['', ''];
      if (this.#take('{')) {
        for (const statement of this.#statements('}')) {
          if (statement.kind !== 'property' || statement.value?.kind !== 'string') continue;
          if (statement.name === 'name') title = statement.value.text;
          if (statement.name === 'desc') description = statement.value.text;
        }
        this.#expect('}');
      }
      this.#expect(';');
      members.push({ name: member, value, title, description });
    }
    this.#expect('}');
    this.#expect(';');
    return { name, members };
  }

  #parameters(): ParameterDefinition[] {
    this.#expect('(');
    const parameters: ParameterDefinition[] = [];
    while (!this.#is(')')) {
      // `longint unsigned NAME`, `type NAME[]`
      let name = this.#word('a type');
      while (this.#token.kind === 'word') name = this.#word('a name');
      if (this.#take('[')) this.#expect(']');
      parameters.push({ name, default: this.#take('=') ? this.#expression(0) : null });
      if (!this.#take(',')) break;
    }
    this.#expect(')');
    return parameters;
  }

  #arguments(): { name: string; value: Expression }[] {
    this.#expect('(');
    const passed: { name: string; value: Expression }[] = [];
    while (this.#take('.')) {
      const name = this.#word('a parameter');
      this.#expect('(');
      passed.push({ name, value: this.#expression(0) });
      this.#expect(')');
      if (!this.#take(',')) break;
    }
    this.#expect(')');
    return passed;
  }

  #instances(): Instance[] {
    const instances: Instance[] = [];
    do {
      const { line } = this.#token;
      const name = this.#word('the name of an instance');
      const dimensions: Expression[] = [];
      let range: Instance['range'] = null;
      while (this.#take('[')) {
        const left = this.#expression(0);
        if (this.#take(':')) range = { left, right: this.#expression(0) };
        else dimensions.push(left);
        this.#expect(']');
      }
      const after = (sign: string): Expression | null => (this.#take(sign) ? this.#expression(0) : null);
      const reset = after('=');
      const address = after('@');
      const stride = after('+=');
      const alignment = after('%=');
      instances.push({ name, dimensions, range, reset, address, stride, alignment, line });
    } while (this.#take(','));
    return instances;
  }

  #path(): PathStep[] {
    const path: PathStep[] = [];
    do {
      const name = this.#word('a name');
      const indices: Expression[] = [];
      while (this.#take('[')) {
        indices.push(this.#expression(0));
        this.#expect(']');
      }
      path.push({ name, indices });
    } while (this.#take('.'));
    return path;
  }

  #expression(least: number): Expression {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`an expression is nested deeper than ${MAX_DEPTH}`);
    let left = this.#operand();
    for (;;) {
      const operator = this.#token.kind === 'sign' ? this.#token.text : '';
      const binding = BINDING[operator];
      if (binding === undefined || binding <= least) break;
      this.#at += 1;
      left = { kind: 'binary', operator, left, right: this.#expression(binding) };
    }
    if (least === 0 && this.#take('?')) {
      const yes = this.#expression(0);
      this.#expect(':');
      left = { kind: 'ternary', condition: left, yes, no: this.#expression(0) };
    }
    this.#depth -= 1;
    return left;
  }

  #operand(): Expression {
    const { kind, text } = this.#token;
    if (kind === 'string') {
      let joined = '';
      while (this.#token.kind === 'string') {
        joined += this.#token.text;
        this.#at += 1;
      }
      return { kind: 'string', text: joined };
    }
    if (kind === 'number') return this.#number();
    if (kind === 'word') return this.#wordOperand();
    if (UNARY.has(text)) {
      this.#at += 1;
      return { kind: 'unary', operator: text, operand: this.#expression(12) };
    }
    if (this.#take('(')) {
      const inner = this.#expression(0);
      this.#expect(')');
      // (width)'(value)
      if (!this.#is("'") || this.#peek(1)?.text !== '(') return inner;
      this.#at += 2;
      const value = this.#expression(0);
      this.#expect(')');
      return { kind: 'cast', to: '', width: inner, value };
    }
    if (this.#take("'")) {
      this.#expect('{');
      return { kind: 'list', items: this.#items(), array: true };
    }
    if (this.#take('{')) return this.#braces();
    return this.#fail(`${text} begins no value`);
  }

  #number(): Expression {
    const { text } = this.#token;
    const value = numberOf(text);
    if (value === undefined) this.#fail(`${text} is no number`);
    this.#at += 1;
    const width = /^(\d+)'/.exec(text)?.[1];
    // 8'(expression)
    if (this.#is("'") && this.#peek(1)?.text === '(') {
      this.#at += 2;
      const inner = this.#expression(0);
      this.#expect(')');
      return { kind: 'cast', to: '', width: { kind: 'number', value, width: null, text }, value: inner };
    }
    return { kind: 'number', value, width: width === undefined ? null : Number(width), text };
  }

  #wordOperand(): Expression {
    const word = this.#word('a value');
    if (this.#take('::')) return { kind: 'member', of: word, name: this.#word('a member') };
    if (this.#is("'") && this.#peek(1)?.text === '(') {
      this.#at += 2;
      const value = this.#expression(0);
      this.#expect(')');
      return { kind: 'cast', to: word, width: null, value };
    }
    if (this.#is("'") && this.#peek(1)?.text === '{') {
      this.#at += 2;
      const members: { name: string; value: Expression }[] = [];
      while (!this.#is('}')) {
        const name = this.#word('a member');
        this.#expect(':');
        members.push({ name, value: this.#expression(0) });
        if (!this.#take(',')) break;
      }
      this.#expect('}');
      return { kind: 'struct', type: word, members };
    }
    if (!this.#is('.') && !this.#is('[') && !this.#is('->')) return { kind: 'word', text: word };
    this.#at -= 1;
    const path = this.#path();
    const property = this.#take('->') ? this.#word('a property') : null;
    return { kind: 'reference', path, property };
  }

  #items(): Expression[] {
    const items: Expression[] = [];
    while (!this.#is('}')) {
      items.push(this.#expression(0));
      if (!this.#take(',')) break;
    }
    this.#expect('}');
    return items;
  }

  #braces(): Expression {
    if (this.#take('}')) return { kind: 'list', items: [], array: false };
    const first = this.#expression(0);
    if (this.#take('{')) {
      const items = this.#items();
      this.#expect('}');
      return { kind: 'replicate', count: first, items };
    }
    if (!this.#take(',')) {
      this.#expect('}');
      return { kind: 'list', items: [first], array: false };
    }
    return { kind: 'list', items: [first, ...this.#items()], array: false };
  }
}
