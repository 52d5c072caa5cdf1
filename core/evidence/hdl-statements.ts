// Cuts Verilog and SystemVerilog into statements that drive signals: assignments, processes, instances. A scanner for
// finding the lines behind a wrong signal in code that may not even compile; it never fails, at worst it sees less.
import { KEYWORDS } from '../hdl/keywords.ts';
import { scanTokens } from './hdl-tokens.ts';
import type { Token } from './hdl-tokens.ts';
import { assignmentsIn, unresetTargets } from './hdl-process.ts';
import type { ProcessAssignment } from './hdl-process.ts';

export interface HdlStatement {
  readonly file: string;
  readonly module: string;
  /** from 1, inclusive */
  readonly start: number;
  readonly end: number;
  readonly kind: 'assign' | 'process' | 'instance' | 'function';
  readonly drives: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  /** of an instance: the module's name, and the identifiers connected to each port (`''` for positional ones) */
  readonly of?: string;
  readonly connections?: ReadonlyMap<string, readonly string[]>;
  /** of an instance: the line of each named connection */
  readonly connectionLines?: ReadonlyMap<string, number>;
  /** of a process or function */
  readonly assignments?: readonly ProcessAssignment[];
  /** of a process with a reset: what the reset leaves out */
  readonly unreset?: readonly string[];
}

const PROCESS = new Set(['always', 'always_ff', 'always_comb', 'always_latch', 'initial', 'final']);
const DECLARATION = new Set([
  'wire',
  'logic',
  'reg',
  'tri',
  'var',
  'bit',
  'int',
  'integer',
  'byte',
  'wand',
  'wor',
  'supply0',
  'supply1',
]);
const OPENING: Readonly<Record<string, string>> = {
  begin: 'end',
  case: 'endcase',
  casex: 'endcase',
  casez: 'endcase',
  fork: 'join',
  function: 'endfunction',
  task: 'endtask',
};
const CLOSING = new Set(['end', 'endcase', 'join', 'join_any', 'join_none', 'endfunction', 'endtask']);

export function scanStatements(file: string, text: string): HdlStatement[] {
  const tokens = scanTokens(text);
  const out: HdlStatement[] = [];
  let module = '';
  let at = 0;
  while (at < tokens.length) {
    const word = tokens[at]?.text ?? '';
    let end = at + 1;
    if (word === 'module' || word === 'macromodule') {
      const name = tokens
        .slice(at + 1, at + 4)
        .find((token) => token.word && token.text !== 'automatic' && token.text !== 'static');
      module = name?.text ?? '';
      end = endOfStatement(tokens, at);
    } else if (word === 'assign' || DECLARATION.has(word)) {
      end = endOfStatement(tokens, at);
      // a constant of the module is no signal
      if (tokens[at - 1]?.text === 'localparam' || tokens[at - 1]?.text === 'parameter') {
        at = end;
        continue;
      }
      pushAssignments(out, file, module, tokens.slice(at, end));
    } else if (PROCESS.has(word)) {
      end = endOfProcess(tokens, at + 1);
      pushProcess(out, file, module, tokens.slice(at, end), 'process');
    } else if (word === 'function' || word === 'task') {
      end = closingOf(tokens, at);
      pushProcess(out, file, module, tokens.slice(at, end), 'function');
    } else if (isInstance(tokens, at)) {
      end = endOfStatement(tokens, at);
      pushInstance(out, file, module, tokens.slice(at, end));
    }
    at = end;
  }
  return out;
}

/** Index behind the `;` at depth 0. */
function endOfStatement(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const { text } = tokens[at] as Token;
    if (text === '(' || text === '[' || text === '{') depth += 1;
    else if (text === ')' || text === ']' || text === '}') depth -= 1;
    else if ((text === ';' && depth <= 0) || text === 'endmodule') return at + 1;
  }
  return tokens.length;
}

/** A process ends with its only statement: a block, a case, or a chain of if and else. */
function endOfProcess(tokens: readonly Token[], start: number): number {
  let at = start;
  for (;;) {
    while (
      at < tokens.length &&
      !(tokens[at]?.text === ';' || (tokens[at]?.text ?? '') in OPENING || tokens[at]?.text === 'endmodule')
    ) {
      at = tokens[at]?.text === '(' ? closingOf(tokens, at) : at + 1;
    }
    const word = tokens[at]?.text;
    if (word === undefined || word === 'endmodule') return at;
    at = word === ';' ? at + 1 : closingOf(tokens, at);
    if (tokens[at]?.text !== 'else') return at;
    at += 1;
  }
}

