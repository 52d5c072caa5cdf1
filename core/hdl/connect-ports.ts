// The mechanical part of an instantiation: ports that an instance leaves out are connected to nets of their name, and
// nets that nobody declares are declared with the type and width that the port has at this instance. Pure; what cannot
// be told for sure is left to the engineer and named.
import { closing } from './brackets.ts';
import { codeOf, lex } from './lexer.ts';
import type { Token } from './lexer.ts';
import { readInstances, source } from './instances.ts';
import type { HdlInstance } from './instances.ts';
import type { HdlModule, HdlPort, PortDirection } from './module-reader.ts';

/** What surrounds the instance, as the language index knows it. */
export interface InstanceSurroundings {
  /** the module that is instantiated */
  readonly unit: HdlModule;
  /** `logic` exists */
  readonly systemVerilog: boolean;
  /** what a name means where the instance stands; null: nothing yet */
  meaning(name: string): 'signal' | 'input' | 'other' | null;
  /** of a port of a module that another instance is of; null: unknown */
  direction(module: string, port: string): PortDirection | null;
  /** how a name that the unit's own file sees is written here; null: it cannot be named here */
  outside(name: string): string | null;
}

/** `text` takes the place of what stands between the offsets. */
export interface TextReplacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface PortConnections {
  /** ports that the instance neither connects nor leaves open */
  readonly missing: readonly string[];
  /** names that its connections use and nobody declares */
  readonly undeclared: readonly string[];
  /** nets whose type cannot be told here: interfaces, types of the other module's body, arrays of instances */
  readonly left: readonly string[];
  /** signals that `connect` declares */
  readonly declares: readonly string[];
  /** connects the missing ports and declares what they need */
  readonly connect: readonly TextReplacement[];
  /** declares what the present connections need */
  readonly declare: readonly TextReplacement[];
}

const MAX_STEPS = 8;
const ONE_LINE = 100;
const SCALARS: ReadonlySet<string> = new Set(['', 'logic', 'reg']);
const WRITTEN_OUT = /\b(?:struct|union|enum)\b/;

/** The instance around an offset; null where there is none. */
export function instanceAround(text: string, offset: number): HdlInstance | null {
  return readInstances(lex(text)).findLast(({ start, end }) => start <= offset && offset <= end) ?? null;
}

export function connectPorts(text: string, instance: HdlInstance, around: InstanceSurroundings): PortConnections {
  const { unit } = around;
  const list = lex(text.slice(instance.open + 1, instance.close));
  const known = new Set(instance.connections.map(({ port }) => port));
  // a list whose items depend on macros cannot be added to for sure; by position nothing has a name
  const fixed = instance.positional || instance.wildcard || list.some(({ kind }) => kind === 'directive');
  const missing = fixed ? [] : unit.ports.filter(({ name }) => !known.has(name));
  const left: string[] = [];
  const drivenHere = missing.length === 0 ? new Set<string>() : drivenNets(text, instance, around);
  const taken = new Set<string>();
  const nets = missing.map((port) => {
    const meaning = around.meaning(port.name);
    const drives = port.direction === 'output' && (meaning === 'input' || drivenHere.has(port.name));
    const own = meaning === 'other' || drives || taken.has(port.name);
    const net = own ? freeName(`${instance.name}_${port.name}`, around, taken) : port.name;
    taken.add(net);
    return { port, net, declared: !own && meaning !== null };
  });
  const declarations = (wanted: readonly { readonly port: HdlPort; readonly net: string }[]): string[] =>
    wanted.flatMap(({ port, net }) => {
      const made = instance.array ? null : declaration(port, net, instance, around);
      if (made === null) left.push(net);
      return made === null ? [] : [made];
    });
  const here = undeclaredOf(instance, around);
  const indent = indentOf(text, instance.statement);
  const lineStart = text.lastIndexOf('\n', instance.statement - 1) + 1;
  // an instance that shares its line is left where it is, and the declarations go before it
  const alone = text.slice(lineStart, instance.statement).trim() === '';
  const at = alone ? lineStart : instance.statement;
  const put = (lines: readonly string[]): TextReplacement[] =>
    lines.length === 0
      ? []
      : [
          {
            start: at,
            end: at,
            text: alone ? lines.map((line) => `${indent}${line}\n`).join('') : `${lines.join(' ')} `,
          },
        ];
  const fresh = nets.filter(({ declared }) => !declared);
  const forMissing = declarations(fresh);
  const forPresent = declarations(here);
  return {
    missing: missing.map(({ name }) => name),
    undeclared: here.map(({ net }) => net),
    left,
    declares: fresh.map(({ net }) => net).filter((net) => !left.includes(net)),
    connect: missing.length === 0 ? [] : [...put(forMissing), ...connections(text, instance, list, nets)],
    declare: put(forPresent),
  };
}

