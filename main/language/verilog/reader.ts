// What a (System)Verilog source declares. A reader of statements, no compiler: it knows where declarations begin and
// which words open and close, and steps over everything else, so that macros, conditionals, half-typed text and
// anything new in the language cost the statement that they stand in and nothing more.
// Both branches of a conditional are read; a branch begins where its conditional stood, so that a header or `begin`
// that stands in each of them opens once.
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import { SourceBuilder } from '../source-builder.ts';
import type { Draft } from '../source-builder.ts';
import type { ReadSource, Role } from '../model.ts';
import { InstanceReader } from './instances.ts';
import type { Frame, Reading, Roles } from './reading.ts';
import { ItemReader } from './items.ts';
import { DIRECTIONS, GATES, keywordsOf, TYPE_WORDS } from './keywords.ts';
import { occurrencesOf } from './occurrences.ts';
import { TokenRow } from './token-row.ts';
import { UnitReader } from './units.ts';

export function readVerilog(path: string, text: string): ReadSource {
  const row = new TokenRow(text, keywordsOf(path, text));
  const reader = new VerilogReader(row);
  reader.run();
  const { syntax, index } = reader.builder.finish();
  return {
    syntax,
    occurrences: () => {
      const roles = new Map<number, Role>();
      for (const [at, role] of reader.roles) {
        if (!('draft' in role)) roles.set(at, role);
        else {
          const declaration = index.get(role.draft);
          if (declaration !== undefined) roles.set(at, { kind: 'own', declaration });
        }
      }
      return occurrencesOf(row, roles, reader.builder);
    },
  };
}

const BLOCK_ENDS: Readonly<Record<string, string>> = {
  end: 'end',
  join: 'join',
  join_any: 'join',
  join_none: 'join',
  endcase: 'endcase',
  endgenerate: 'endgenerate',
  endmodule: 'endmodule',
  endinterface: 'endinterface',
  endprogram: 'endprogram',
  endpackage: 'endpackage',
  endclass: 'endclass',
  endchecker: 'endchecker',
  endprimitive: 'endprimitive',
  endfunction: 'endfunction',
  endtask: 'endtask',
  endproperty: 'endproperty',
  endsequence: 'endsequence',
  endgroup: 'endgroup',
  endclocking: 'endclocking',
};
const UNITS: Readonly<Record<string, SymbolKind>> = {
  module: 'module',
  macromodule: 'module',
  interface: 'interface',
  program: 'program',
  package: 'package',
  checker: 'checker',
  primitive: 'udp',
};
/** Statements that declare nothing: stepped over to their `;`. */
const PLAIN = new Set(
  `assign deassign force release defparam alias return break continue disable wait_order -> ->> export elaborate
  timeunit timeprecision nettype bins illegal_bins ignore_bins solve`.split(/\s+/),
);
/** Words before a statement, which goes on behind them. */
const PREFIXES = new Set(
  `else do forever unique unique0 priority default soft strong weak final initial always always_comb always_ff
  always_latch`.split(/\s+/),
);
const PROCEDURES = new Set(['final', 'initial', 'always', 'always_comb', 'always_ff', 'always_latch']);
/** Words with something in parentheses before the statement. */
const HEADED = new Set('if while repeat wait assert assume cover restrict expect iff randsequence'.split(' '));
const SKIPPED: Readonly<Record<string, string>> = {
  specify: 'endspecify',
  table: 'endtable',
  config: 'endconfig',
};

/** Words of a configuration before the name of a unit. */
const UNIT_BEHIND: ReadonlySet<string> = new Set(['design', 'cell', 'use']);

class VerilogReader implements Reading {
  readonly row: TokenRow;
  readonly builder: SourceBuilder;
  readonly items: ItemReader;
  readonly roles: Roles = new Map();
  readonly frames: Frame[] = [];
  readonly #instances: InstanceReader;
  readonly #units: UnitReader;
  readonly #branches: Frame[][] = [];
  readonly #conditionals: number[] = [];
  #directive = 0;

