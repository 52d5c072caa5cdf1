// Finds a module in a source and reads what of it matters for a stub: header, port list, outputs.
import { closing, nextAtDepth } from '@genrtl/core/hdl/brackets.ts';
import { codeOf } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';

export interface OutputPort {
  readonly name: string;
  /** variables are set by an initial block, nets by a continuous assignment */
  readonly variable: boolean;
}

export interface ModuleText {
  /** offset of the keyword `module` and of the text after `endmodule` */
  readonly start: number;
  readonly end: number;
  /** offset after the header's `;` and of `endmodule` */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly outputs: readonly OutputPort[];
  /** declarations of the body that the header needs (non-ANSI ports, parameters) */
  readonly declarations: string;
}

const NET_WORDS = new Set(['wire', 'tri', 'wand', 'wor', 'uwire', 'tri0', 'tri1', 'triand', 'trior']);
const TYPE_WORDS = new Set([
  'reg',
  'logic',
  'bit',
  'integer',
  'int',
  'byte',
  'shortint',
  'longint',
  'var',
  'signed',
  'unsigned',
  'time',
  'real',
  ...NET_WORDS,
]);
const DIRECTIONS = new Set(['input', 'output', 'inout', 'ref']);

/** null when the source holds no such module. */
export function findModule(source: string, name: string): ModuleText | null {
  const tokens = codeOf(source);
  for (let index = 0; index + 1 < tokens.length; index++) {
    if (tokens[index]?.text !== 'module' && tokens[index]?.text !== 'macromodule') continue;
    let nameAt = index + 1;
    if (tokens[nameAt]?.text === 'automatic' || tokens[nameAt]?.text === 'static') nameAt++;
    if (tokens[nameAt]?.text !== name) continue;
    return readModule(source, tokens, index, nameAt);
  }
  return null;
}

/** Names of the modules that a source declares, in order. */
export function moduleNames(source: string): string[] {
  const tokens = codeOf(source);
  return tokens.flatMap((token, index) => {
    if (token.text !== 'module' || token.kind !== 'word') return [];
    const next = tokens[index + 1]?.text;
    const name = next === 'automatic' || next === 'static' ? tokens[index + 2]?.text : next;
    return name === undefined ? [] : [name];
  });
}

function readModule(source: string, tokens: readonly Token[], at: number, nameAt: number): ModuleText | null {
  const semicolon = nextAtDepth(tokens, nameAt, ';');
  const endAt = tokens.findIndex((token, index) => index > semicolon && token.text === 'endmodule');
  const [first, header, last] = [tokens[at], tokens[semicolon], tokens[endAt]];
  if (first === undefined || header === undefined || last === undefined) return null;
  const ports = portTokens(tokens.slice(nameAt + 1, semicolon));
  const ansi = ports.some((token) => DIRECTIONS.has(token.text));
  const body = tokens.slice(semicolon + 1, endAt);
  const { outputs, declarations } = ansi ? { outputs: ansiOutputs(ports), declarations: '' } : bodyPorts(source, body);
  return { start: first.start, end: last.end, bodyStart: header.end, bodyEnd: last.start, outputs, declarations };
}

/** What stands between the parentheses of the port list: the last group of the header. */
function portTokens(header: readonly Token[]): readonly Token[] {
  let ports: readonly Token[] = [];
  for (let index = 0; index < header.length; index++) {
    if (header[index]?.text !== '(') continue;
    const close = closing(header, index);
    ports = header.slice(index + 1, close);
    index = close;
  }
  return ports;
}

/** Splits at commas outside brackets. */
function splitPorts(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.text === ',') {
      parts.push([]);
      continue;
    }
    if (token.kind === 'operator' && (token.text === '[' || token.text === '(' || token.text === '{')) {
      const close = closing(tokens, index);
      parts.at(-1)?.push(...tokens.slice(index, close + 1));
      index = close;
      continue;
    }
    parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}

function ansiOutputs(ports: readonly Token[]): OutputPort[] {
  const outputs: OutputPort[] = [];
  let direction = '';
  let variable = false;
  for (const part of splitPorts(ports)) {
    const words = wordsOutsideBrackets(part);
    const given = words.find((word) => DIRECTIONS.has(word));
    if (given !== undefined) {
      direction = given;
      variable = isVariable(words);
    }
    const name = words.at(-1);
    if (direction === 'output' && name !== undefined) outputs.push({ name, variable });
  }
  return outputs;
}

/** `output reg`, `output logic`, `output my_type_t` are variables; `output` and `output wire …` are nets. */
function isVariable(words: readonly string[]): boolean {
  const types = words.slice(0, -1).filter((word) => !DIRECTIONS.has(word) && word !== 'signed' && word !== 'unsigned');
  return types.length > 0 && !types.some((word) => NET_WORDS.has(word));
}

/** The words of a declaration up to its `=`, without ranges. */
function wordsOutsideBrackets(tokens: readonly Token[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined || token.text === '=') break;
    if (token.text === '[' || token.text === '(') index = closing(tokens, index);
    else if (token.kind === 'word') words.push(token.text);
  }
  return words;
}

/** Verilog-1995 style: directions and types stand in the body. */
function bodyPorts(source: string, body: readonly Token[]): { outputs: OutputPort[]; declarations: string } {
  const names = new Set<string>();
  const variables = new Set<string>();
  const kept: string[] = [];
  for (let index = 0; index < body.length; index++) {
    const token = body[index];
    if (token === undefined) break;
    const isPort = DIRECTIONS.has(token.text);
    const isParameter = token.text === 'parameter' || token.text === 'localparam';
    const isType = token.text === 'reg' || token.text === 'logic' || token.text === 'integer';
    if (!isPort && !isParameter && !isType) continue;
    const end = nextAtDepth(body, index, ';');
    const statement = body.slice(index, end);
    const words = splitPorts(statement).flatMap((part, partIndex) =>
      partIndex === 0 ? wordsOutsideBrackets(part) : wordsOutsideBrackets(part).slice(-1),
    );
    const declared = words.filter((word) => !DIRECTIONS.has(word) && !TYPE_WORDS.has(word));
    const last = body[end];
    if (isPort || isParameter) kept.push(source.slice(token.start, last?.end ?? token.end));
    if (token.text === 'output') {
      for (const name of declared) names.add(name);
      if (isVariable(words)) for (const name of declared) variables.add(name);
    } else if (isType) {
      const ports = declared.filter((name) => names.has(name));
      for (const name of ports) variables.add(name);
      if (ports.length > 0) kept.push(source.slice(token.start, last?.end ?? token.end));
    }
    index = end;
  }
  return {
    outputs: [...names].map((name) => ({ name, variable: variables.has(name) })),
    declarations: kept.join('\n  '),
  };
}
