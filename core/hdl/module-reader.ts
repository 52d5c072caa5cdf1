// Module declarations in a row of code tokens: name, parameters, ports in either style, and where header and body lie.
// What it does not understand it leaves out; it never fails.
import { closing, nextAtDepth, opens, splitAtCommas, textOf } from './brackets.ts';
import { isKeyword, isWord } from './lexer.ts';
import type { Token } from './lexer.ts';

export type PortDirection = 'input' | 'output' | 'inout' | 'ref';

export interface HdlPort {
  readonly name: string;
  /** escaped in the source, so that its name needs `\` and a blank */
  readonly escaped: boolean;
  /** null: an interface, or a list entry without a declaration */
  readonly direction: PortDirection | null;
  /** `wire`, `tri` …; null where none is written */
  readonly net: string | null;
  /** words of the data type without sign: `logic`, `reg`, `pkg::state_t`, `real`; empty: none is written */
  readonly type: string;
  readonly signed: boolean;
  /** text between the brackets of each packed and unpacked dimension */
  readonly packed: readonly string[];
  readonly unpacked: readonly string[];
  /** `bus_if` or `bus_if.slave` of an interface port */
  readonly interface: string | null;
  /** `.name(expression)`: the port is known outside by another name than inside */
  readonly expression: boolean;
  /** from 1 */
  readonly line: number;
}

export interface HdlParameter {
  readonly name: string;
  readonly kind: 'parameter' | 'localparam';
  /** `parameter type T` */
  readonly isType: boolean;
  /** text of the default; null: none */
  readonly default: string | null;
  /** the whole declaration as an item of a header's list: `parameter int W = 8` */
  readonly text: string;
  readonly line: number;
  /** in the header's list, else in the body */
  readonly inHeader: boolean;
}

export interface HdlModule {
  readonly name: string;
  /** from 1 */
  readonly line: number;
  /** indices of `module`, of the header's `;`, and of `endmodule` or the last token before the next module */
  readonly at: number;
  readonly headerEnd: number;
  readonly endAt: number;
  /** text of the `import` items in the header */
  readonly imports: readonly string[];
  /** text between the brackets of `#( … )`; null: no such list */
  readonly parameterList: string | null;
  readonly parameters: readonly HdlParameter[];
  readonly ports: readonly HdlPort[];
  /** directions stand in the list itself */
  readonly ansi: boolean;
}

const DIRECTIONS: ReadonlySet<string> = new Set(['input', 'output', 'inout', 'ref']);
const NETS: ReadonlySet<string> = new Set([
  'wire',
  'tri',
  'wand',
  'wor',
  'uwire',
  'tri0',
  'tri1',
  'triand',
  'trior',
  'trireg',
  'supply0',
  'supply1',
  'interconnect',
]);
const TYPES: ReadonlySet<string> = new Set([
  'reg',
  'logic',
  'bit',
  'integer',
  'int',
  'byte',
  'shortint',
  'longint',
  'time',
  'real',
  'shortreal',
  'realtime',
  'string',
  'event',
  'chandle',
]);
const SIGNS: ReadonlySet<string> = new Set(['signed', 'unsigned']);
const ENDS: ReadonlySet<string> = new Set(['endmodule', 'endinterface', 'endprogram']);
const OPENERS: ReadonlySet<string> = new Set(['module', 'macromodule', 'interface', 'program']);

/** A type whose values are variables that only procedures set, in Verilog-2005 at least. */
export const isVariableType = (port: HdlPort): boolean => port.net === null && port.type !== '';

/** Modules (and interfaces and programs with `all`) in the order of the text. A module inside another one ends it. */
export function readModules(tokens: readonly Token[], all = false): HdlModule[] {
  const modules: HdlModule[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const word = tokens[at];
    if (word?.kind !== 'word' || !OPENERS.has(word.text)) continue;
    // `extern module`, `virtual interface`, `import "DPI" … ` and the port `interface x` declare nothing
    const before = tokens[at - 1]?.text;
    if (before === 'extern' || before === 'virtual' || before === '(' || before === ',') continue;
    const module = readModule(tokens, at);
    if (module === null) continue;
    if (all || word.text === 'module' || word.text === 'macromodule') modules.push(module);
    at = module.endAt;
  }
  return modules;
}

