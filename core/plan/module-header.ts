// Reads Verilog module headers out of code blocks: name, parameters and ports, ANSI style or not. Never a full parser:
// what it does not understand it leaves out.
import type { SpecParameter, SpecPort } from './spec-interface.ts';

export interface ModuleHeader {
  readonly name: string;
  readonly line: number;
  readonly parameters: readonly SpecParameter[];
  readonly ports: readonly SpecPort[];
}

const DIRECTIONS: ReadonlyMap<string, SpecPort['direction']> = new Map([
  ['input', 'input'],
  ['output', 'output'],
  ['inout', 'inout'],
]);
/** Words between direction or `parameter` and the name that say nothing about the width. */
const TYPE_WORDS: ReadonlySet<string> = new Set([
  'wire',
  'reg',
  'logic',
  'var',
  'tri',
  'signed',
  'unsigned',
  'bit',
  'uwire',
]);
const WIDE_TYPES: ReadonlyMap<string, string> = new Map([
  ['byte', '8'],
  ['shortint', '16'],
  ['int', '32'],
  ['integer', '32'],
  ['longint', '64'],
]);

/** Documents show a handful of headers; more, or longer ones, are not what this is for. */
const MAX_HEADERS = 200;
const MAX_HEADER_TOKENS = 20_000;

interface Token {
  readonly text: string;
  readonly line: number;
}

/** All headers in a code block whose first line is `line` of the document. */
export function readModuleHeaders(code: string, line: number): ModuleHeader[] {
  const tokens = tokenize(code, line);
  const headers: ModuleHeader[] = [];
  for (let at = 0; at < tokens.length && headers.length < MAX_HEADERS; at += 1) {
    if (tokens[at]?.text !== 'module') continue;
    const name = tokens[at + 1];
    if (!name || !isIdentifier(name.text)) continue;
    headers.push(readHeader(tokens, at + 2, name));
  }
  return headers;
}

function readHeader(tokens: readonly Token[], from: number, name: Token): ModuleHeader {
  let at = from;
  const parameters: SpecParameter[] = [];
  const ports = new Map<string, SpecPort>();
  if (tokens[at]?.text === '#') {
    const group = parenthesised(tokens, at + 1);
    parameters.push(...splitCommas(group.inner).flatMap(readParameter));
    at = group.end;
  }
  if (tokens[at]?.text === '(') {
    const group = parenthesised(tokens, at);
    for (const port of readPorts(splitCommas(group.inner))) ports.set(port.name, port);
    at = group.end;
  }
  const body = bodyOf(tokens, at);
  for (const statement of body) {
    const first = statement[0]?.text;
    if (first === 'parameter') parameters.push(...splitCommas(statement).flatMap(readParameter));
    if (first === 'input' || first === 'output' || first === 'inout') {
      for (const port of readPorts(splitCommas(statement))) ports.set(port.name, port);
    }
  }
  return {
    name: name.text,
    line: name.line,
    parameters,
    ports: [...ports.values()].filter(({ direction }) => direction !== undefined),
  };
}

/** Statements up to endmodule, for headers that declare their ports behind the list. */
function bodyOf(tokens: readonly Token[], from: number): Token[][] {
  const statements: Token[][] = [];
  let statement: Token[] = [];
  for (
    let at = from;
    at < Math.min(tokens.length, from + MAX_HEADER_TOKENS) &&
    tokens[at]?.text !== 'endmodule' &&
    tokens[at]?.text !== 'module';
    at += 1
  ) {
    const token = tokens[at];
    if (!token) break;
    if (token.text === ';') {
      statements.push(statement);
      statement = [];
    } else statement.push(token);
  }
  return statements;
}

/** `[parameter] [type] [range] NAME = value` */
function readParameter(tokens: readonly Token[]): SpecParameter[] {
  const equals = tokens.findIndex(({ text }) => text === '=');
  if (tokens[0]?.text === 'localparam') return [];
  const name = equals < 0 ? tokens.at(-1) : tokens[equals - 1];
  if (!name || !isIdentifier(name.text)) return [];
  const value =
    equals < 0
      ? undefined
      : tokens
          .slice(equals + 1)
          .map(({ text }) => text)
          .join(' ');
  return [{ name: name.text, line: name.line, ...(value === undefined ? {} : { default: value }) }];
}