  constructor(row: TokenRow) {
    this.row = row;
    this.builder = new SourceBuilder(row.text, 'verilog');
    this.items = new ItemReader(row, this.builder);
    this.#instances = new InstanceReader(row, this.builder, this.roles);
    this.#units = new UnitReader(this);
  }

  run(): void {
    const { row } = this;
    for (let at = 0; at < row.length; ) {
      this.#readDirectives(at);
      at = Math.max(this.#statement(at), at + 1);
    }
    this.#readDirectives(row.length);
    // a text that is being typed goes on behind its end
    while (this.frames.length > 0) this.#close(row.text.length + 1);
    this.#foldComments();
  }

  get #top(): Frame | undefined {
    return this.frames.at(-1);
  }

  get procedural(): boolean {
    return this.#top?.procedural === true;
  }

  open(frame: Parameters<Reading['open']>[0]): void {
    this.frames.push({ back: this.builder.scope, ports: null, ...frame });
  }

  /** Closes the innermost frame; `end` is the offset behind what it holds. */
  #close(end: number): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    if (frame.scope !== null) this.builder.closeScope(frame.scope, end, frame.back);
    if (frame.owner !== null) this.builder.setEnd(frame.owner, end);
    if (frame.closer !== 'stmt') this.builder.fold(frame.start, end);
  }

  /** A statement ended before `at`: so do the loops and procedures that it was the body of, unless `else` follows. */
  #afterStatement(at: number): number {
    if (this.row.keyword(at) === 'else') return at;
    while (this.#top?.closer === 'stmt') this.#close(this.row.end(at - 1));
    return at;
  }

  #closeBlock(at: number): number {
    const { row } = this;
    const word = row.keyword(at);
    const closer = BLOCK_ENDS[word] ?? word;
    const block = closer === 'end' || closer === 'join';
    // a stray `end` closes no more than the blocks of its module or function
    const index = this.frames.findLastIndex((frame) => frame.closer === closer);
    const barrier = block
      ? this.frames.findLastIndex(
          (frame) => frame.closer.startsWith('end') && !['end', 'endcase', 'endgenerate'].includes(frame.closer),
        )
      : -1;
    let next = at + 1;
    let label = -1;
    if (row.is(next, ':') && (row.isName(next + 1) || row.keyword(next + 1) === 'new')) {
      label = next + 1;
      next += 2;
    }
    if (index > barrier) {
      const { owner } = this.frames[index] ?? { owner: null };
      if (label !== -1 && owner !== null && owner.name === row.name(label)) this.roles.set(label, { draft: owner });
      while (this.frames.length > index) this.#close(row.end(next - 1));
    }
    return block || closer === 'endcase' ? this.#afterStatement(next) : next;
  }

  #readDirectives(at: number): void {
    for (;;) {
      const directive = this.row.directives[this.#directive];
      if (directive === undefined || directive.at > at) return;
      this.#directive += 1;
      const { token } = directive;
      switch (token.text) {
        case '`ifdef':
        case '`ifndef':
          this.#branches.push([...this.frames]);
          this.#conditionals.push(token.start);
          break;
        case '`else':
        case '`elsif':
          this.#returnTo(this.#branches.at(-1) ?? [], token.start);
          break;
        case '`endif': {
          this.#branches.pop();
          const start = this.#conditionals.pop();
          if (start !== undefined) this.builder.fold(start, token.end);
          break;
        }
        case '`define':
          this.#macro(token.start, token.end);
          break;
        case '`include': {
          const name = /["<]([^">\n]+)[">]/.exec(this.row.text.slice(token.start, token.end))?.[1];
          if (name !== undefined) this.builder.include(name);
          break;
        }
        default:
          break;
      }
    }
  }

  /** A further branch begins where the conditional did. */
  #returnTo(frames: readonly Frame[], end: number): void {
    let shared = 0;
    while (shared < frames.length && frames[shared] === this.frames[shared]) shared += 1;
    while (this.frames.length > shared) this.#close(end);
    // what the branch before closed is open again for this one
    for (const frame of frames.slice(shared)) {
      this.frames.push(frame);
      if (frame.scope !== null) this.builder.scope = frame.scope;
    }
  }

  #macro(start: number, end: number): void {
    const text = this.row.text.slice(start, end);
    const match = /^`define[ \t]+(\\\S+|[A-Za-z_][\w$]*)/.exec(text);
    if (match?.[1] === undefined) return;
    const at = start + match[0].length - match[1].length;
    this.builder.declare({
      kind: 'macro',
      name: match[1],
      at,
      atEnd: at + match[1].length,
      start,
      end,
      detail: text.replace(/\\\r?\n/g, ' '),
    });
    this.builder.fold(start, end);
  }

  #statement(at: number): number {
    const { row } = this;
    const token = row.code[at];
    if (token === undefined) return at + 1;
    switch (token.kind) {
      case 'operator':
        return this.#operator(at);
      case 'macro':
        return this.#macroUse(at);
      case 'system':
        return this.#afterStatement(row.pastStatement(at));
      case 'word': {
        const word = row.keyword(at);
        return word === '' || word === 'this' || word === 'super' || (word === 'local' && row.is(at + 1, '::'))
          ? this.#named(at)
          : this.#keyword(at, word);
      }
      case 'escaped':
        return this.#named(at);
      default:
        return at + 1;
    }
  }

  #operator(at: number): number {
    const { row } = this;
    switch (row.name(at)) {
      case ';':
        return this.#afterStatement(at + 1);
      case '(':
      case '[':
      case '{':
        return row.past(at);
      case '@':
        // `@(posedge clk)`, `@*`, `@ev`
        return row.is(at + 1, '(') ? row.past(at + 1) : at + 2;
      case '#':
        return row.pastDelay(at);
      default:
        return at + 1;
    }
  }

  #macroUse(at: number): number {
    const { row } = this;
    const behind = row.pastMacro(at);
    const goesOn = behind < row.length && row.sameLine(behind - 1, behind);
    // `` `TYPE [3:0] name; `` and `` `MODULE u (…); ``
    if (goesOn && (row.isName(behind) || row.is(behind, '['))) return this.#declarationOrInstance(at) ?? behind;
    if (goesOn && row.is(behind, '#') && row.is(behind + 1, '(')) return this.#declarationOrInstance(at) ?? behind;
    return row.is(behind, ';') ? this.#afterStatement(behind + 1) : behind;
  }

  #keyword(at: number, word: string): number {
    const { row } = this;
    if (BLOCK_ENDS[word] !== undefined) return this.#closeBlock(at);
    if (word === 'interface' && row.keyword(at + 1) === 'class') return this.#units.class(at, at + 1);
    const unit = UNITS[word];
    if (unit !== undefined) return this.#units.unit(at, at, unit, false);
    if (PROCEDURES.has(word)) {
      this.open({ closer: 'stmt', start: row.start(at), owner: null, scope: null, procedural: true });
      return at + 1;
    }
    if (PREFIXES.has(word)) return this.#prefix(at, word);
    if (word === 'nettype') this.#nettype(at);
    if (word === 'export') this.#units.imports(at + 1, row.find(at + 1, ';'), true);
    if (PLAIN.has(word) || GATES.has(word)) return this.#afterStatement(row.pastStatement(at + 1));
    if (word === 'config') this.#config(at);
    const skipped = SKIPPED[word];
    if (skipped !== undefined) return this.#skip(at, skipped);
    if (HEADED.has(word)) return this.#headed(at);
    if (DIRECTIONS.has(word)) return this.#directions(at);
    switch (word) {
      case 'class':
        return this.#units.class(at, at);
      case 'function':
      case 'task':
        return this.#units.routine(at, at, false);
      case 'property':
      case 'sequence':
      case 'covergroup':
        return this.#units.named(at, word, `end${word === 'covergroup' ? 'group' : word}`);
      case 'clocking':
        return this.#units.clocking(at, at);
      case 'begin':
      case 'fork':
        return this.#block(at, word);
      case 'case':
      case 'casex':
      case 'casez':
      case 'randcase':
        this.open({
          closer: 'endcase',
          start: row.start(at),
          owner: null,
          scope: null,
          procedural: this.procedural,
        });
        return row.is(at + 1, '(') ? row.past(at + 1) : at + 1;
      case 'generate':
        this.open({ closer: 'endgenerate', start: row.start(at), owner: null, scope: null, procedural: false });
        return at + 1;
      case 'for':
      case 'foreach':
        return this.#loop(at, word);
      case 'typedef': {
        const end = row.find(at + 1, ';');
        this.items.typedef(at, end);
        return row.is(end, ';') ? end + 1 : end;
      }
      case 'import':
        return this.#import(at);
      case 'parameter':
      case 'localparam':
      case 'specparam': {
        const end = row.find(at + 1, ';');
        this.items.parameters(at, end, word === 'parameter' ? 'parameter' : 'localparam');
        return row.is(end, ';') ? end + 1 : end;
      }
      case 'genvar':
        return this.#names(at, at + 1, 'genvar');
      case 'modport':
        return this.#modport(at);
      case 'let':
        return this.#let(at);
      case 'constraint':
        return this.#constraint(at);
      case 'bind':
        return this.#instances.bind(at) ?? row.pastStatement(at);
      case 'coverpoint':
      case 'cross':
        return this.#braced(at);
      case 'extern':
      case 'pure':
      case 'virtual':
      case 'static':
      case 'protected':
      case 'local':
      case 'automatic':
      case 'global':
      case 'const':
      case 'context':
        return this.#modified(at);
      default:
        return TYPE_WORDS.has(word) || word === 'struct' || word === 'union' || word === 'enum' || word === 'type'
          ? this.#declaration(at)
          : at + 1;
    }
  }

  #prefix(at: number, word: string): number {
    const { row } = this;
    if (word === 'default') {
      if (row.keyword(at + 1) === 'clocking') return this.#units.clocking(at, at + 1);
      if (row.keyword(at + 1) === 'disable' || DIRECTIONS.has(row.keyword(at + 1))) return row.pastStatement(at);
      return row.is(at + 1, ':') ? at + 2 : at + 1;
    }
    return at + 1;
  }

  #headed(at: number): number {
    const { row } = this;
    let open = at + 1;
    while (
      ['property', 'sequence', 'final', 'fork'].includes(row.keyword(open)) ||
      row.is(open, '#') ||
      row.code[open]?.kind === 'number'
    )
      open += 1;
    return row.is(open, '(') ? row.past(open) : open;
  }

  #skip(at: number, closer: string): number {
    const { row } = this;
    let end = at + 1;
    while (end < row.length && row.keyword(end) !== closer && row.keyword(end) !== 'endmodule') end += 1;
    this.builder.fold(row.start(at), row.end(end));
    return row.keyword(end) === closer ? end + 1 : end;
  }

  /** `design lib.top; cell lib.leaf use lib.other; instance top.u …`: names of units. */
  #config(at: number): void {
    const { row } = this;
    let end = at + 1;
    while (end < row.length && row.keyword(end) !== 'endconfig' && row.keyword(end) !== 'endmodule') end += 1;
    if (row.isName(at + 1)) this.#declareAt(at + 1, end, 'configuration', `config ${row.name(at + 1)}`);
    let word = '';
    for (let index = at + 2; index < end; index += 1) {
      if (row.keyword(index) !== '') word = row.keyword(index);
      if (!row.isName(index)) continue;
      const first = !row.is(index - 1, '.');
      const last = !row.is(index + 1, '.');
      if (word === 'instance' ? first : UNIT_BEHIND.has(word) && last) this.roles.set(index, { kind: 'module' });
    }
  }

  /** `nettype real net_t with resolve;` */
  #nettype(at: number): void {
    const { row } = this;
    const end = row.find(at + 1, ';');
    const { next, type } = this.items.type(at + 1, null);
    if (row.isName(next) && next < end) this.#declareAt(next, end, 'type', row.slice(at, end)).type = type;
  }

  #braced(at: number): number {
    const { row } = this;
    const open = row.find(at + 1, ';{');
    if (!row.is(open, '{')) return row.is(open, ';') ? open + 1 : open;
    const behind = row.past(open);
    return row.is(behind, ';') ? behind + 1 : behind;
  }

  #block(at: number, word: string): number {
    const { row, builder } = this;
    const procedural = this.procedural || word === 'fork';
    const back = builder.scope;
    const named = row.is(at + 1, ':') && row.isName(at + 2);
    // the older form has the name in front: `g : begin`
    const before = !named && row.is(at - 1, ':') && row.isName(at - 2) && this.#labels.has(at - 2);
    const nameAt = named ? at + 2 : at - 2;
    const owner =
      named || before
        ? builder.declare(
            {
              kind: 'block',
              name: row.name(nameAt),
              at: row.start(nameAt),
              atEnd: row.end(nameAt),
              start: row.start(Math.min(at, nameAt)),
              end: row.end(at),
              detail: procedural ? 'begin … end' : 'generate block',
            },
            this.#aroundLoops(),
          )
        : null;
    const scope = builder.openScope(row.start(at), owner);
    this.open({ closer: word === 'fork' ? 'join' : 'end', start: row.start(at), owner, scope, back, procedural });
    return named ? at + 3 : at + 1;
  }

  /** The scope that a block's name belongs to: not that of the loop whose body it is. */
  #aroundLoops(): number {
    let { scope } = this.builder;
    for (let at = this.frames.length - 1; at >= 0 && this.frames[at]?.closer === 'stmt'; at -= 1)
      if (this.frames[at]?.scope === scope) scope = this.frames[at]?.back ?? scope;
    return scope;
  }

  readonly #labels = new Set<number>();

  #loop(at: number, word: string): number {
    const { row, builder } = this;
    if (!row.is(at + 1, '(')) return at + 1;
    const back = builder.scope;
    const scope = builder.openScope(row.start(at), null);
    this.open({ closer: 'stmt', start: row.start(at), owner: null, scope, back, procedural: this.procedural });
    const next = row.past(at + 1);
    if (word === 'for') {
      const first = row.find(at + 2, ';', next);
      const genvar = row.keyword(at + 2) === 'genvar';
      if (genvar || TYPE_WORDS.has(row.keyword(at + 2)) || (row.isName(at + 2) && row.isName(at + 3)))
        this.items.names(at + 2, genvar ? at + 3 : at + 2, first, () => (genvar ? 'genvar' : 'variable'), '');
    } else {
      // `foreach (mem[i, j])`
      let bracket = next - 2;
      while (bracket > at + 1 && !row.is(bracket, '[')) bracket -= 1;
      for (const [from] of row.is(bracket, '[') ? row.split(bracket + 1, row.past(bracket) - 1) : [])
        if (row.isName(from)) this.#declareAt(from, from + 1, 'variable', `foreach ${row.name(from)}`);
    }
    return next;
  }

  #declareAt(nameAt: number, to: number, kind: SymbolKind, detail: string): Draft {
    const { row } = this;
    return this.builder.declare({
      kind,
      name: row.name(nameAt),
      at: row.start(nameAt),
      atEnd: row.end(nameAt),
      start: row.start(nameAt),
      end: row.end(to - 1),
      detail,
    });
  }

  #import(at: number): number {
    const { row } = this;
    if (row.code[at + 1]?.kind === 'string') {
      // `import "DPI-C" context c_name = function int f(…);`
      let routine = at + 2;
      while (routine < row.length && !row.is(routine, ';') && !['function', 'task'].includes(row.keyword(routine)))
        routine += 1;
      return row.is(routine, ';') ? routine + 1 : this.#units.routine(at, routine, true);
    }
    const end = row.find(at + 1, ';');
    this.#units.imports(at + 1, end);
    return row.is(end, ';') ? end + 1 : end;
  }

  #modport(at: number): number {
    const { row } = this;
    const end = row.find(at + 1, ';');
    for (const [from, to] of row.split(at + 1, end))
      if (row.isName(from) && row.is(from + 1, '('))
        this.#modportPorts(from + 1, this.#declareAt(from, to, 'modport', `modport ${row.slice(from, to)}`));
    this.builder.fold(row.start(at), row.end(end - 1));
    return row.is(end, ';') ? end + 1 : end;
  }

  /** `input .data(word[7:0])`: names that only the modport has. */
  #modportPorts(open: number, owner: Draft): void {
    const { row } = this;
    const end = row.past(open) - 1;
    const own = row.split(open + 1, end).flatMap(([from, to]) => {
      const dot = row.is(from, '.') ? from : from + 1;
      return row.is(dot, '.') && row.isName(dot + 1) && row.is(dot + 2, '(') ? [[dot + 1, to] as const] : [];
    });
    if (own.length === 0) return;
    const back = this.builder.scope;
    const scope = this.builder.openScope(row.start(open), owner);
    for (const [at, to] of own) this.#declareAt(at, to, 'port', row.slice(at - 1, to));
    this.builder.closeScope(scope, row.end(end), back);
  }

  #let(at: number): number {
    const { row } = this;
    const next = row.pastStatement(at);
    if (row.isName(at + 1)) this.#declareAt(at + 1, next, 'function', row.slice(at, next - 1));
    return next;
  }

  #constraint(at: number): number {
    const { row } = this;
    const next = this.#braced(at);
    if (row.isName(at + 1) && !row.is(at + 2, '::'))
      this.#declareAt(at + 1, next, 'constraint', `constraint ${row.name(at + 1)}`);
    this.builder.fold(row.start(at), row.end(next - 1));
    return next;
  }

  /** `extern`, `pure virtual`, `static` … before a routine, a class, a unit or a variable. */
  #modified(at: number): number {
    const { row } = this;
    let next = at;
    let prototype = false;
    while (MODIFIERS.has(row.keyword(next))) {
      if (row.keyword(next) === 'extern' || row.keyword(next) === 'pure') prototype = true;
      next += 1;
    }
    const word = row.keyword(next);
    if (word === 'function' || word === 'task') return this.#units.routine(at, next, prototype);
    if (word === 'class') return this.#units.class(at, next);
    if (word === 'clocking') return this.#units.clocking(at, next);
    if (word === 'constraint') return this.#constraint(next);
    if (word === 'interface' && row.keyword(at) !== 'virtual' && row.keyword(next + 1) === 'class')
      return this.#units.class(at, next + 1);
    const unit = UNITS[word];
    if (unit !== undefined && prototype) return this.#units.unit(at, next, unit, true);
    if (row.is(next, '::') || row.is(next, '.')) return this.#afterStatement(row.pastStatement(next));
    return this.#declaration(at);
  }

  #names(from: number, typeAt: number, kind: SymbolKind): number {
    const { row } = this;
    const end = row.find(typeAt, ';');
    this.items.names(from, typeAt, end, () => kind, '');
    return row.is(end, ';') ? end + 1 : end;
  }

  /** `logic [7:0] a, b;`, `wire w = x;`, `struct {…} s;` */
  #declaration(at: number): number {
    const { row } = this;
    const end = row.find(at, ';');
    const kind: SymbolKind = /^(?:wire|tri|wand|wor|uwire|supply|interconnect)/.test(row.name(at)) ? 'net' : 'variable';
    const ports = this.#unitPorts();
    this.items.names(at, this.#pastStrength(at), end, (name) => (this.#completes(ports, name, at) ? null : kind), '');
    return this.#afterStatement(row.is(end, ';') ? end + 1 : end);
  }

  /**
   * `wire (strong0, weak1) #5 w`, `trireg (small) t`: the type goes on behind it, which costs the strength its place.
   */
  #pastStrength(at: number): number {
    const { row } = this;
    if (!row.is(at + 1, '(') && !row.is(at + 1, '#')) return at;
    return row.pastDelay(row.is(at + 1, '(') ? row.past(at + 1) : at + 1);
  }

  #unitPorts(): Map<string, Draft> | null {
    return this.builder.ownerOf(this.builder.scope) === this.#top?.owner ? (this.#top?.ports ?? null) : null;
  }

  /** `reg [3:0] q;` behind `output q;` says more of the port and declares nothing new. */
  #completes(ports: ReadonlyMap<string, Draft> | null, name: string, at: number): boolean {
    const port = ports?.get(name);
    if (port === undefined) return false;
    const { row } = this;
    const words = row.slice(at, this.items.type(at, null).next);
    const direction = /^\w+/.exec(port.detail)?.[0] ?? '';
    if (DIRECTIONS.has(direction)) port.detail = `${direction} ${words} ${name}`;
    return true;
  }

  /** Directions in a body: ports of an old-style header, arguments of an old-style routine. */
  #directions(at: number): number {
    const { row, builder } = this;
    const end = row.find(at + 1, ';');
    const frame = this.#top;
    const next = row.is(end, ';') ? end + 1 : end;
    if (frame?.closer === 'endclocking') return next;
    const kind: SymbolKind =
      frame?.closer === 'endfunction' || frame?.closer === 'endtask' || this.procedural ? 'argument' : 'port';
    const ports = kind === 'port' ? (frame?.ports ?? null) : null;
    const direction = row.name(at);
    const { next: names } = this.items.type(at + 1, null);
    if (ports === null) {
      this.items.names(at, at + 1, end, () => kind, '');
      return next;
    }
    for (const [nameAt, to] of row.split(names, end)) {
      const name = row.name(nameAt);
      const port = ports.get(name);
      const detail = `${row.slice(at, names)} ${row.slice(nameAt, to)}`;
      if (port === undefined) {
        // named in an expression of the header only
        const inner = this.#declareAt(nameAt, to, 'net', detail);
        ports.set(name, inner);
        for (const outer of ports.values())
          if (outer.detail.startsWith('.') && outer.detail.includes(inner.name))
            outer.detail = `${direction} ${outer.detail}`;
        continue;
      }
      builder.moveName(port, row.start(nameAt), row.end(nameAt));
      port.detail = detail.replace(/\s+/g, ' ').trim();
    }
    return next;
  }

  /** A statement that begins with a name: a label, a declaration, an instance, an assignment, a call. */
  #named(at: number): number {
    const { row } = this;
    const inCase = this.#top?.closer === 'endcase';
    if (row.is(at + 1, ':')) {
      if (!inCase) this.#labels.add(at);
      return at + 2;
    }
    if (inCase && row.is(at + 1, ',')) return at + 2;
    return this.#declarationOrInstance(at) ?? this.#afterStatement(row.pastStatement(at));
  }

  /** Null when it is neither. */
  #declarationOrInstance(at: number): number | null {
    const { row } = this;
    const instance = this.procedural ? null : this.#instances.statement(at, null);
    if (instance !== null) return this.#afterStatement(instance);
    const { next, written } = this.items.type(at, null);
    if (!written || !row.isName(next)) return null;
    const behind = row.pastRanges(next + 1);
    if (!row.is(behind, ';') && !row.is(behind, ',') && !row.is(behind, '=') && !row.is(behind, '(')) return null;
    return this.#declaration(at);
  }

  #foldComments(): void {
    const { comments, text } = this.row;
    let from: (typeof comments)[number] | null = null;
    let last: (typeof comments)[number] | null = null;
    for (const comment of comments) {
      if (comment.text.startsWith('/*')) {
        this.builder.fold(comment.start, comment.end);
        continue;
      }
      const alone = /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', comment.start - 1) + 1, comment.start));
      if (alone && last !== null && from !== null && comment.line === last.line + 1) last = comment;
      else {
        if (from !== null && last !== null) this.builder.fold(from.start, last.end);
        [from, last] = alone ? [comment, comment] : [null, null];
      }
    }
    if (from !== null && last !== null) this.builder.fold(from.start, last.end);
  }
}

const MODIFIERS = new Set(
  'extern pure virtual static protected local automatic global const context default'.split(' '),
);