function readModule(tokens: readonly Token[], at: number): HdlModule | null {
  let nameAt = at + 1;
  while (isKeyword(tokens[nameAt], 'automatic') || isKeyword(tokens[nameAt], 'static')) nameAt++;
  const name = tokens[nameAt];
  if (name === undefined || !isWord(name)) return null;
  let items = nameAt + 1;
  while (isKeyword(tokens[items], 'import')) items = nextAtDepth(tokens, items, ';') + 1;
  const headerEnd = nextAtDepth(tokens, items, ';');
  const endAt = endOf(tokens, headerEnd);
  const header = readHeader(tokens.slice(nameAt + 1, headerEnd));
  const body = tokens.slice(headerEnd + 1, endAt);
  const ansi = header.ports.some((part) => part.some((token) => token.kind === 'word' && DIRECTIONS.has(token.text)));
  const declared = ansi ? ansiPorts(header.ports) : listedPorts(header.ports);
  const inBody = bodyDeclarations(body);
  return {
    name: name.text,
    line: name.line,
    at,
    headerEnd,
    endAt,
    imports: header.imports,
    parameterList: header.parameters === null ? null : textOf(header.parameters),
    parameters: [...parametersOf(splitAtCommas(header.parameters ?? []), true), ...inBody.parameters],
    ports: ansi ? declared : withDeclarations(declared, inBody.ports),
    ansi,
  };
}

/** Documents, and code that breaks off, leave `endmodule` out: the next module ends the one before. */
function endOf(tokens: readonly Token[], from: number): number {
  for (let index = from; index < tokens.length; index++) {
    const token = tokens[index];
    if (token?.kind !== 'word') continue;
    if (ENDS.has(token.text)) return index;
    if ((token.text === 'module' || token.text === 'macromodule') && isWord(tokens[index + 1])) return index - 1;
  }
  return tokens.length;
}

/** `import p::*; #( … ) ( … )` */
function readHeader(tokens: readonly Token[]): {
  imports: string[];
  parameters: readonly Token[] | null;
  ports: Token[][];
} {
  const imports: string[] = [];
  let parameters: readonly Token[] | null = null;
  let ports: Token[][] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (isKeyword(token, 'import')) {
      const end = nextAtDepth(tokens, index, ';');
      imports.push(`${textOf(tokens.slice(index, end))};`);
      index = end;
    } else if (token?.text === '#' && tokens[index + 1]?.text === '(') {
      const close = closing(tokens, index + 1);
      parameters = tokens.slice(index + 2, close);
      index = close;
    } else if (token?.text === '(') {
      const close = closing(tokens, index);
      ports = splitAtCommas(tokens.slice(index + 1, close));
      index = close;
    }
  }
  return { imports, parameters, ports };
}

type Draft = Omit<HdlPort, 'name' | 'escaped' | 'unpacked' | 'line' | 'expression'>;
const NOTHING: Draft = { direction: null, net: null, type: '', signed: false, packed: [], interface: null };

function ansiPorts(parts: readonly (readonly Token[])[]): HdlPort[] {
  const ports: HdlPort[] = [];
  let last: Draft = NOTHING;
  for (const part of parts) {
    const item = readItem(part);
    if (item === null) continue;
    if (item.bare) {
      // only a name: everything is as of the port before it
      ports.push({ ...last, ...item.own });
      continue;
    }
    const { direction } = item.draft;
    last =
      direction === null && item.draft.interface === null ? { ...item.draft, direction: last.direction } : item.draft;
    ports.push({ ...last, ...item.own });
  }
  return ports;
}

interface Item {
  readonly draft: Draft;
  readonly own: Pick<HdlPort, 'name' | 'escaped' | 'unpacked' | 'line' | 'expression'>;
  readonly bare: boolean;
}

/** `[direction] [net] [type] [sign] [packed] name [unpacked] [= value]` */
function readItem(tokens: readonly Token[]): Item | null {
  const head = tokens.slice(0, nextAtDepth(tokens, 0, '='));
  const dot = head.findIndex((token, index) => token.text === '.' && head[index + 2]?.text === '(');
  if (dot !== -1) return explicitItem(head, dot);
  const nameAt = lastWordOutside(head);
  const name = head[nameAt];
  if (name === undefined) return null;
  let direction: PortDirection | null = null;
  let net: string | null = null;
  let signed = false;
  let type = '';
  const packed: string[] = [];
  for (let index = 0; index < nameAt; index++) {
    const token = head[index];
    if (token === undefined) break;
    if (opens(token)) {
      const close = closing(head, index);
      // the members of a struct or enum that is written out are left out
      if (token.text === '[') packed.push(textOf(head.slice(index + 1, close)));
      index = close;
    } else if (token.text === '.' || token.text === '::') type += token.text;
    else if (token.kind === 'escaped') type += `\\${token.text} `;
    else if (token.kind !== 'word' || PASSED.has(token.text)) continue;
    else if (DIRECTIONS.has(token.text)) direction = token.text as PortDirection;
    else if (NETS.has(token.text)) net = token.text;
    else if (SIGNS.has(token.text)) signed = token.text === 'signed';
    else type += type === '' || /[.:]$/.test(type) ? token.text : ` ${token.text}`;
  }
  const unpacked: string[] = [];
  for (let index = nameAt + 1; index < head.length; index++) {
    if (head[index]?.text !== '[') continue;
    const close = closing(head, index);
    unpacked.push(textOf(head.slice(index + 1, close)));
    index = close;
  }
  const isInterface = type === 'interface' || (type.includes('.') && !type.includes('::'));
  return {
    bare: direction === null && net === null && !signed && type === '' && packed.length === 0,
    draft: { direction, net, type: isInterface ? '' : type, signed, packed, interface: isInterface ? type : null },
    own: { name: name.text, escaped: name.kind === 'escaped', unpacked, line: name.line, expression: false },
  };
}

