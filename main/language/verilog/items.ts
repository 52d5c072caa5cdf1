// Ports, parameters, arguments and the names of a declaration: everything that stands in a list of names with types.
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import type { TypeName } from '../model.ts';
import type { Draft, SourceBuilder } from '../source-builder.ts';
import { enumerators } from './enumerators.ts';
import { DIRECTIONS, TYPE_WORDS } from './keywords.ts';
import type { TokenRow } from './token-row.ts';

/** What was read of a type: where it ends, its name, and the scope of the fields of one that is written out. */
export interface ReadType {
  readonly next: number;
  readonly type: TypeName | null;
  readonly fields: number | null;
  /** some word or range said what the type is */
  readonly written: boolean;
}

/** Structs in structs. */
const MAX_DEPTH = 32;

export class ItemReader {
  readonly #row: TokenRow;
  readonly #builder: SourceBuilder;
  #depth = 0;

  constructor(row: TokenRow, builder: SourceBuilder) {
    this.#row = row;
    this.#builder = builder;
  }

  /**
   * The type at `at`: words of the language, a name, `struct {…}`, `enum {…}`, signs and packed ranges. A name is only
   * a type when another one follows it. `host` is the declaration whose fields a struct's are.
   */
  type(at: number, host: Draft | null): ReadType {
    const row = this.#row;
    let index = at;
    let type: TypeName | null = null;
    let fields: number | null = null;
    let written = false;
    for (;;) {
      const word = row.keyword(index);
      if (TYPE_WORDS.has(word)) {
        written = true;
        index += 1;
      } else if (word === 'interface' && !row.is(index + 1, 'class')) {
        // a port for any interface: `interface bus`, `interface.slave bus`
        index += row.is(index + 1, '.') ? 3 : 1;
        written = true;
      } else if (word === 'struct' || word === 'union') {
        [index, fields] = this.#struct(index, host);
        written = true;
      } else if (word === 'enum') {
        index = this.#enum(index);
        written = true;
      } else if (word === 'type' && row.is(index + 1, '(')) {
        index = row.past(index + 1);
        written = true;
      } else if (row.is(index, '[')) {
        index = row.pastRanges(index);
        written = true;
      } else if (row.code[index]?.kind === 'macro') {
        // a macro in the place of a type; arguments belong to it where a name follows
        const behind = row.pastMacro(index);
        if (!(row.isName(behind) || row.is(behind, '[') || TYPE_WORDS.has(row.keyword(behind)))) break;
        index = behind;
        written = true;
      } else if (type === null && fields === null) {
        const named = row.typeName(index);
        if (named === null) break;
        let behind = named.next;
        if (row.is(behind, '#') && row.is(behind + 1, '(')) behind = row.past(behind + 1);
        const ranges = row.pastRanges(behind);
        if (!row.isName(ranges) && !(row.code[ranges]?.kind === 'macro' && ranges > behind)) break;
        type = named.type;
        index = behind;
        written = true;
      } else break;
    }
    return { next: index, type, fields, written };
  }

  /** `struct packed signed { … }` at `at`; returns the index behind it and the scope of its fields. */
  #struct(at: number, host: Draft | null): [number, number | null] {
    const row = this.#row;
    const builder = this.#builder;
    let open = at + 1;
    while (['packed', 'signed', 'unsigned', 'tagged', 'soft'].includes(row.keyword(open))) open += 1;
    if (!row.is(open, '{')) return [open, null];
    const next = row.past(open);
    if (this.#depth === MAX_DEPTH) return [next, null];
    this.#depth += 1;
    const back = builder.scope;
    const scope = builder.openScope(row.start(open), host);
    const end = row.is(next - 1, '}') ? next - 1 : next;
    for (let index = open + 1; index < end; ) {
      const behind = Math.min(end, Math.max(index + 1, row.find(index, ';', end)));
      if (row.is(index, ';')) {
        index += 1;
        continue;
      }
      this.names(index, index, behind, () => 'field', '');
      index = behind + 1;
    }
    builder.closeScope(scope, row.end(next - 1), back);
    this.#depth -= 1;
    return [next, scope];
  }