/** Names on plain connections that mean nothing yet, each with the first port that it is on. */
function undeclaredOf(
  instance: HdlInstance,
  { unit, meaning }: InstanceSurroundings,
): { port: HdlPort; net: string }[] {
  const found = new Map<string, { port: HdlPort; net: string }>();
  for (const { port: name, expression } of instance.connections) {
    const net = expression === null ? name : plainName(expression);
    const port = unit.ports.find((one) => one.name === name);
    if (net !== null && port !== undefined && !found.has(net) && meaning(net) === null) found.set(net, { port, net });
  }
  return [...found.values()];
}

const plainName = (expression: string): string | null => {
  const [only, ...more] = codeOf(expression);
  return only?.kind === 'word' && more.length === 0 ? only.text : null;
};

/** Nets that something other than this instance drives for sure: another output on them, or an assignment. */
function drivenNets(text: string, instance: HdlInstance, around: InstanceSurroundings): Set<string> {
  const driven = new Set<string>();
  const tokens = codeOf(text);
  const from = tokens.findLastIndex(
    ({ kind, text: word, start }) => start < instance.start && kind === 'word' && word === 'module',
  );
  const end = tokens.findIndex(({ text: word, start }) => start > instance.end && word === 'endmodule');
  const own = tokens.slice(Math.max(0, from), end === -1 ? undefined : end);
  for (const other of readInstances(own)) {
    if (other.start === instance.start) continue;
    for (const { port, expression } of other.connections) {
      const net = expression === null ? port : plainName(expression);
      const direction = net === null ? null : around.direction(other.module, port);
      if (net !== null && (direction === 'output' || direction === 'inout')) driven.add(net);
    }
  }
  for (const [index, token] of own.entries()) {
    const before = own[index - 1]?.text;
    if (token.kind === 'word' && own[index + 1]?.text === '=' && (before === 'assign' || before === ','))
      driven.add(token.text);
    else if (token.kind === 'word' && own[index + 1]?.text === '<=' && /^(?:begin|else|\)|;|:)$/.test(before ?? ''))
      driven.add(token.text);
  }
  return driven;
}

function freeName(wanted: string, { meaning }: InstanceSurroundings, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let count = 2; meaning(name) !== null || taken.has(name); count += 1) name = `${wanted}_${count}`;
  return name;
}

/** The new connections in the manner of those that stand there: lines, blanks before the bracket, aligned brackets. */
function connections(
  text: string,
  instance: HdlInstance,
  list: readonly Token[],
  nets: readonly { readonly port: HdlPort; readonly net: string }[],
): TextReplacement[] {
  const indent = indentOf(text, instance.statement);
  const inside = text.slice(instance.open + 1, instance.close);
  const code = list.filter(({ kind }) => kind !== 'comment' && kind !== 'attribute');
  const last = code.at(-1);
  const style = connectionStyle(inside, code);
  const escape = ({ name, escaped }: HdlPort): string => (escaped ? `\\${name} ` : name);
  const written = nets.map(({ port, net }) => {
    const name = escape(port);
    return `.${name}${style.pad(name.length)}(${port.escaped && net === port.name ? `\\${net} ` : net})`;
  });
  if (last === undefined) {
    const step = indentUnit(text);
    const body = written.map((line) => `\n${indent}${step}${line}`).join(',');
    const at = instance.open + 1 + inside.trimEnd().length;
    return [{ start: at, end: instance.close, text: `${body}\n${indent}` }];
  }
  const behind = instance.open + 1 + last.end;
  const comma = last.text === ',' ? '' : ',';
  const lineOfLast = inside.lastIndexOf('\n', last.start);
  if (lineOfLast === -1) {
    const line = text.slice(text.lastIndexOf('\n', instance.open) + 1, instance.close);
    const more = written.join(', ');
    if (line.length + more.length <= ONE_LINE) return [{ start: behind, end: behind, text: `${comma} ${more}` }];
  }
  const step =
    lineOfLast === -1 ? `${indent}${indentUnit(text)}` : indentOf(text, instance.open + 1 + firstOnLine(inside, last));
  const lines = written.map((line) => `\n${step}${line}`).join(',');
  // a comment behind the last connection stays beside it
  const trailing = list.at(-1)?.kind === 'comment' ? instance.open + 1 + (list.at(-1)?.end ?? last.end) : behind;
  return trailing === behind || comma === ''
    ? [{ start: trailing, end: trailing, text: `${comma}${lines}` }]
    : [
        { start: behind, end: behind, text: comma },
        { start: trailing, end: trailing, text: lines },
      ];
}

/** Offset of the first code on the line of a token. */
function firstOnLine(inside: string, { start }: Token): number {
  const line = inside.lastIndexOf('\n', start) + 1;
  return line + (inside.slice(line).length - inside.slice(line).trimStart().length);
}

