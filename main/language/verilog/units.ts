// What has a header and an end: modules and their kin, classes, functions and tasks, properties.
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import type { TypeName } from '../model.ts';
import type { Draft } from '../source-builder.ts';
import { DIRECTIONS, TYPE_WORDS } from './keywords.ts';
import type { Reading } from './reading.ts';

export class UnitReader {
  readonly #reader: Reading;

  constructor(reader: Reading) {
    this.#reader = reader;
  }

  /**
   * `module name import p::*; #(…) (…);` at `word`; `from` is where its prefixes begin. `prototype`: nothing follows.
   */
  unit(from: number, word: number, kind: SymbolKind, prototype: boolean): number {
    const { row, builder, items } = this.#reader;
    let nameAt = word + 1;
    while (['automatic', 'static'].includes(row.keyword(nameAt))) nameAt += 1;
    const macro = row.code[nameAt]?.kind === 'macro';
    if (!row.isName(nameAt) && !macro) return word + 1;
    const back = builder.scope;
    const start = row.start(from);
    const owner = builder.declare({
      kind,
      // a name that a macro makes is known to its own file only
      name: row.name(nameAt),
      at: row.start(nameAt),
      atEnd: row.end(nameAt),
      start,
      end: row.end(nameAt),
      detail: `${kind === 'udp' ? 'primitive' : kind} ${row.name(nameAt)}`,
    });
    const scope = builder.openScope(start, owner);
    let at = macro ? row.pastMacro(nameAt) : nameAt + 1;
    let ports: Map<string, Draft> | null = null;
    for (; at < row.length && !row.is(at, ';'); ) {
      if (row.keyword(at) === 'import') {
        const end = row.find(at + 1, ';');
        this.imports(at + 1, end);
        at = end + 1;
      } else if (row.is(at, '#') && row.is(at + 1, '(')) {
        const end = row.past(at + 1);
        items.parameters(at + 2, row.is(end - 1, ')') ? end - 1 : end, 'parameter');
        builder.fold(row.start(at), row.end(end - 1));
        at = end;
      } else if (row.is(at, '(')) {
        const end = row.past(at);
        const to = row.is(end - 1, ')') ? end - 1 : end;
        if (this.#isModern(at + 1, to)) items.ports(at + 1, to, 'port');
        else ports = this.#listed(at + 1, to);
        builder.fold(row.start(at), row.end(end - 1));
        at = end;
      } else if (row.keyword(at) !== '' && !['extends', 'automatic', 'static'].includes(row.keyword(at))) break;
      else at = row.code[at]?.kind === 'macro' ? row.pastMacro(at) : at + 1;
    }
    owner.detail = builder.detailOf(start, row.end(at - 1));
    const next = row.is(at, ';') ? at + 1 : at;
    if (prototype) {
      builder.closeScope(scope, row.end(next - 1), back);
      builder.setEnd(owner, row.end(next - 1));
      return next;
    }
    this.#reader.open({
      closer: ENDS[kind] ?? 'endmodule',
      start,
      owner,
      scope,
      back,
      procedural: false,
      ports,
    });
    return next;
  }

  /** A list with directions or types in it, not of bare names. */
  #isModern(from: number, end: number): boolean {
    const { row } = this.#reader;
    for (const [start, to] of row.split(from, end)) {
      let at = start;
      while (row.code[at]?.kind === 'macro') at = row.pastMacro(at);
      if (at >= to) continue;
      const word = row.keyword(at);
      if (DIRECTIONS.has(word) || TYPE_WORDS.has(word) || word === 'interface' || word === 'struct' || word === 'enum')
        return true;
      const named = row.typeName(at);
      const behind =
        named === null ? to : row.pastRanges(row.is(named.next, '#') ? row.pastDelay(named.next) : named.next);
      if (behind < to && row.isName(behind)) return true;
    }
    return false;
  }

  /** Verilog-1995: names, `.z(inner)`, `{c, d}`; what they are stands in the body. */
  #listed(from: number, end: number): Map<string, Draft> {
    const { row, builder } = this.#reader;
    const ports = new Map<string, Draft>();
    const add = (nameAt: number, to: number, detail: string): void => {
      const draft = builder.declare({
        kind: 'port',
        name: row.name(nameAt),
        at: row.start(nameAt),
        atEnd: row.end(nameAt),
        start: row.start(nameAt),
        end: row.end(to - 1),
        detail,
      });
      ports.set(draft.name, draft);
    };
    for (const [start, to] of row.split(from, end)) {
      if (row.is(start, '.') && row.isName(start + 1)) add(start + 1, to, row.slice(start, to));
      else if (row.is(start, '{')) {
        for (const [inner, innerEnd] of row.split(start + 1, to - 1))
          if (row.isName(inner)) add(inner, innerEnd, row.name(inner));
      } else {
        let at = start;
        while (row.code[at]?.kind === 'macro') at = row.pastMacro(at);
        if (at < to && row.isName(at)) add(at, to, row.name(at));
      }
    }
    return ports;
  }

  /** `pkg::*, other::name` between two indices. */
  imports(from: number, end: number, exported = false): void {
    const { row, builder } = this.#reader;
    for (const [at] of row.split(from, end)) {
      if (!(row.isName(at) || (exported && row.is(at, '*'))) || !row.is(at + 1, '::')) continue;
      builder.import(row.name(at), row.is(at + 2, '*') ? null : row.name(at + 2), exported);
    }
  }

  /** `class c #(…) extends base #(…) implements i;` with `class` at `word`. */
  class(from: number, word: number): number {
    const { row, builder, items } = this.#reader;
    let nameAt = word + 1;
    while (['automatic', 'static', 'final'].includes(row.keyword(nameAt))) nameAt += 1;
    if (!row.isName(nameAt)) return word + 1;
    const end = row.find(nameAt, ';');
    const back = builder.scope;
    const start = row.start(from);
    const owner = builder.declare({
      kind: 'class',
      name: row.name(nameAt),
      at: row.start(nameAt),
      atEnd: row.end(nameAt),
      start,
      end: row.end(end - 1),
      detail: row.slice(from, end),
    });
    const scope = builder.openScope(start, owner);
    let at = nameAt + 1;
    if (row.is(at, '#') && row.is(at + 1, '(')) {
      const behind = row.past(at + 1);
      items.parameters(at + 2, behind - 1, 'parameter');
      at = behind;
    }
    if (row.keyword(at) === 'extends') owner.base = row.typeName(at + 1)?.type ?? null;
    this.#reader.open({ closer: 'endclass', start, owner, scope, back, procedural: false });
    return row.is(end, ';') ? end + 1 : end;
  }

  /** A function or task whose word stands at `word`. */
  routine(from: number, word: number, prototype: boolean): number {
    const { row, builder, roles } = this.#reader;
    const kind = row.keyword(word) === 'task' ? 'task' : 'function';
    const end = row.find(word + 1, ';');
    const nameAt = this.#routineName(word + 1, end);
    const next = row.is(end, ';') ? end + 1 : end;
    if (nameAt === -1) return next;
    const within = row.is(nameAt - 1, '::') ? row.name(nameAt - 2) : null;
    const back = builder.scope;
    const start = row.start(from);
    const owner = builder.declare({
      kind,
      name: row.name(nameAt),
      at: row.start(nameAt),
      atEnd: row.end(nameAt),
      start,
      end: row.end(end - 1),
      detail: row.slice(from, end),
      type: this.#returned(word + 1, nameAt),
    });
    owner.elsewhere = within !== null;
    if (within !== null) roles.set(nameAt, { kind: 'path', path: [{ name: within, separator: '::' }] });
    const scope = builder.openScope(start, owner, within);
    if (row.is(nameAt + 1, '(')) this.#arguments(nameAt + 1, (at, to) => `input ${row.slice(at, to)}`);
    if (prototype) {
      builder.closeScope(scope, row.end(end - 1), back);
      return next;
    }
    this.#reader.open({
      closer: `end${kind}`,
      start,
      owner,
      scope,
      back,
      procedural: true,
    });
    return next;
  }

  /** Arguments in the bracket at `open`, with types or without; returns the index behind it. */
  #arguments(open: number, bare: (from: number, to: number) => string): number {
    const { row, builder, items } = this.#reader;
    const behind = row.past(open);
    const end = row.is(behind - 1, ')') ? behind - 1 : behind;
    if (this.#isModern(open + 1, end)) items.ports(open + 1, end, 'argument');
    else
      for (const [at, to] of row.split(open + 1, end))
        if (row.isName(at))
          builder.declare({
            kind: 'argument',
            name: row.name(at),
            at: row.start(at),
            atEnd: row.end(at),
            start: row.start(at),
            end: row.end(to - 1),
            detail: bare(at, to),
          });
    return behind;
  }

  /** The type by name that a function gives back. */
  #returned(from: number, nameAt: number): TypeName | null {
    const { row } = this.#reader;
    let at = from;
    while (['automatic', 'static'].includes(row.keyword(at))) at += 1;
    const named = at < nameAt ? row.typeName(at) : null;
    return named !== null && named.next <= nameAt ? named.type : null;
  }

  /** The last name before the arguments, or before the `;`. */
  #routineName(from: number, end: number): number {
    const { row } = this.#reader;
    let found = -1;
    for (let at = from; at < end; at += 1) {
      if (row.is(at, '(')) {
        if (!row.is(at - 1, '#')) return found;
        at = row.past(at) - 1;
      } else if (row.is(at, '[')) at = row.past(at) - 1;
      else if (row.isName(at) || row.keyword(at) === 'new') found = at;
    }
    return found;
  }

  /** `property p(args); … endproperty` and its kin. */
  named(at: number, kind: 'property' | 'sequence' | 'covergroup', closer: string): number {
    const { row, builder } = this.#reader;
    if (!row.isName(at + 1)) return at + 1;
    const end = row.find(at + 1, ';');
    const back = builder.scope;
    const start = row.start(at);
    const owner = builder.declare({
      kind,
      name: row.name(at + 1),
      at: row.start(at + 1),
      atEnd: row.end(at + 1),
      start,
      end: row.end(end - 1),
      detail: row.slice(at, end),
    });
    const scope = builder.openScope(start, owner);
    let open = at + 2;
    if (row.is(open, '(')) open = this.#arguments(open, (from, to) => row.slice(from, to));
    // `covergroup cg(int n) with function sample(bit value);`
    if (row.keyword(open) === 'with') {
      while (open < end && !row.is(open, '(')) open += 1;
      if (row.is(open, '(')) this.#arguments(open, (from, to) => row.slice(from, to));
    }
    this.#reader.open({ closer, start, owner, scope, back, procedural: true });
    return row.is(end, ';') ? end + 1 : end;
  }

  /** `default clocking cb @(posedge clk); … endclocking`, `default clocking cb;` */
  clocking(from: number, word: number): number {
    const { row, builder } = this.#reader;
    const end = row.find(word + 1, ';');
    const next = row.is(end, ';') ? end + 1 : end;
    const named = row.isName(word + 1);
    // the default is named: nothing follows
    if (named && row.is(word + 2, ';')) return next;
    const start = row.start(from);
    const owner = named
      ? builder.declare({
          kind: 'clocking',
          name: row.name(word + 1),
          at: row.start(word + 1),
          atEnd: row.end(word + 1),
          start,
          end: row.end(end - 1),
          detail: row.slice(from, end),
        })
      : null;
    this.#reader.open({ closer: 'endclocking', start, owner, scope: null, procedural: false });
    return next;
  }
}

const ENDS: Readonly<Partial<Record<SymbolKind, string>>> = {
  module: 'endmodule',
  interface: 'endinterface',
  program: 'endprogram',
  package: 'endpackage',
  checker: 'endchecker',
  udp: 'endprimitive',
};