  /** `enum logic [1:0] { A, B = 1, C[3] }`: names are declared where the enumeration stands. */
  #enum(at: number): number {
    const row = this.#row;
    let open = at + 1;
    while (open < row.length && !row.is(open, '{') && !row.is(open, ';') && !row.is(open, ',') && !row.is(open, ')'))
      open = row.is(open, '[') ? row.pastRanges(open) : open + 1;
    if (!row.is(open, '{')) return at + 1;
    const next = row.past(open);
    for (const [from, to] of row.split(open + 1, next - 1)) {
      if (!row.isName(from)) continue;
      const range = row.is(from + 1, '[') ? row.slice(from + 1, row.past(from + 1)) : '';
      for (const name of enumerators(row.name(from), range))
        this.#builder.declare({
          kind: 'enumerator',
          name,
          at: row.start(from),
          atEnd: row.end(from),
          start: row.start(from),
          end: row.end(to - 1),
          detail: row.slice(from, to),
        });
    }
    return next;
  }

  /**
   * Names with their type: `logic [7:0] a, b[4] = '{…}`. `from`: where the declaration begins, `typeAt`: its type,
   * `end`: the index of its `;`. Returns what was declared.
   */
  names(from: number, typeAt: number, end: number, kindOf: (name: string) => SymbolKind | null, lead: string): Draft[] {
    const row = this.#row;
    const builder = this.#builder;
    const { next: behindType, type, fields } = this.type(typeAt, null);
    // `wire [3:0] #0.1 w`
    const next = row.pastDelay(behindType);
    const words = `${lead}${row.slice(from, next)}`;
    const declared: Draft[] = [];
    let start = row.start(from);
    for (const [at, to] of row.split(next, end)) {
      if (!row.isName(at)) continue;
      const kind = kindOf(row.name(at));
      if (kind === null) continue;
      const draft = builder.declare({
        kind,
        name: row.name(at),
        at: row.start(at),
        atEnd: row.end(at),
        start,
        end: row.end(to - 1),
        detail: `${words} ${row.slice(at, to)}`,
        type,
      });
      start = draft.at;
      draft.inner = fields;
      declared.push(draft);
    }
    const [first] = declared;
    if (first !== undefined) builder.adopt(fields, first);
    return declared;
  }

  /** A type definition: its name stands behind what it holds. */
  typedef(at: number, end: number): void {
    const row = this.#row;
    const builder = this.#builder;
    // `typedef class c;`, `typedef t;` announce a name
    if (row.keyword(at + 1) === 'class' || row.keyword(at + 1) === 'interface' || at + 2 >= end) return;
    if (['enum', 'struct', 'union'].includes(row.keyword(at + 1)) && at + 3 >= end) return;
    // without a name it is left out in the end
    const draft = builder.declare({
      kind: 'type',
      name: '',
      at: row.start(at),
      atEnd: row.start(at),
      start: row.start(at),
      end: row.end(end - 1),
      detail: row.slice(at, end),
    });
    const { next, type } = this.type(at + 1, draft);
    if (!row.isName(next) || next >= end) return;
    draft.name = row.name(next);
    draft.type = type;
    builder.moveName(draft, row.start(next), row.end(next));
  }

  /** Parameters of a list: `parameter type T = logic, int W = 8, B`. `lead` is the word that holds without one. */
  parameters(from: number, end: number, lead: 'parameter' | 'localparam'): void {
    const row = this.#row;
    let kind = lead;
    let typeText = '';
    let type: TypeName | null = null;
    for (const [start, to] of this.#items(from, end)) {
      let at = this.#pastMacros(start, to);
      const word = row.keyword(at);
      let typed = at;
      if (word === 'parameter' || word === 'localparam' || word === 'specparam') {
        kind = word === 'parameter' ? 'parameter' : 'localparam';
        typed = at + 1;
        typeText = '';
        type = null;
      }
      const isType = row.keyword(typed) === 'type' && row.isName(typed + 1);
      let nameAt = typed + 1;
      if (isType) typeText = 'type';
      else {
        const read = this.type(typed, null);
        nameAt = read.next;
        if (read.written) {
          typeText = row.slice(typed, nameAt);
          ({ type } = read);
        }
      }
      if (!row.isName(nameAt) || nameAt >= to) continue;
      // what a conditional left before the name
      at = Math.min(at, nameAt);
      const draft = this.#builder.declare({
        kind,
        name: row.name(nameAt),
        at: row.start(nameAt),
        atEnd: row.end(nameAt),
        start: row.start(at),
        end: row.end(to - 1),
        detail: `${kind} ${typeText} ${row.slice(nameAt, to)}`,
        type,
      });
      // `type T = struct packed {…}`, `type T = pkg::t`: members of the default are all that is known of T
      if (typeText === 'type' && row.is(nameAt + 1, '='))
        draft.type = ['struct', 'union', 'enum'].includes(row.keyword(nameAt + 2))
          ? this.type(nameAt + 2, draft).type
          : (row.typeName(nameAt + 2)?.type ?? null);
    }
  }

  /** Ports or arguments of a list in the modern style; each takes from the one before what it does not say. */
  ports(from: number, end: number, kind: 'port' | 'argument'): void {
    const row = this.#row;
    let direction = '';
    let lead = '';
    let type: TypeName | null = null;
    for (const [start, to] of this.#items(from, end)) {
      const at = this.#pastMacros(start, to);
      let index = at;
      let own = '';
      if (row.keyword(index) === 'const' || row.keyword(index) === 'var') index += 1;
      if (DIRECTIONS.has(row.keyword(index))) {
        own = row.name(index);
        index += 1;
      }
      if (row.is(index, '.') && row.isName(index + 1)) {
        // `output .q(inner)`
        this.#declarePort(kind, index + 1, at, to, `${own || direction} ${row.slice(index, to)}`, null);
        direction = own || direction;
        continue;
      }
      const read = this.type(index, null);
      if (!row.isName(read.next) || read.next >= to) continue;
      if (own !== '' || read.written) {
        type = read.type;
        // a name of its own without a direction may be an interface
        if (own !== '') direction = own;
        else if (type !== null && type.path.every(({ separator }) => separator === '.')) direction = '';
        lead = row.slice(index, read.next);
      }
      const draft = this.#declarePort(
        kind,
        read.next,
        at,
        to,
        `${direction} ${lead} ${row.slice(read.next, to)}`,
        type,
      );
      this.#builder.adopt(read.fields, draft);
    }
  }

  #declarePort(
    kind: SymbolKind,
    nameAt: number,
    from: number,
    to: number,
    detail: string,
    type: TypeName | null,
  ): Draft {
    const row = this.#row;
    return this.#builder.declare({
      kind,
      name: row.name(nameAt),
      at: row.start(nameAt),
      atEnd: row.end(nameAt),
      start: row.start(from),
      end: row.end(to - 1),
      detail,
      type,
    });
  }

  /**
   * Parts of a list between commas; a word that only begins an item begins one without a comma as well, since
   * conditionals put commas now here and now there.
   */
  #items(from: number, end: number): [number, number][] {
    const row = this.#row;
    return row.split(from, end).flatMap(([start, to]) => {
      const items: [number, number][] = [];
      let first = start;
      for (let at = start + 1; at < to; at += 1) {
        if (row.is(at, '(') || row.is(at, '[') || row.is(at, '{')) at = Math.max(at, row.past(at) - 1);
        else if (BEGINS_ITEM.has(row.keyword(at)) && row.keyword(at - 1) !== 'const') {
          items.push([first, at]);
          first = at;
        }
      }
      items.push([first, to]);
      return items;
    });
  }

  /** Macros that stand for whole items (`` `AXI_PORTS ``), which a comma need not follow. */
  #pastMacros(from: number, end: number): number {
    const row = this.#row;
    let at = from;
    while (at < end && row.code[at]?.kind === 'macro') {
      const behind = row.pastMacro(at);
      const isType = row.isName(behind) && row.sameLine(at, behind) && !row.is(at + 1, '(');
      if (isType || row.is(behind, '[')) break;
      at = behind;
    }
    return Math.min(at, end);
  }
}

const BEGINS_ITEM: ReadonlySet<string> = new Set(['input', 'output', 'inout', 'ref', 'parameter', 'localparam']);
