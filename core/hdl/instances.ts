// Instances in the text of a source, also in one that is being written: what they are of, what they set, and what they
// connect. All offsets are of the text that the tokens were read from.
import { KEYWORDS } from './keywords.ts';
import { closing, splitAtCommas, textOf } from './brackets.ts';
import { isCode, isWord } from './lexer.ts';
import type { Token } from './lexer.ts';

export interface Connection {
  readonly port: string;
  /** text between its brackets, empty when it is left open; null for `.port` without brackets */
  readonly expression: string | null;
}

export interface HdlInstance {
  readonly module: string;
  readonly name: string;
  /** offset of the module's name, or of the instance's own when it is a further one of its statement */
  readonly start: number;
  /** of the statement that it stands in */
  readonly statement: number;
  /**
   * offset of the bracket that opens its connections, and of the one that closes them (the text's end when none does)
   */
  readonly open: number;
  readonly close: number;
  /** behind its last character, the semicolon included */
  readonly end: number;
  /** `u_x [3:0] (…)` */
  readonly array: boolean;
  readonly connections: readonly Connection[];
  readonly positional: boolean;
  readonly wildcard: boolean;
  /** parameters that it sets; by position the name is null */
  readonly overrides: readonly { readonly name: string | null; readonly value: string }[];
}

/** Words that an instantiation may follow; behind others two names and a bracket are a declaration. */
const BEFORE = /^(?:begin|else|generate|end\w*)$/;

const isName = (token: Token | undefined): boolean =>
  token?.kind === 'escaped' || (token?.kind === 'word' && !KEYWORDS.has(token.text));

/** Every instance of the tokens in their order; comments and directives among the tokens are passed over. */
export function readInstances(all: readonly Token[]): HdlInstance[] {
  const tokens = all.filter(isCode);
  const found: HdlInstance[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (!isName(tokens[at]) || !mayBegin(tokens, at)) continue;
    const statement = readStatement(tokens, at);
    if (statement === null) continue;
    found.push(...statement.instances);
    at = statement.last;
  }
  return found;
}

function mayBegin(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  if (before === undefined || before.kind === 'macro') return true;
  if (before.kind === 'operator') return [';', ')', ':'].includes(before.text);
  // `end : label`
  return before.kind === 'word' && (BEFORE.test(before.text) || (isWord(before) && tokens[at - 2]?.text === ':'));
}

function readStatement(tokens: readonly Token[], at: number): { instances: HdlInstance[]; last: number } | null {
  const module = tokens[at];
  if (module === undefined) return null;
  let next = at + 1;
  let overrides: HdlInstance['overrides'] = [];
  if (tokens[next]?.text === '#') {
    const bracket = tokens[next + 1]?.text === '(';
    if (bracket) overrides = readOverrides(tokens.slice(next + 2, closing(tokens, next + 1)));
    next = bracket ? closing(tokens, next + 1) + 1 : next + 2;
  }
  const instances: HdlInstance[] = [];
  let from = at;
  for (;;) {
    const name = tokens[next];
    if (!isName(name) || name === undefined) break;
    let open = next + 1;
    while (tokens[open]?.text === '[') open = closing(tokens, open) + 1;
    if (tokens[open]?.text !== '(') break;
    const close = closing(tokens, open);
    const closed = tokens[close]?.text === ')' && close > open;
    const behind = tokens[close + 1];
    const list = splitAtCommas(tokens.slice(open + 1, closed ? close : close + 1));
    instances.push({
      module: module.text,
      name: name.text,
      start: tokens[from]?.start ?? 0,
      statement: module.start,
      open: tokens[open]?.start ?? 0,
      close: closed ? (tokens[close]?.start ?? 0) : (tokens[close]?.end ?? 0),
      end: (behind?.text === ';' ? behind : tokens[close])?.end ?? 0,
      array: open > next + 1,
      ...readConnections(list),
      overrides,
    });
    if (!closed || behind?.text !== ',') return { instances, last: close };
    from = next = close + 2;
  }
  return instances.length === 0 ? null : { instances, last: next - 1 };
}

function readOverrides(tokens: readonly Token[]): HdlInstance['overrides'] {
  return splitAtCommas(tokens).map((part) =>
    part[0]?.text === '.' && isWord(part[1])
      ? { name: part[1]?.text ?? '', value: source(part.slice(3, closing(part, 2))) }
      : { name: null, value: source(part) },
  );
}

function readConnections(
  parts: readonly (readonly Token[])[],
): Pick<HdlInstance, 'connections' | 'positional' | 'wildcard'> {
  const connections: Connection[] = [];
  let [positional, wildcard] = [false, false];
  for (const part of parts) {
    if (part[0]?.text !== '.') positional = true;
    else if (part[1]?.text === '*') wildcard = true;
    else if (isWord(part[1]))
      connections.push({
        port: part[1]?.text ?? '',
        expression: part[2]?.text === '(' ? source(part.slice(3, closing(part, 2))) : null,
      });
  }
  return { connections, positional, wildcard };
}

/** Tokens as an engineer writes them: blanks only where words would run together. */
export function source(tokens: readonly Token[]): string {
  const pieces: string[] = [];
  for (const token of tokens) {
    const piece = textOf([token]);
    const apart = /[\w$]$/.test(pieces.at(-1) ?? '') && /^[\w$\\'`]/.test(piece);
    pieces.push(apart ? ` ${piece}` : piece);
  }
  return pieces.join('').trim();
}
