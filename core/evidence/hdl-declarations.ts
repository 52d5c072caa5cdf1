// Where signals and ports are declared, and which way ports go. A scanner: on broken code it sees less, never fails.
import { scanTokens } from './hdl-tokens.ts';
import type { Token } from './hdl-tokens.ts';

export interface HdlDeclaration {
  readonly file: string;
  readonly module: string;
  readonly name: string;
  /** from 1 */
  readonly line: number;
  /** null: no port */
  readonly direction: 'input' | 'output' | 'inout' | null;
}

export interface HdlModuleHeader {
  readonly file: string;
  readonly name: string;
  /** of `module`, from 1 */
  readonly line: number;
}

const DIRECTIONS = new Set(['input', 'output', 'inout']);
const TYPES = new Set(['wire', 'logic', 'reg', 'bit', 'tri', 'int', 'integer', 'byte', 'uwire']);
const CONSTANT = new Set(['parameter', 'localparam']);
const ENDS = new Set([',', ';', ')', '=']);

export function scanDeclarations(
  file: string,
  text: string,
): { declarations: HdlDeclaration[]; modules: HdlModuleHeader[] } {
  const tokens = scanTokens(text);
  const out: HdlDeclaration[] = [];
  const modules: HdlModuleHeader[] = [];
  let module = '';
  for (let at = 0; at < tokens.length; at += 1) {
    const word = tokens[at]?.text ?? '';
    if (word === 'module') {
      module = tokens.slice(at + 1, at + 3).find((token) => token.word && token.text !== 'automatic')?.text ?? '';
      modules.push({ file, name: module, line: tokens[at]?.line ?? 1 });
    } else if (CONSTANT.has(tokens[at - 1]?.text ?? '')) continue;
    else if (DIRECTIONS.has(word) || TYPES.has(word))
      at = readList(tokens, at, (name, line, direction) => {
        out.push({ file, module, name, line, direction });
      });
  }
  return { declarations: out, modules };
}

/** One declaration: a direction or type, then names between commas until another one begins or the list ends. */
function readList(
  tokens: readonly Token[],
  start: number,
  found: (name: string, line: number, direction: HdlDeclaration['direction']) => void,
): number {
  const word = tokens[start]?.text ?? '';
  const direction = DIRECTIONS.has(word) ? (word as 'input' | 'output' | 'inout') : null;
  let depth = 0;
  let isValue = false;
  for (let at = start + 1; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (token.text === '[' || token.text === '(' || token.text === '{') depth += 1;
    else if (token.text === ']' || token.text === '}' || (token.text === ')' && depth > 0)) depth -= 1;
    else if (depth > 0) continue;
    else if (token.text === ';' || token.text === ')' || DIRECTIONS.has(token.text)) return at - 1;
    else if (token.text === '=') isValue = true;
    else if (token.text === ',') isValue = false;
    else if (token.word && !isValue && !TYPES.has(token.text) && ends(tokens, at + 1))
      found(token.text, token.line, direction);
  }
  return tokens.length;
}

/** Behind a declared name stands the end of its item, or dimensions and then that. */
function ends(tokens: readonly Token[], from: number): boolean {
  let at = from;
  while (tokens[at]?.text === '[') {
    while (at < tokens.length && tokens[at]?.text !== ']') at += 1;
    at += 1;
  }
  return ENDS.has(tokens[at]?.text ?? '');
}