/** Direction and range carry over to following names, as in `input [7:0] a, b`. */
function readPorts(entries: readonly (readonly Token[])[]): SpecPort[] {
  const ports: SpecPort[] = [];
  let direction: SpecPort['direction'];
  let width: string | undefined;
  for (const entry of entries) {
    let at = 0;
    const declared = DIRECTIONS.get(entry[0]?.text ?? '');
    if (declared) {
      direction = declared;
      width = '1';
      at = 1;
    }
    let explicit = declared !== undefined;
    while (TYPE_WORDS.has(entry[at]?.text ?? '') || WIDE_TYPES.has(entry[at]?.text ?? '')) {
      width = WIDE_TYPES.get(entry[at]?.text ?? '') ?? width;
      explicit = true;
      at += 1;
    }
    if (entry[at]?.text === '[') {
      const close = closing(entry, at);
      width = rangeWidth(entry.slice(at + 1, close).map(({ text }) => text));
      explicit = true;
      at = close + 1;
    }
    const name = entry[at];
    // anything else before the name is a type of its own, whose width only its package knows
    if (
      !name ||
      !isIdentifier(name.text) ||
      isIdentifier(entry[at + 1]?.text ?? '') ||
      entry[at + 1]?.text === '::' ||
      entry[at + 1]?.text === '.'
    ) {
      direction = explicit ? direction : undefined;
      const last = entry.findLast(({ text }) => isIdentifier(text));
      if (last && declared) ports.push({ name: last.text, line: last.line, direction });
      width = undefined;
      continue;
    }
    ports.push({
      name: name.text,
      line: name.line,
      direction,
      ...(width === undefined || entry[at + 1]?.text === '[' ? {} : { width }),
    });
  }
  return ports;
}

/** `msb:lsb` as a width expression. */
export function rangeWidth(tokens: readonly string[]): string | undefined {
  const colon = tokens.indexOf(':');
  if (colon < 0) return undefined;
  const [msb, lsb] = [tokens.slice(0, colon).join(' '), tokens.slice(colon + 1).join(' ')];
  return `(${msb}) - (${lsb}) + 1`;
}

function parenthesised(tokens: readonly Token[], open: number): { inner: readonly Token[]; end: number } {
  const close = closing(tokens, open);
  return { inner: tokens.slice(open + 1, close), end: close + 1 };
}

/** Index of the bracket that closes the one at `open`, or where the search ends. */
function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  const end = Math.min(tokens.length, open + MAX_HEADER_TOKENS);
  for (let at = open; at < end; at += 1) {
    const text = tokens[at]?.text ?? '';
    if (text === '(' || text === '[' || text === '{') depth += 1;
    if (text === ')' || text === ']' || text === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return end;
}

function splitCommas(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [];
  let part: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    if ('([{'.includes(token.text)) depth += 1;
    if (')]}'.includes(token.text)) depth -= 1;
    if (token.text === ',' && depth === 0) {
      parts.push(part);
      part = [];
    } else part.push(token);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

/** Words, numbers, strings and single signs; comments and directives are dropped. */
function tokenize(code: string, firstLine: number): Token[] {
  const pattern =
    /(\n)|\/\/[^\n]*|\/\*|`[^\n]*|"[^"\n]*"|[A-Za-z_][\w$]*|[0-9][\w']*|'[sS]?[bodhBODH]?\w*|\$\w+|::|[^\s\w]/g;
  const tokens: Token[] = [];
  let line = firstLine;
  for (let match = pattern.exec(code); match; match = pattern.exec(code)) {
    const text = match[0];
    if (text === '\n') line += 1;
    else if (text === '/*') {
      const end = code.indexOf('*/', pattern.lastIndex);
      const stop = end < 0 ? code.length : end + 2;
      line += code.slice(pattern.lastIndex, stop).split('\n').length - 1;
      pattern.lastIndex = stop;
    } else if (!text.startsWith('//') && !text.startsWith('`')) tokens.push({ text, line });
  }
  return tokens;
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][\w$]*$/.test(text);
}
