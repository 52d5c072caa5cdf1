// What a source consists of, as far as faults need it: assignments with their processes, conditions, cases, ports,
// instances, declarations. Reads tokens by recursive descent; what it does not know it steps over.
import { closing, nextAtDepth } from '@genrtl/core/hdl/brackets.ts';
import { codeOf, isWord } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';

/** Indices of tokens, both inclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Process {
  readonly kind: 'clocked' | 'combinational';
  readonly header: Span;
  /** names assigned anywhere inside */
  readonly drives: Set<string>;
}

export interface Assignment {
  readonly targets: readonly string[];
  /** the first token of the left side, and the `;` or `,` that ends it */
  readonly span: Span;
  /** of `=` or `<=` */
  readonly operator: number;
  /** null: continuous */
  readonly process: Process | null;
  /** in the branch of a clocked process that its reset takes */
  readonly reset: boolean;
}

export interface Choice {
  readonly kind: 'if' | 'case';
  /** inside the parentheses */
  readonly condition: Span;
  /** bodies; of a case with their labels */
  readonly branches: readonly { readonly label: Span | null; readonly body: Span }[];
  readonly drives: ReadonlySet<string>;
  readonly reset: boolean;
}

export interface Declared {
  readonly names: readonly string[];
  /** inside the brackets */
  readonly range: Span;
}

export interface Port {
  readonly name: string;
  /** with the comma that separates it from its neighbour, so that the rest stays a list */
  readonly remove: Span;
  readonly at: number;
}

export interface Connection {
  readonly port: string;
  readonly at: number;
  readonly remove: Span;
  readonly signals: readonly string[];
}

export interface Structure {
  readonly source: string;
  readonly tokens: readonly Token[];
  readonly assignments: readonly Assignment[];
  readonly choices: readonly Choice[];
  readonly processes: readonly Process[];
  readonly declarations: readonly Declared[];
  readonly ports: readonly Port[];
  readonly connections: readonly Connection[];
  /** `begin` and its `end` inside processes */
  readonly blocks: readonly Span[];
}

const TYPES = new Set(['wire', 'logic', 'reg', 'bit', 'tri', 'var', 'uwire']);
const SKIPPED = new Set([
  'parameter',
  'localparam',
  'genvar',
  'typedef',
  'import',
  'export',
  'defparam',
  'assert',
  'assume',
  'cover',
  'input',
  'output',
  'inout',
  'integer',
  'int',
  'timeunit',
  'timeprecision',
]);
const PASSED = new Set(['generate', 'endgenerate', 'end', 'else', 'endcase', 'endmodule']);
const SKIPPED_BLOCKS: Readonly<Record<string, string>> = {
  function: 'endfunction',
  task: 'endtask',
  specify: 'endspecify',
  property: 'endproperty',
  sequence: 'endsequence',
};

interface Here {
  readonly process: Process;
  readonly reset: boolean;
}