/** Index behind what closes the bracket or block at `start`. */
function closingOf(tokens: readonly Token[], start: number): number {
  const round = tokens[start]?.text === '(';
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const { text } = tokens[at] as Token;
    if (text === 'endmodule') return at;
    if (round ? text === '(' : text in OPENING) depth += 1;
    else if (round ? text === ')' : CLOSING.has(text)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

const isName = (token: Token | undefined): boolean => token?.word === true && !KEYWORDS.has(token.text);

/** `type name (`, `type #(…) name (` or `type name [n:0] (`. */
function isInstance(tokens: readonly Token[], at: number): boolean {
  if (!isName(tokens[at]) || tokens[at - 1]?.text === '.' || tokens[at - 1]?.text === '::') return false;
  let next = at + 1;
  if (tokens[next]?.text === '#') next = closingOf(tokens, next + 1);
  if (!isName(tokens[next])) return false;
  next += 1;
  while (tokens[next]?.text === '[') {
    while (next < tokens.length && tokens[next]?.text !== ']') next += 1;
    next += 1;
  }
  return tokens[next]?.text === '(';
}

function names(tokens: readonly Token[]): string[] {
  return tokens.filter((token, i) => isName(token) && tokens[i - 1]?.text !== '.').map((token) => token.text);
}

function pushAssignments(out: HdlStatement[], file: string, module: string, tokens: readonly Token[]): void {
  const drives = new Set<string>();
  const reads = new Set<string>();
  let depth = 0;
  let right = false;
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[') depth += 1;
    else if (token.text === ')' || token.text === ']') depth -= 1;
    else if (token.text === '=' && depth === 0) right = true;
    else if (isName(token)) (right || depth > 0 ? reads : drives).add(token.text);
  }
  if (!right) return;
  push(out, { file, module, kind: 'assign', drives, reads }, tokens);
}

function pushProcess(
  out: HdlStatement[],
  file: string,
  module: string,
  tokens: readonly Token[],
  kind: 'process' | 'function',
): void {
  const drives = new Set<string>();
  const STARTS = new Set([';', 'begin', 'end', 'else', ')', ':', 'endcase', '{', ',']);
  tokens.forEach((token, i) => {
    if (!isName(token) || !STARTS.has(tokens[i - 1]?.text ?? ';')) return;
    let next = i + 1;
    while (tokens[next]?.text === '[' || tokens[next]?.text === '.') {
      if (tokens[next]?.text === '.') next += 2;
      else {
        let depth = 0;
        do {
          if (tokens[next]?.text === '[') depth += 1;
          if (tokens[next]?.text === ']') depth -= 1;
          next += 1;
        } while (depth > 0 && next < tokens.length);
      }
    }
    if (tokens[next]?.text === '=' || tokens[next]?.text === '<=' || tokens[next]?.text === '}') drives.add(token.text);
  });
  const unreset = kind === 'process' ? unresetTargets(tokens, isName) : null;
  push(
    out,
    {
      file,
      module,
      kind,
      drives,
      reads: new Set(names(tokens)),
      assignments: assignmentsIn(tokens, isName),
      ...(unreset === null ? {} : { unreset }),
    },
    tokens,
  );
}

function pushInstance(out: HdlStatement[], file: string, module: string, tokens: readonly Token[]): void {
  const connections = new Map<string, string[]>();
  const connectionLines = new Map<string, number>();
  const positional: string[] = [];
  tokens.forEach((token, i) => {
    if (token.text !== '.' || !tokens[i + 1]?.word) return;
    const port = tokens[i + 1]?.text ?? '';
    connectionLines.set(port, token.line);
    // `.port` alone connects the signal of that name
    connections.set(port, tokens[i + 2]?.text === '(' ? names(tokens.slice(i + 3, closingOf(tokens, i + 2))) : [port]);
  });
  if (connections.size === 0) positional.push(...names(tokens.slice(2)));
  if (positional.length > 0) connections.set('', positional);
  const connected = new Set([...connections.values()].flat());
  push(
    out,
    {
      file,
      module,
      kind: 'instance',
      drives: connected,
      reads: connected,
      of: tokens[0]?.text ?? '',
      connections,
      connectionLines,
    },
    tokens,
  );
}

function push(out: HdlStatement[], statement: Omit<HdlStatement, 'start' | 'end'>, tokens: readonly Token[]): void {
  const [first, last] = [tokens[0], tokens.at(-1)];
  if (first && last && statement.module !== '') out.push({ ...statement, start: first.line, end: last.line });
}
