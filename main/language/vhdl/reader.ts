// What a VHDL source declares. A reader of statements over tokens, no compiler: it knows where declarations begin and
// which words open and close (IEEE 1076-2008), and steps over everything else.
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import type { Override, ReadSource, Role } from '../model.ts';
import { SourceBuilder } from '../source-builder.ts';
import type { Draft } from '../source-builder.ts';
import { VhdlItems } from './items.ts';
import { vhdlOccurrences } from './occurrences.ts';
import { VhdlRow } from './token-row.ts';

/** Something that an `end` closes, by the word that may stand behind it. */
interface Frame {
  readonly kind: string;
  readonly start: number;
  readonly owner: Draft | null;
  readonly scope: number | null;
  readonly back: number;
}

export function readVhdlSource(text: string): ReadSource {
  const row = new VhdlRow(text);
  const reader = new VhdlReader(row);
  reader.run();
  const { syntax, index } = reader.builder.finish();
  return {
    syntax,
    occurrences: () => {
      const roles = new Map<number, Role>();
      for (const [at, role] of reader.roles) {
        const declaration = 'draft' in role ? index.get(role.draft) : undefined;
        if (!('draft' in role)) roles.set(at, role);
        else if (declaration !== undefined) roles.set(at, { kind: 'own', declaration });
      }
      return vhdlOccurrences(row, roles, reader.builder);
    },
  };
}

/** Words that may stand between `end` and the name. */
const ENDED = new Set(
  `entity architecture package body component process postponed block generate function procedure record protected units
  if case loop for configuration context`.split(/\s+/),
);
const OBJECTS: Readonly<Record<string, SymbolKind>> = {
  signal: 'signal',
  constant: 'constant',
  variable: 'variable',
  shared: 'variable',
  file: 'variable',
};

class VhdlReader {
  readonly row: VhdlRow;
  readonly builder: SourceBuilder;
  readonly roles = new Map<number, Role | { readonly draft: Draft }>();
  readonly #items: VhdlItems;
  readonly #frames: Frame[] = [];

  constructor(row: VhdlRow) {
    this.row = row;
    this.builder = new SourceBuilder(row.text, 'vhdl');
    this.#items = new VhdlItems(row, this.builder);
  }

  run(): void {
    const { row } = this;
    for (let at = 0; at < row.length; ) at = Math.max(this.#statement(at), at + 1);
    while (this.#frames.length > 0) this.#close(row.text.length + 1);
    this.#foldComments();
  }

  #open(kind: string, start: number, owner: Draft | null, within: string | null = null): void {
    const back = this.builder.scope;
    const scope = this.builder.openScope(start, owner, within);
    this.#frames.push({ kind, start, owner, scope, back });
  }

  /** Something without names of its own. */
  #openPlain(kind: string, at: number): void {
    this.#frames.push({ kind, start: this.row.start(at), owner: null, scope: null, back: this.builder.scope });
  }

