// Statements of SystemRDL 2.0 by recursive descent (Accellera 2018, annex B). A statement that is not understood is
// said and passed over to its end, so that one dialect's extra does not hide the rest of a file.
import type { NoteList } from '../../documents/note-list.ts';
import type { Token } from './lexer.ts';
import { MAX_DEPTH, SyntaxFault } from './cursor.ts';
import { ExpressionParser } from './expressions.ts';
import {
  COMPONENT_KINDS,
  type ComponentDefinition,
  type ComponentKind,
  type EnumDefinition,
  type Expression,
  type Instance,
  type ParameterDefinition,
  type Statement,
} from './syntax.ts';

const INTERRUPT_MODES = new Set(['posedge', 'negedge', 'bothedge', 'level', 'nonsticky']);

export function parseSystemRdl(tokens: readonly Token[], notes: NoteList): Statement[] {
  return new StatementParser(tokens, notes).root();
}

class StatementParser extends ExpressionParser {
  root(): Statement[] {
    return this.#statements('end');
  }

  /** Up to the closing brace, or the file's end. */
  #statements(end: '}' | 'end'): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      if (this.token.kind === 'end') {
        if (end === '}')
          this.notes.add(
            'notUnderstood',
            { what: 'the end of the file', text: 'a } is missing' },
            { line: this.token.line },
          );
        return statements;
      }
      if (this.is('}') && end === '}') return statements;
      const [start, depth] = [this.at, this.depth];
      try {
        if (this.take(';')) continue;
        statements.push(...this.#statement());
      } catch (error) {
        if (!(error instanceof SyntaxFault)) throw error;
        this.notes.add('notUnderstood', { what: 'a statement', text: error.message }, { line: error.line });
        this.depth = depth;
        this.#skip(start);
        // a brace that closes nothing
        if (end === 'end' && this.is('}')) this.at += 1;
      }
    }
  }

  /** To behind the next semicolon outside of braces that the faulty statement opened. */
  #skip(start: number): void {
    let depth = 0;
    for (let at = start; at < this.at; at += 1) {
      if (this.tokens[at]?.kind !== 'sign') continue;
      if (this.tokens[at]?.text === '{') depth += 1;
      else if (this.tokens[at]?.text === '}') depth -= 1;
    }
    if (this.at === start && !this.is('}')) this.at += 1;
    while (this.token.kind !== 'end') {
      if (this.is('{')) depth += 1;
      else if (this.is('}')) {
        if (depth <= 0) return;
        depth -= 1;
      } else if (this.is(';') && depth <= 0) {
        this.at += 1;
        return;
      }
      this.at += 1;
    }
  }

  #statement(): Statement[] {
    const { text, line } = this.token;
    if (text === 'enum') return [{ kind: 'enum', definition: this.#enum() }];
    if (text === 'property' && this.peek(2)?.text === '{') return this.#propertyDefinition();
    if (text === 'struct' || text === 'abstract') return this.#ignored('a structure type', line);
    if (text === 'constraint') return this.#ignored('a constraint', line);
    if (text === 'default') {
      this.at += 1;
      return this.#property(true);
    }
    if (text === 'alias') return this.#aliased(false);
    const bound = text === 'external' || text === 'internal';
    if (bound) this.at += 1;
    const external = text === 'external';
    if (bound && this.is('alias')) return this.#aliased(external);
    if (COMPONENT_KINDS.has(this.token.text) && this.#isDefinition()) return this.#component(external);
    if (bound) return this.#namedInstances(external, null);
    return this.#wordStatement();
  }

  /** `reg name {`, `reg {`, `reg name #(`; a property may be called `reg` too. */
  #isDefinition(): boolean {
    const [next, after] = [this.peek(1), this.peek(2)];
    return next?.text === '{' || (next?.kind === 'word' && (after?.text === '{' || after?.text === '#'));
  }

  /** Structures and constraints say nothing that a register table shows. */
  #ignored(what: string, line: number): Statement[] {
    let depth = 0;
    while (this.token.kind !== 'end') {
      if (this.is('{')) depth += 1;
      else if (this.is('}')) depth -= 1;
      else if (this.is(';') && depth === 0) break;
      this.at += 1;
    }
    this.take(';');
    this.notes.add('ignored', { what }, { line });
    return [];
  }

  #component(external: boolean): Statement[] {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) this.fail(`components are nested deeper than ${MAX_DEPTH}`);
    const { line } = this.token;
    const kind = this.word('a component') as ComponentKind;
    const name = this.is('{') ? null : this.word('a name');
    const parameters = this.take('#') ? this.#parameters() : [];
    this.expect('{');
    const body = this.#statements('}');
    this.expect('}');
    this.depth -= 1;
    const definition: ComponentDefinition = { kind, name, parameters, body, line };
    const found: Statement[] = name === null ? [] : [{ kind: 'component', definition }];
    const outside = this.take('external') || (this.take('internal') ? false : external);
    if (!this.is(';')) {
      const passed = this.take('#') ? this.#arguments() : [];
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
    this.expect(';');
    return found;
  }

  #aliased(external: boolean): Statement[] {
    this.at += 1;
    const of = this.word('the name of a register');
    const outside = this.take('external') || external;
    this.take('internal');
    return this.#namedInstances(outside, of);
  }

  #namedInstances(external: boolean, alias: string | null): Statement[] {
    const { line } = this.token;
    const type = this.word('a type');
    const passed = this.take('#') ? this.#arguments() : [];
    const outside = this.take('external') || external;
    this.take('internal');
    const instances = this.#instances();
    this.expect(';');
    return [{ kind: 'instances', type, arguments: passed, instances, external: outside, alias, line }];
  }

  /** A word may begin a property, an instance, or an assignment to a property of something inside. */
  #wordStatement(): Statement[] {
    const { text, line } = this.token;
    if (this.token.kind !== 'word') this.fail(`${text} begins no statement`);
    if (INTERRUPT_MODES.has(text) && this.peek(1)?.kind === 'word') {
      this.at += 1;
      // nonsticky posedge intr;
      const modes = [text];
      while (INTERRUPT_MODES.has(this.token.text)) modes.push(this.word('a mode'));
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
    const next = this.peek(1);
    if (next?.kind === 'word' || next?.text === '#') return this.#namedInstances(false, null);
    if (this.#isAssignment()) return this.#assignment();
    return this.#property(false);
  }

  /** Looks ahead for `->` before the statement's end or its `=`. */
  #isAssignment(): boolean {
    for (let ahead = 1; ahead < 200; ahead += 1) {
      const token = this.peek(ahead);
      if (token === undefined || token.kind === 'end' || token.text === ';' || token.text === '=' || token.text === '{')
        return false;
      if (token.text === '->') return true;
    }
    return false;
  }

  #assignment(): Statement[] {
    const { line } = this.token;
    const path = this.path();
    this.expect('->');
    const property = this.word('a property');
    const value = this.take('=') ? this.expression(0) : null;
    this.expect(';');
    return [{ kind: 'assignment', path, property, value, line }];
  }

  #property(isDefault: boolean): Statement[] {
    const { line } = this.token;
    if (INTERRUPT_MODES.has(this.token.text) && this.peek(1)?.kind === 'word') this.at += 1;
    const name = this.word('a property');
    const value = this.take('=') ? this.expression(0) : null;
    this.expect(';');
    return [{ kind: 'property', isDefault, name, value, line }];
  }

  #propertyDefinition(): Statement[] {
    this.at += 1;
    const name = this.word('a name');
    this.expect('{');
    let depth = 1;
    while (depth > 0 && this.token.kind !== 'end') {
      if (this.is('{')) depth += 1;
      else if (this.is('}')) depth -= 1;
      this.at += 1;
    }
    this.take(';');
    return [{ kind: 'propertyDefinition', name }];
  }

  #enum(): EnumDefinition {
    this.at += 1;
    const name = this.word('a name');
    this.expect('{');
    const members: EnumDefinition['members'][number][] = [];
    while (!this.is('}')) {
      const member = this.word('a member');
      const value = this.take('=') ? this.expression(0) : null;
      let [title, description] = ['', ''];
      if (this.take('{')) {
        for (const statement of this.#statements('}')) {
          if (statement.kind !== 'property' || statement.value?.kind !== 'string') continue;
          if (statement.name === 'name') title = statement.value.text;
          if (statement.name === 'desc') description = statement.value.text;
        }
        this.expect('}');
      }
      this.expect(';');
      members.push({ name: member, value, title, description });
    }
    this.expect('}');
    this.expect(';');
    return { name, members };
  }

  #parameters(): ParameterDefinition[] {
    this.expect('(');
    const parameters: ParameterDefinition[] = [];
    while (!this.is(')')) {
      // `longint unsigned NAME`, `type NAME[]`
      let name = this.word('a type');
      while (this.token.kind === 'word') name = this.word('a name');
      if (this.take('[')) this.expect(']');
      parameters.push({ name, default: this.take('=') ? this.expression(0) : null });
      if (!this.take(',')) break;
    }
    this.expect(')');
    return parameters;
  }

  #arguments(): { name: string; value: Expression }[] {
    this.expect('(');
    const passed: { name: string; value: Expression }[] = [];
    while (this.take('.')) {
      const name = this.word('a parameter');
      this.expect('(');
      passed.push({ name, value: this.expression(0) });
      this.expect(')');
      if (!this.take(',')) break;
    }
    this.expect(')');
    return passed;
  }

  #instances(): Instance[] {
    const instances: Instance[] = [];
    do {
      const { line } = this.token;
      const name = this.word('the name of an instance');
      const dimensions: Expression[] = [];
      let range: Instance['range'] = null;
      while (this.take('[')) {
        const left = this.expression(0);
        if (this.take(':')) range = { left, right: this.expression(0) };
        else dimensions.push(left);
        this.expect(']');
      }
      const after = (sign: string): Expression | null => (this.take(sign) ? this.expression(0) : null);
      const reset = after('=');
      const address = after('@');
      const stride = after('+=');
      const alignment = after('%=');
      instances.push({ name, dimensions, range, reset, address, stride, alignment, line });
    } while (this.take(','));
    return instances;
  }
}