export function readStructure(source: string): Structure {
  return { source, ...new Reader(codeOf(source)).read() };
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #assignments: Assignment[] = [];
  readonly #choices: Choice[] = [];
  readonly #processes: Process[] = [];
  readonly #declarations: Declared[] = [];
  readonly #ports: Port[] = [];
  readonly #connections: Connection[] = [];
  readonly #blocks: Span[] = [];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Omit<Structure, 'source'> {
    for (let at = 0; at < this.#tokens.length; ) at = this.#text(at) === 'module' ? this.#header(at) : this.#item(at);
    return {
      tokens: this.#tokens,
      assignments: this.#assignments,
      choices: this.#choices,
      processes: this.#processes,
      declarations: this.#declarations,
      ports: this.#ports,
      connections: this.#connections,
      blocks: this.#blocks,
    };
  }

  #text(at: number): string {
    return this.#tokens[at]?.text ?? '';
  }

  #isWord(at: number): boolean {
    return isWord(this.#tokens[at]);
  }

  /** Every reader returns the index to go on at, always beyond where it began. */
  #header(at: number): number {
    const end = nextAtDepth(this.#tokens, at, ';');
    let open = at + 2;
    if (this.#text(open) === '#') open = closing(this.#tokens, open + 1) + 1;
    if (this.#text(open) === '(') this.#portList({ from: open, to: closing(this.#tokens, open) });
    return end + 1;
  }

  #portList({ from, to }: Span): void {
    for (const part of this.#split({ from: from + 1, to: to - 1 })) {
      const words = range(part).filter((at) => this.#isWord(at));
      const at = words.at(-1);
      if (at === undefined || !['input', 'output', 'inout'].includes(this.#text(part.from))) continue;
      const name = this.#text(at);
      const comma = part.to + 1 < to ? { from: part.from, to: part.to + 1 } : { from: part.from - 1, to: part.to };
      this.#ports.push({ name, at, remove: part.from - 1 > from || part.to + 1 < to ? comma : part });
      this.#range(part, [name]);
    }
  }

  /** Parts between commas outside brackets. */
  #split({ from, to }: Span): Span[] {
    const parts: Span[] = [];
    for (let start = from; start <= to; ) {
      const comma = Math.min(nextAtDepth(this.#tokens, start, ','), to + 1);
      if (comma > start) parts.push({ from: start, to: comma - 1 });
      start = comma + 1;
    }
    return parts;
  }

  /** A packed range `[…:…]` before the name. */
  #range(part: Span, names: readonly string[]): void {
    const open = range(part).find((at) => this.#text(at) === '[');
    if (open === undefined || !this.#isWord(open - 1)) return;
    const close = closing(this.#tokens, open);
    if (range({ from: open + 1, to: close - 1 }).some((at) => this.#text(at) === ':'))
      this.#declarations.push({ names, range: { from: open + 1, to: close - 1 } });
  }

  #item(at: number): number {
    const word = this.#text(at);
    if (word.startsWith('always')) return this.#process(at);
    if (word === 'assign') return this.#continuous(at + 1);
    if (word === 'initial' || word === 'final') return this.#skipStatement(at + 1);
    const closer = SKIPPED_BLOCKS[word];
    if (closer !== undefined) return this.#after(at, closer);
    if (TYPES.has(word)) return this.#declaration(at);
    if (SKIPPED.has(word)) return nextAtDepth(this.#tokens, at, ';') + 1;
    if (word === 'begin') return this.#text(at + 1) === ':' ? at + 3 : at + 1;
    if (['if', 'for', 'case'].includes(word)) return closing(this.#tokens, at + 1) + 1;
    if (PASSED.has(word) || !this.#isWord(at)) return at + 1;
    return this.#instance(at);
  }

  #after(at: number, word: string): number {
    const end = this.#tokens.findIndex((token, index) => index > at && token.text === word);
    return end === -1 ? this.#tokens.length : end + 1;
  }

  #continuous(at: number): number {
    const end = nextAtDepth(this.#tokens, at, ';');
    for (const part of this.#split({ from: at, to: end - 1 })) {
      const operator = nextAtDepth(this.#tokens, part.from, '=');
      if (operator <= part.to) this.#assign({ from: part.from, to: part.to + 1 }, operator, null);
    }
    return end + 1;
  }

  #assign(span: Span, operator: number, here: Here | null): void {
    const targets = this.#targets(span.from, operator);
    if (targets.length === 0) return;
    for (const name of targets) here?.process.drives.add(name);
    this.#assignments.push({ targets, span, operator, process: here?.process ?? null, reset: here?.reset ?? false });
  }

  /** Names on the left side, indices left out. */
  #targets(from: number, to: number): string[] {
    const names: string[] = [];
    for (let at = from; at < to; at++) {
      if (this.#text(at) === '[') at = closing(this.#tokens, at);
      else if (this.#isWord(at) && this.#text(at - 1) !== '.') names.push(this.#text(at));
    }
    return names;
  }

  #declaration(at: number): number {
    const end = nextAtDepth(this.#tokens, at, ';');
    const names: string[] = [];
    for (const part of this.#split({ from: at, to: end - 1 })) {
      const operator = nextAtDepth(this.#tokens, part.from, '=');
      let name = Math.min(operator, part.to + 1) - 1;
      while (this.#text(name) === ']') name = this.#opening(name) - 1;
      if (!this.#isWord(name)) continue;
      names.push(this.#text(name));
      if (operator <= part.to && ['wire', 'tri', 'uwire'].includes(this.#text(at)))
        this.#assign({ from: name, to: part.to + 1 }, operator, null);
    }
    this.#range({ from: at, to: end }, names);
    return end + 1;
  }

  #opening(close: number): number {
    let depth = 0;
    for (let at = close; at >= 0; at--) {
      if (this.#text(at) === ']') depth++;
      else if (this.#text(at) === '[' && --depth === 0) return at;
    }
    return close;
  }

  #instance(at: number): number {
    const end = nextAtDepth(this.#tokens, at, ';');
    let next = at + 1;
    if (this.#text(next) === '#') next = closing(this.#tokens, next + 1) + 1;
    if (!this.#isWord(next) || this.#text(next + 1) !== '(') return end + 1;
    const open = next + 1;
    const close = closing(this.#tokens, open);
    for (const part of this.#split({ from: open + 1, to: close - 1 })) {
      if (this.#text(part.from) !== '.' || !this.#isWord(part.from + 1)) continue;
      const remove =
        part.to + 1 < close
          ? { from: part.from, to: part.to + 1 }
          : part.from - 1 > open
            ? { from: part.from - 1, to: part.to }
            : part;
      const signals = range({ from: part.from + 2, to: part.to })
        .filter((index) => this.#isWord(index))
        .map((index) => this.#text(index));
      this.#connections.push({ port: this.#text(part.from + 1), at: part.from + 1, remove, signals });
    }
    return end + 1;
  }

  #process(at: number): number {
    let body = at + 1;
    if (this.#text(body) === '@') body = this.#text(body + 1) === '(' ? closing(this.#tokens, body + 1) + 1 : body + 2;
    const header = { from: at, to: body - 1 };
    const clocked = range(header).some((index) => this.#text(index) === 'posedge' || this.#text(index) === 'negedge');
    const process: Process = { kind: clocked ? 'clocked' : 'combinational', header, drives: new Set() };
    this.#processes.push(process);
    return this.#statement(body, { process, reset: false });
  }

  #skipStatement(at: number): number {
    const shadow = new Reader(this.#tokens);
    return shadow.#statement(at, {
      process: { kind: 'combinational', header: { from: at, to: at }, drives: new Set() },
      reset: false,
    });
  }

  #statement(at: number, here: Here): number {
    const word = this.#text(at);
    if (word === 'begin') return this.#block(at, here);
    if (word === 'unique' || word === 'priority' || word === 'unique0') return this.#statement(at + 1, here);
    if (word === 'if') return this.#if(at, here);
    if (word === 'case' || word === 'casez' || word === 'casex') return this.#case(at, here);
    if (word === 'for' || word === 'while' || word === 'repeat')
      return this.#statement(closing(this.#tokens, at + 1) + 1, here);
    if (word === 'forever') return this.#statement(at + 1, here);
    if (word === '@' || word === '#')
      return this.#statement(this.#text(at + 1) === '(' ? closing(this.#tokens, at + 1) + 1 : at + 2, here);
    const end = nextAtDepth(this.#tokens, at, ';');
    for (let operator = at; operator < end; operator++) {
      if (this.#text(operator) === '[' || this.#text(operator) === '{') {
        operator = closing(this.#tokens, operator);
        continue;
      }
      if (this.#text(operator) === '(') break;
      if (this.#text(operator) === '=' || this.#text(operator) === '<=') {
        this.#assign({ from: at, to: end }, operator, here);
        break;
      }
    }
    return end + 1;
  }

  #block(at: number, here: Here): number {
    let next = this.#text(at + 1) === ':' ? at + 3 : at + 1;
    while (next < this.#tokens.length && this.#text(next) !== 'end' && this.#text(next) !== 'endmodule')
      next = this.#statement(next, here);
    this.#blocks.push({ from: at, to: next });
    return next + 1;
  }

  #if(at: number, here: Here): number {
    const close = closing(this.#tokens, at + 1);
    const condition = { from: at + 2, to: close - 1 };
    const resets = here.process.kind === 'clocked' && !here.reset && this.#isReset(condition, here.process);
    const before = this.#assignments.length;
    const branches: { label: null; body: Span }[] = [];
    let next = this.#statement(close + 1, { ...here, reset: here.reset || resets });
    branches.push({ label: null, body: { from: close + 1, to: next - 1 } });
    if (this.#text(next) === 'else') {
      const otherwise = next + 1;
      next = this.#statement(otherwise, here);
      branches.push({ label: null, body: { from: otherwise, to: next - 1 } });
    }
    this.#choices.push({ kind: 'if', condition, branches, drives: this.#drivenSince(before), reset: resets });
    return next;
  }

  #drivenSince(before: number): Set<string> {
    return new Set(this.#assignments.slice(before).flatMap((one) => one.targets));
  }

  /** The condition is a signal of the sensitivity list, inverted or not, or is called like a reset. */
  #isReset(condition: Span, process: Process): boolean {
    const words = range(condition)
      .filter((index) => this.#isWord(index))
      .map((index) => this.#text(index));
    const [name] = words;
    if (words.length !== 1 || name === undefined) return false;
    const edges = range(process.header)
      .filter((index) => ['posedge', 'negedge'].includes(this.#text(index)))
      .map((index) => this.#text(index + 1));
    return edges.slice(1).includes(name) || /^(?:a?s?rst|reset)/i.test(name) || /(?:rst|reset)(?:_?n)?$/i.test(name);
  }

  #case(at: number, here: Here): number {
    const close = closing(this.#tokens, at + 1);
    const before = this.#assignments.length;
    const branches: { label: Span; body: Span }[] = [];
    let next = close + 1;
    while (next < this.#tokens.length && this.#text(next) !== 'endcase' && this.#text(next) !== 'endmodule') {
      const isDefault = this.#text(next) === 'default' && this.#text(next + 1) !== ':';
      const colon = isDefault ? next : nextAtDepth(this.#tokens, next, ':');
      const end = this.#statement(colon + 1, here);
      branches.push({
        label: { from: next, to: isDefault ? next : colon - 1 },
        body: { from: colon + 1, to: end - 1 },
      });
      next = Math.max(end, next + 1);
    }
    this.#choices.push({
      kind: 'case',
      condition: { from: at + 2, to: close - 1 },
      branches,
      drives: this.#drivenSince(before),
      reset: false,
    });
    return next + 1;
  }
}

/** The indices of a span. */
export function range({ from, to }: Span): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