/** Words of a declaration that say nothing of its type. */
const PASSED: ReadonlySet<string> = new Set(['var', 'packed', 'const', 'automatic', 'static', 'tagged']);

function lastWordOutside(tokens: readonly Token[]): number {
  let last = -1;
  for (let index = 0; index < tokens.length; index++) {
    if (opens(tokens[index])) index = closing(tokens, index);
    else if (isWord(tokens[index])) last = index;
  }
  return last;
}

/** `output .q(inner)` or `.q(inner)` */
function explicitItem(tokens: readonly Token[], dot: number): Item | null {
  const name = tokens[dot + 1];
  if (name === undefined || !isWord(name)) return null;
  const direction = tokens.slice(0, dot).find(({ text }) => DIRECTIONS.has(text));
  return {
    bare: false,
    draft: { ...NOTHING, direction: (direction?.text ?? null) as PortDirection | null },
    own: { name: name.text, escaped: name.kind === 'escaped', unpacked: [], line: name.line, expression: true },
  };
}

/** Verilog-1995: the list has names, what they are stands in the body. */
function listedPorts(parts: readonly (readonly Token[])[]): HdlPort[] {
  return parts.flatMap((part) => {
    const item = readItem(part);
    return item === null ? [] : [{ ...item.draft, ...item.own }];
  });
}

function withDeclarations(listed: readonly HdlPort[], declared: ReadonlyMap<string, HdlPort>): HdlPort[] {
  return listed.map((port) => {
    const found = declared.get(port.name);
    return found === undefined ? port : { ...found, expression: port.expression, interface: port.interface };
  });
}

/** Directions, types and parameters among the items of a body. A variable's declaration completes that of its port. */
function bodyDeclarations(body: readonly Token[]): { ports: Map<string, HdlPort>; parameters: HdlParameter[] } {
  const ports = new Map<string, HdlPort>();
  const parameters: HdlParameter[] = [];
  for (let index = 0; index < body.length; index++) {
    const token = body[index];
    if (token?.kind !== 'word') continue;
    if (token.text === 'function' || token.text === 'task') {
      // arguments of functions are no ports
      const end = `end${token.text}`;
      while (index < body.length && !isKeyword(body[index], end)) index++;
    } else if (token.text === 'parameter' || token.text === 'localparam') {
      const end = nextAtDepth(body, index, ';');
      parameters.push(...parametersOf(splitAtCommas(body.slice(index, end)), false));
      index = end;
    } else if (DIRECTIONS.has(token.text) || TYPES.has(token.text) || NETS.has(token.text)) {
      const end = nextAtDepth(body, index, ';');
      for (const port of ansiPorts(splitAtCommas(body.slice(index, end)))) mergePort(ports, port);
      index = end;
    }
  }
  return { ports, parameters };
}

function mergePort(ports: Map<string, HdlPort>, port: HdlPort): void {
  const known = ports.get(port.name);
  if (port.direction !== null) {
    if (known === undefined) ports.set(port.name, port);
    return;
  }
  // `reg [7:0] q;` behind `output [7:0] q;`
  if (known === undefined) return;
  ports.set(port.name, {
    ...known,
    net: known.net ?? port.net,
    type: known.type === '' ? port.type : known.type,
    signed: known.signed || port.signed,
    packed: known.packed.length > 0 ? known.packed : port.packed,
    unpacked: known.unpacked.length > 0 ? known.unpacked : port.unpacked,
  });
}

function parametersOf(parts: readonly (readonly Token[])[], inHeader: boolean): HdlParameter[] {
  const parameters: HdlParameter[] = [];
  let kind: HdlParameter['kind'] = 'parameter';
  let isType = false;
  for (const part of parts) {
    const word = part[0]?.text;
    if (word === 'parameter' || word === 'localparam') {
      kind = word;
      isType = isKeyword(part[1], 'type');
    } else if (isKeyword(part[0], 'type')) isType = true;
    const equals = nextAtDepth(part, 0, '=');
    const head = part.slice(0, equals);
    const name = head[lastWordOutside(head)];
    if (name === undefined) continue;
    parameters.push({
      name: name.text,
      kind,
      isType,
      default: equals < part.length ? textOf(part.slice(equals + 1)) : null,
      text: `${kind} ${isType && !isKeyword(part[0], kind) && !isKeyword(part[0], 'type') ? 'type ' : ''}${textOf(isKeyword(part[0], kind) ? part.slice(1) : part)}`,
      line: name.line,
      inHeader,
    });
  }
  return parameters;
}