/** How far the bracket of a connection stands behind its name. */
function connectionStyle(inside: string, code: readonly Token[]): { pad(length: number): string } {
  const columns: { readonly width: number; readonly gap: number }[] = [];
  for (const [index, token] of code.entries()) {
    const [name, open] = [code[index + 1], code[index + 2]];
    if (token.text !== '.' || name === undefined || open?.text !== '(') continue;
    columns.push({ width: name.end - name.start, gap: open.start - name.end });
  }
  const totals = new Set(columns.map(({ width, gap }) => width + gap));
  const [column] = columns;
  const aligned = columns.length > 1 && totals.size === 1 && new Set(columns.map(({ width }) => width)).size > 1;
  if (aligned && column !== undefined) {
    const total = column.width + column.gap;
    return { pad: (length) => ' '.repeat(Math.max(inside.includes('\t') ? 0 : 1, total - length)) };
  }
  return { pad: () => (columns.length > 0 && columns.every(({ gap }) => gap === 1) ? ' ' : '') };
}

function indentOf(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '';
}

/** One step of the text's own indentation. */
function indentUnit(text: string): string {
  let least: string | null = null;
  for (const [, blanks = ''] of text.matchAll(/^([ \t]+)\S/gm)) {
    if (blanks.startsWith('\t')) return '\t';
    if (blanks.length > 1 && (least === null || blanks.length < least.length)) least = blanks;
  }
  return least !== null && least.length <= 8 ? least : '  ';
}

/** null: its type cannot be told here. */
function declaration(port: HdlPort, net: string, instance: HdlInstance, around: InstanceSurroundings): string | null {
  if (port.interface !== null || port.expression || WRITTEN_OUT.test(port.type)) return null;
  const values = parameterValues(around.unit, instance);
  const dimensions = (texts: readonly string[]): string[] | null => {
    const made = texts.map((one) => substituted(one, values, around.outside));
    return made.every((one) => one !== null) ? made.map((one) => `[${folded(one)}]`) : null;
  };
  const packed = dimensions(port.packed);
  const unpacked = dimensions(port.unpacked);
  const type = SCALARS.has(port.type) ? '' : substituted(port.type, values, around.outside, true);
  if (packed === null || unpacked === null || type === null) return null;
  const wire = !around.systemVerilog || port.direction === 'inout' || (port.net !== null && port.net !== 'wire');
  const kind = wire ? [port.net ?? 'wire', type] : [type === '' ? 'logic' : type];
  const words = [...kind, port.signed ? 'signed' : '', packed.join(''), net].filter((word) => word !== '');
  return `${words.join(' ')}${unpacked.map((one) => ` ${one}`).join('')};`;
}

/** What each parameter is at this instance; text of the unit's own names where `own`. */
function parameterValues(
  unit: HdlModule,
  instance: HdlInstance,
): ReadonlyMap<string, { readonly text: string | null; readonly own: boolean }> {
  const values = new Map<string, { text: string | null; own: boolean }>();
  const header = unit.parameters.filter(({ kind, inHeader }) => kind === 'parameter' && inHeader);
  const settable = header.length > 0 ? header : unit.parameters.filter(({ kind }) => kind === 'parameter');
  for (const one of unit.parameters) values.set(one.name, { text: one.default, own: true });
  for (const [index, { name, value }] of instance.overrides.entries()) {
    const set = name ?? settable[index]?.name;
    if (set !== undefined && value !== '') values.set(set, { text: value, own: false });
  }
  return values;
}

/** The text with parameters in place; null when a name in it means nothing here. */
function substituted(
  text: string,
  values: ReturnType<typeof parameterValues>,
  outside: (name: string) => string | null,
  type = false,
  steps = 0,
): string | null {
  if (steps > MAX_STEPS) return null;
  const tokens = codeOf(text);
  const pieces: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1]?.text;
    const scoped = before === '::' || before === '.' || tokens[index + 1]?.text === '::';
    let piece: string | null = token.text;
    if (token.kind === 'word' && !scoped && !BUILT_IN.has(token.text)) {
      const value = values.get(token.text);
      if (value === undefined) piece = outside(token.text);
      else if (value.text === null) return null;
      else {
        piece = value.own ? substituted(value.text, values, outside, type, steps + 1) : value.text;
        const alone = before === '(' && tokens[index + 1]?.text === ')';
        if (piece !== null && tokens.length > 1 && !type && !alone && !isOperand(piece)) piece = `(${piece})`;
      }
    }
    if (piece === null) return null;
    pieces.push({ ...token, text: piece });
  }
  return source(pieces);
}

/** One name, number or call, which no operator beside it can take apart. */
function isOperand(text: string): boolean {
  const tokens = codeOf(text);
  const scoped = tokens.every((token, index) => (index % 2 === 0 ? token.kind === 'word' : token.text === '::'));
  const call = tokens[0]?.kind === 'system' && tokens[1]?.text === '(' && closing(tokens, 1) === tokens.length - 1;
  return tokens.length < 2 || scoped || call;
}

const BUILT_IN: ReadonlySet<string> = new Set(
  'logic reg bit byte shortint int longint integer time real shortreal realtime string signed unsigned'.split(' '),
);

/** `8-1:0` is `7:0`. */
const folded = (range: string): string =>
  range.replaceAll(/(?<![\w'.)\]*/%+-])(\d{1,9})-(\d{1,9})(?=:|$)/g, (_all, a: string, b: string) =>
    String(Number(a) - Number(b)),
  );