  #close(end: number): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    if (frame.scope !== null) this.builder.closeScope(frame.scope, end, frame.back);
    if (frame.owner !== null) this.builder.setEnd(frame.owner, end);
    this.builder.fold(frame.start, end);
  }

  #statement(at: number): number {
    const { row } = this;
    if (row.code[at]?.kind !== 'word') return row.is(at, '(') ? row.past(at) : at + 1;
    const word = row.keyword(at);
    if (word === '') return this.#named(at);
    const object = OBJECTS[word];
    if (object !== undefined) return this.#object(at, word, object);
    switch (word) {
      case 'use':
        return this.#use(at);
      case 'context':
        return this.#context(at);
      case 'entity':
        return this.#unit(at, 'entity', 'entity');
      case 'component':
        return this.#unit(at, 'component', 'component');
      case 'architecture':
        return this.#bodyOf(at, 'architecture');
      case 'configuration':
        return this.#bodyOf(at, 'configuration');
      case 'package':
        return this.#package(at);
      case 'pure':
      case 'impure':
        return this.#subprogram(at, at + 1);
      case 'function':
      case 'procedure':
        return this.#subprogram(at, at);
      case 'process':
      case 'postponed':
        return this.#process(at, -1);
      case 'block':
        return this.#block(at, -1);
      case 'type':
        return this.#type(at);
      case 'subtype':
      case 'alias':
        return this.#single(at, word === 'alias' ? 'alias' : 'type');
      case 'generic':
      case 'port':
        return this.#clause(at, word);
      case 'end':
        return this.#end(at);
      case 'if':
      case 'elsif':
      case 'case':
      case 'for':
      case 'while':
      case 'loop':
      case 'else':
        return this.#control(at, -1);
      case 'when': {
        const arrow = row.find(at, '=>');
        return row.is(arrow, '=>') ? arrow + 1 : arrow;
      }
      case 'begin':
      case 'is':
        return at + 1;
      default:
        return row.pastStatement(at + 1);
    }
  }

  /** `use lib.pkg.all;`, `use work.p.name, work.q.all;` */
  #use(at: number): number {
    const { row, builder } = this;
    const end = row.find(at + 1);
    for (const [from, to] of row.split(at + 1, end, ',')) {
      const names: string[] = [];
      let all = false;
      for (let index = from; index < to; index += 1) {
        if (row.is(index, 'all')) all = true;
        else if (row.isName(index)) names.push(row.name(index));
      }
      // the library's name says nothing here; `use work.p;` makes the package's own name known, which it is anyway
      if (all) builder.import(names.at(-1) ?? '', null);
      else if (names.length > 2) builder.import(names.at(-2) ?? '', names.at(-1) ?? '');
    }
    return end + 1;
  }

  /** `context c is`, whose names are those of its use clauses; `context lib.c, lib.d;` */
  #context(at: number): number {
    const { row, builder } = this;
    if (row.isName(at + 1) && row.is(at + 2, 'is')) {
      const owner = this.#items.declare('context', at + 1, at, at + 2, `context ${row.name(at + 1)}`);
      this.#open('context', row.start(at), owner);
      return at + 3;
    }
    const end = row.find(at + 1);
    for (const [from, to] of row.split(at + 1, end, ',')) {
      const names = Array.from({ length: to - from }, (_, index) => from + index).filter((index) => row.isName(index));
      const last = names.at(-1);
      if (last !== undefined) builder.import(row.name(last), null);
    }
    return end + 1;
  }

  /** `entity e is`, `component c [is]` */
  #unit(at: number, kind: 'entity' | 'component', word: string): number {
    const { row } = this;
    if (!row.isName(at + 1)) return at + 1;
    const owner = this.#items.declare(kind, at + 1, at, at + 2, `${word} ${row.name(at + 1)}`);
    this.#open(kind, row.start(at), owner);
    return row.is(at + 2, 'is') ? at + 3 : at + 2;
  }

  /** `architecture a of e is`, `configuration c of e is` */
  #bodyOf(at: number, kind: 'architecture' | 'configuration'): number {
    const { row } = this;
    if (!row.isName(at + 1) || !row.is(at + 2, 'of')) return row.pastStatement(at + 1);
    const named = row.typeName(at + 3);
    const of = named?.type.name ?? '';
    const next = named?.next ?? at + 3;
    if (named !== null) this.roles.set(next - 1, { kind: 'module' });
    const owner = this.#items.declare(kind, at + 1, at, next, `${kind} ${row.name(at + 1)} of ${of}`);
    owner.of = of;
    this.#open(kind, row.start(at), owner, kind === 'architecture' ? of : null);
    return row.is(next, 'is') ? next + 1 : next;
  }

  #package(at: number): number {
    const { row } = this;
    const body = row.is(at + 1, 'body');
    const nameAt = body ? at + 2 : at + 1;
    if (!row.isName(nameAt)) return at + 1;
    const owner = this.#items.declare('package', nameAt, at, nameAt + 1, row.slice(at, nameAt + 1));
    owner.elsewhere = body;
    if (body) this.roles.set(nameAt, { kind: 'plain' });
    if (row.is(nameAt + 1, 'is') && row.is(nameAt + 2, 'new')) {
      // an instance of a generic package
      owner.type = row.typeName(nameAt + 3)?.type ?? null;
      const end = row.find(nameAt + 3);
      owner.detail = this.builder.detailOf(row.start(at), row.end(end - 1));
      return end + 1;
    }
    this.#open('package', row.start(at), owner, body ? row.name(nameAt) : null);
    return row.is(nameAt + 1, 'is') ? nameAt + 2 : nameAt + 1;
  }

  #subprogram(from: number, at: number): number {
    const { row, builder } = this;
    const operator = row.code[at + 1]?.kind === 'string';
    if (!row.isName(at + 1) && !operator) return at + 1;
    const kind: SymbolKind = row.is(at, 'procedure') ? 'task' : 'function';
    const end = row.find(at + 1, 'is');
    const owner = this.#items.declare(kind, at + 1, from, end, row.slice(from, end));
    let open = at + 2;
    if (row.is(open, 'parameter')) open += 1;
    const back = builder.scope;
    const scope = builder.openScope(row.start(from), owner);
    if (row.is(open, '(')) open = this.#items.interface(open, 'argument');
    if (row.is(open, 'return')) owner.type = row.typeName(open + 1)?.type ?? null;
    if (!row.is(end, 'is') || row.is(end + 1, 'new') || row.is(end + 1, '<>')) {
      builder.closeScope(scope, row.end(end), back);
      return row.is(end, 'is') ? row.find(end + 1) + 1 : end + 1;
    }
    // a body repeats its declaration: that one is the name, in the package of a package's body too
    this.#frames.push({
      kind: row.is(at, 'procedure') ? 'procedure' : 'function',
      start: row.start(from),
      owner,
      scope,
      back,
    });
    return end + 1;
  }

  #process(at: number, label: number): number {
    const { row } = this;
    const word = row.is(at, 'postponed') ? at + 1 : at;
    if (!row.is(word, 'process')) return row.pastStatement(at + 1);
    const owner =
      label === -1 ? null : this.#items.declare('process', label, label, word + 1, `${row.name(label)} : process`);
    this.#open('process', row.start(label === -1 ? at : label), owner);
    const behind = row.is(word + 1, '(') ? row.past(word + 1) : word + 1;
    return row.is(behind, 'is') ? behind + 1 : behind;
  }

  #block(at: number, label: number): number {
    const { row } = this;
    const owner =
      label === -1 ? null : this.#items.declare('block', label, label, at + 1, `${row.name(label)} : block`);
    this.#open('block', row.start(label === -1 ? at : label), owner);
    const behind = row.is(at + 1, '(') ? row.past(at + 1) : at + 1;
    return row.is(behind, 'is') ? behind + 1 : behind;
  }

  #type(at: number): number {
    const { row, builder } = this;
    if (!row.isName(at + 1)) return at + 1;
    const end = row.find(at + 1, 'record', 'protected', 'units');
    const word = row.keyword(end);
    const owner = this.#items.declare(
      'type',
      at + 1,
      at,
      Math.max(end, at + 2),
      row.slice(at, word === '' ? end : end + 1),
    );
    if (word === '') {
      if (row.is(at + 2, 'is') && row.is(at + 3, '(')) this.#enumeration(at + 3);
      else if (row.is(at + 2, 'is')) owner.type = this.#elementType(at + 3, end);
      return end + 1;
    }
    const body = row.is(end + 1, 'body');
    owner.elsewhere = body;
    this.#open(word, row.start(at), owner, body ? row.name(at + 1) : null);
    if (word !== 'record') return body ? end + 2 : end + 1;
    let next = end + 1;
    while (next < row.length && !row.is(next, 'end')) {
      const stop = row.find(next, 'end');
      this.#items.objects(next, next, stop, 'field', '');
      next = row.is(stop, ';') ? stop + 1 : stop;
    }
    builder.setEnd(owner, row.end(next));
    return next;
  }

  /** `(IDLE, RUN, 'x')`: names are declared where the type is. */
  #enumeration(open: number): void {
    const { row } = this;
    for (const [at, to] of row.split(open + 1, row.past(open) - 1, ','))
      if (row.isName(at)) this.#items.declare('enumerator', at, at, to, row.name(at));
  }

  /** `array (…) of t`, `access t`: what an element's members are those of. */
  #elementType(from: number, end: number): Draft['type'] {
    const { row } = this;
    let at = from;
    while (at < end && !row.is(at, 'of') && !row.is(at, 'access')) at = row.is(at, '(') ? row.past(at) : at + 1;
    return at < end ? (row.typeName(at + 1)?.type ?? null) : null;
  }

  /** `subtype t is u …;`, `alias a : t is b;` */
  #single(at: number, kind: SymbolKind): number {
    const { row } = this;
    const end = row.find(at + 1);
    if (!row.isName(at + 1)) return end + 1;
    const owner = this.#items.declare(kind, at + 1, at, end, row.slice(at, end));
    const is = row.find(at + 2, 'is');
    if (row.is(is, 'is')) {
      // resolution functions stand before the type: `subtype t is resolved u;`
      const first = row.typeName(is + 1);
      owner.type = first === null ? null : ((row.isName(first.next) ? row.typeName(first.next) : first)?.type ?? null);
    }
    return end + 1;
  }

  #object(at: number, word: string, kind: SymbolKind): number {
    const { row } = this;
    const nameAt = word === 'shared' ? at + 2 : at + 1;
    const end = row.find(nameAt, 'begin');
    this.#items.objects(nameAt, at, end, kind, `${word} `);
    return row.is(end, ';') ? end + 1 : end;
  }

  /** `generic (…);`, `port (…);`; of a block also `generic map (…);` */
  #clause(at: number, word: 'generic' | 'port'): number {
    const { row } = this;
    if (!row.is(at + 1, '(')) return row.pastStatement(at + 1);
    const next = this.#items.interface(at + 1, word === 'port' ? 'port' : 'parameter');
    return row.is(next, ';') ? next + 1 : next;
  }

  /** `if … then`, `case … is`, `for … loop`, or with `generate` behind a label. */
  #control(at: number, label: number): number {
    const { row } = this;
    const word = row.keyword(at);
    // the frame of the first branch holds the others
    if (word === 'else' || word === 'elsif') {
      const end =
        word === 'else' && !row.is(at + 1, 'generate') && !row.is(at + 2, ':')
          ? at
          : row.find(at + 1, 'then', 'generate');
      return row.is(end, ';') ? at + 1 : end + 1;
    }
    const end = word === 'loop' ? at : row.find(at + 1, 'then', 'generate', 'loop', 'is');
    // `for all : c use entity …;` and the parts of a configuration
    if (word === 'for' && !row.is(end, 'loop') && !row.is(end, 'generate')) {
      if (this.#frames.some(({ kind }) => kind === 'configuration') && !row.isName(at + 1))
        return row.pastStatement(at + 1);
      if (this.#frames.some(({ kind }) => kind === 'configuration')) {
        this.#openPlain('for', at);
        return at + 2;
      }
      return row.pastStatement(at + 1);
    }
    const generate = row.is(end, 'generate');
    const loop = row.is(end, 'loop');
    if (row.is(end, ';') && word !== 'loop') return end + 1;
    const start = row.start(label === -1 ? at : label);
    const owner =
      label === -1 || !(generate || loop)
        ? null
        : this.#items.declare('block', label, label, end + 1, `${row.name(label)} : ${generate ? 'generate' : 'loop'}`);
    this.#open(generate ? 'generate' : loop ? 'loop' : word, start, owner);
    if (word === 'for' && row.isName(at + 1))
      this.#items.declare(generate ? 'genvar' : 'variable', at + 1, at + 1, end, row.slice(at, end));
    return end + 1;
  }

  #end(at: number): number {
    const { row } = this;
    let next = at + 1;
    const words: string[] = [];
    while (ENDED.has(row.keyword(next))) {
      words.push(row.keyword(next));
      next += 1;
    }
    const word = words.find((one) => one !== 'postponed' && one !== 'body');
    const index =
      word === undefined ? this.#frames.length - 1 : this.#frames.findLastIndex(({ kind }) => kind === word);
    const label = row.isName(next) || row.code[next]?.kind === 'string' ? next : -1;
    const end = row.find(next);
    if (index >= 0) {
      const { owner } = this.#frames[index] ?? { owner: null };
      if (label !== -1 && owner !== null && owner.name.toLowerCase() === row.name(label).toLowerCase())
        this.roles.set(label, { draft: owner });
      while (this.#frames.length > index) this.#close(row.end(Math.min(end, row.length - 1)));
    }
    return end + 1;
  }

  /** A label with what it names, an assignment, a call. */
  #named(at: number): number {
    const { row } = this;
    if (!row.is(at + 1, ':')) return row.pastStatement(at + 1);
    const next = at + 2;
    switch (row.keyword(next)) {
      case 'process':
      case 'postponed':
        return this.#process(next, at);
      case 'block':
        return this.#block(next, at);
      case 'if':
      case 'case':
      case 'for':
      case 'while':
      case 'loop':
        return this.#control(next, at);
      case 'entity':
      case 'component':
      case 'configuration':
        return this.#instance(at, next + 1);
      case '': {
        const named = row.typeName(next);
        if (named === null) return row.pastStatement(next);
        const behind = named.next;
        if (row.is(behind, ';') || ((row.is(behind, 'generic') || row.is(behind, 'port')) && row.is(behind + 1, 'map')))
          return this.#instance(at, next);
        return row.pastStatement(next);
      }
      default:
        return row.pastStatement(next);
    }
  }

  /** `u : entity lib.e(a) generic map (…) port map (…);` */
  #instance(label: number, unitAt: number): number {
    const { row } = this;
    const named = row.typeName(unitAt);
    const end = row.find(unitAt, 'begin', 'end');
    if (named === null) return row.is(end, ';') ? end + 1 : end;
    const of = named.type.name;
    this.roles.set(named.next - 1, { kind: 'module' });
    let next = named.next;
    if (row.is(next, '(') && row.isName(next + 1)) {
      this.roles.set(next + 1, { kind: 'architecture', of });
      next = row.past(next);
    }
    let overrides: Override[] = [];
    for (; next < end; next += 1) {
      if (!row.is(next, 'map') || !row.is(next + 1, '(')) continue;
      const port = row.is(next - 1, 'port');
      const given = this.#associations(next + 1, of, port ? 'port' : 'parameter');
      if (!port) overrides = given;
      next = row.past(next + 1) - 1;
    }
    const owner = this.#items.declare(
      'instance',
      label,
      label,
      end,
      `${row.name(label)} : ${row.slice(label + 2, named.next)}`,
    );
    owner.of = of;
    owner.overrides = overrides;
    this.builder.fold(row.start(label), row.end(end));
    return row.is(end, ';') ? end + 1 : end;
  }

  /** `(formal => actual, to_x(formal) => actual, actual)` */
  #associations(open: number, of: string, kind: 'port' | 'parameter'): Override[] {
    const { row } = this;
    const next = row.past(open);
    this.builder.fold(row.start(open), row.end(next - 1));
    return row.split(open + 1, next - 1, ',').map(([from, to]): Override => {
      let arrow = from;
      while (arrow < to && !row.is(arrow, '=>')) arrow = row.is(arrow, '(') ? row.past(arrow) : arrow + 1;
      if (!row.is(arrow, '=>') || arrow >= to) return { name: null, value: row.slice(from, to) };
      // a conversion has the formal in brackets: `std_logic_vector(q) => …`, a part of a formal its index
      const converted = row.is(from + 1, '(') && row.isName(from + 2) && row.is(from + 3, ')') ? from + 2 : from;
      const formal = converted === from ? from : converted;
      this.roles.set(formal, { kind, of, implicit: false });
      return { name: row.name(formal), value: row.slice(arrow + 1, to) };
    });
  }

  #foldComments(): void {
    const { comments, text } = this.row;
    let from = -1;
    let last = -1;
    const flush = (): void => {
      if (from !== -1) this.builder.fold(comments[from]?.start ?? 0, comments[last]?.end ?? 0);
      from = -1;
    };
    for (const [at, comment] of comments.entries()) {
      if (comment.text.startsWith('/*')) {
        this.builder.fold(comment.start, comment.end);
        continue;
      }
      const alone = /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', comment.start - 1) + 1, comment.start));
      const goesOn = from !== -1 && /^\s*$/.test(text.slice(comments[last]?.end ?? 0, comment.start)) && alone;
      if (!goesOn) flush();
      if (alone) {
        if (from === -1) from = at;
        last = at;
      }
    }
    flush();
  }
}
