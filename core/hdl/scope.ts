// The names that the body of a module declares: instances, labels of blocks, and everything that holds data.
import { KEYWORDS } from './keywords.ts';
import { closing, nextAtDepth, opens, splitAtCommas } from './brackets.ts';
import { isWord } from './lexer.ts';
import type { Token } from './lexer.ts';

export interface Scope {
  /** what an instance is of, by its name */
  readonly instances: ReadonlyMap<string, string>;
  /** named blocks, of generate and of processes */
  readonly labels: ReadonlySet<string>;
  /** nets, variables, parameters, genvars, arguments; enumeration members are not among them */
  readonly data: ReadonlySet<string>;
  /** defaults that are string literals, by parameter, with their quotes */
  readonly strings: ReadonlyMap<string, string>;
}

const DECLARING: ReadonlySet<string> = new Set(
  `wire tri tri0 tri1 wand wor triand trior trireg uwire supply0 supply1 interconnect reg logic bit byte shortint int
  longint integer time real shortreal realtime string event chandle var const genvar parameter localparam input output
  inout ref signed unsigned struct union enum virtual static automatic specparam`
    .trim()
    .split(/\s+/),
);
const TYPE_OPENERS: ReadonlySet<string> = new Set(['struct', 'union', 'enum']);

/** `tokens`: of a module from its header on; the header's ports and parameters count. */
export function readScope(tokens: readonly Token[]): Scope {
  const instances = new Map<string, string>();
  const labels = new Set<string>();
  const data = new Set<string>();
  const strings = new Map<string, string>();
  const declare = (items: readonly Token[]): void => {
    for (const part of splitAtCommas(items)) {
      const equals = nextAtDepth(part, 0, '=');
      const name = lastName(part.slice(0, equals));
      if (name === null) continue;
      data.add(name);
      const value = part[equals + 1];
      if (value?.kind === 'string' && part.length === equals + 2) strings.set(name, value.text);
    }
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind === 'word' && (token.text === 'begin' || token.text === 'fork') && tokens[at + 1]?.text === ':') {
      labels.add(tokens[at + 2]?.text ?? '');
      at += 2;
    } else if (token.kind === 'word' && DECLARING.has(token.text)) {
      const end = endOfItem(tokens, at);
      declare(tokens.slice(at, end));
      // what stands in brackets behind may declare more: the members are not looked into
      at = TYPE_OPENERS.has(token.text) ? end : Math.max(at, end - 1);
    } else if (isName(token)) {
      const instance = instanceAt(tokens, at);
      if (instance !== null) {
        for (const name of instance.names) instances.set(name, token.text);
        at = instance.nameAt;
      } else if (declaresByType(tokens, at)) {
        const end = endOfItem(tokens, at);
        declare(tokens.slice(at, end));
        at = Math.max(at, end - 1);
      } else if (tokens[at + 1]?.text === ':' && tokens[at + 2]?.text === 'begin') labels.add(token.text);
    }
  }
  return { instances, labels, data, strings };
}

const isName = (token: Token | undefined): boolean =>
  token?.kind === 'escaped' || (token?.kind === 'word' && !KEYWORDS.has(token.text));

/** Of `type [sign] [range] name [dims]`: the last word outside brackets. */
function lastName(tokens: readonly Token[]): string | null {
  let last: string | null = null;
  for (let at = 0; at < tokens.length; at++) {
    if (opens(tokens[at])) at = closing(tokens, at);
    else if (isName(tokens[at])) last = tokens[at]?.text ?? null;
  }
  return last;
}

/** An item ends with `;`, or with the bracket that it stands in. */
function endOfItem(tokens: readonly Token[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at];
    if (opens(token)) at = closing(tokens, at);
    else if (token?.text === ';' || (token?.kind === 'operator' && (token.text === ')' || token.text === '}')))
      return at;
  }
  return tokens.length;
}

/** `type [#( … )] name [dims] ( … ) [, name ( … )] ;` */
function instanceAt(tokens: readonly Token[], at: number): { names: string[]; nameAt: number } | null {
  if (tokens[at - 1]?.text === '.' || tokens[at - 1]?.text === '::') return null;
  let next = at + 1;
  if (tokens[next]?.text === '#') next = tokens[next + 1]?.text === '(' ? closing(tokens, next + 1) + 1 : next + 2;
  const nameAt = next;
  const names: string[] = [];
  for (;;) {
    const name = tokens[next];
    if (!isName(name)) break;
    next += 1;
    while (tokens[next]?.text === '[') next = closing(tokens, next) + 1;
    if (tokens[next]?.text !== '(') break;
    names.push(name?.text ?? '');
    next = closing(tokens, next) + 1;
    if (tokens[next]?.text !== ',') break;
    next += 1;
  }
  return names.length === 0 ? null : { names, nameAt };
}

/** `type_t name`, `pkg::type_t [3:0] name` */
function declaresByType(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text;
  if (before === '.' || before === '::') return false;
  let next = at + 1;
  while (tokens[next]?.text === '::' && isWord(tokens[next + 1])) next += 2;
  while (tokens[next]?.text === '[') next = closing(tokens, next) + 1;
  return (
    next > at &&
    isName(tokens[next]) &&
    tokens[next - 1]?.text !== '::' &&
    /^[;,=[)]$/.test(tokens[next + 1]?.text ?? '')
  );
}
