// Every name of a source with what its surroundings say about it: a module's name, a port of an instance, a member of a
// package, a key of a pattern, a plain name.
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import type { Occurrence, PathStep, Role } from '../model.ts';
import type { SourceBuilder } from '../source-builder.ts';
import { NAME_LIKE } from './keywords.ts';
import type { TokenRow } from './token-row.ts';

const PLAIN: Role = { kind: 'plain' };
const MACRO: Role = { kind: 'macro' };
/** Longer paths and deeper patterns are no work of a person; reading them would take time with their square. */
const MAX_STEPS = 64;
const MAX_PATTERNS = 32;
const UNKNOWN: Role = { kind: 'unknown' };

interface Bracket {
  readonly at: number;
  /** of `'{`: the names of its keys */
  readonly keys: string[] | null;
}

export function occurrencesOf(row: TokenRow, roles: ReadonlyMap<number, Role>, builder: SourceBuilder): Occurrence[] {
  const found: Occurrence[] = [];
  const push = (name: string, role: Role, start: number, end: number): void => {
    const line = builder.lineAt(start);
    const column = builder.columnAt(start, line);
    found.push({ name, role, offset: start, line, column, end_column: column + end - start });
  };
  const open: Bracket[] = [];
  let directive = 0;
  for (let at = 0; at <= row.length; at += 1) {
    for (; (row.directives[directive]?.at ?? Infinity) <= at; directive += 1) {
      const token = row.directives[directive]?.token;
      if (token !== undefined) macroName(row.text, token, push);
    }
    const token = row.code[at];
    if (token === undefined) continue;
    if (token.kind === 'operator') brackets(row, at, open);
    else if (token.kind === 'macro') push(token.text.slice(1), MACRO, token.start + 1, token.end);
    else if (row.isName(at)) push(token.text, roles.get(at) ?? roleOf(row, at, open), token.start, token.end);
  }
  return found;
}

/** The name behind `` `define ``, `` `ifdef `` and `` `undef ``. */
function macroName(
  text: string,
  { start, end }: Token,
  push: (name: string, role: Role, start: number, end: number) => void,
): void {
  const match = /^`(?:define|undef|ifdef|ifndef|elsif)[ \t]+([A-Za-z_][\w$]*)/.exec(
    text.slice(start, Math.min(end, start + 300)),
  );
  if (match?.[1] === undefined) return;
  const at = start + match[0].length - match[1].length;
  push(match[1], MACRO, at, at + match[1].length);
}

function brackets(row: TokenRow, at: number, open: Bracket[]): void {
  const text = row.name(at);
  if (text === '(' || text === '[') open.push({ at, keys: null });
  else if (text === '{')
    open.push({ at, keys: row.is(at - 1, "'") && open.length < MAX_PATTERNS ? keysOf(row, at) : null });
  else if (text === ')' || text === ']' || text === '}') open.pop();
}

/** Names before a colon in the pattern whose bracket stands at `at`. */
function keysOf(row: TokenRow, at: number): string[] {
  return row
    .split(at + 1, row.past(at) - 1)
    .flatMap(([from]) => (row.isName(from) && row.is(from + 1, ':') ? [row.name(from)] : []));
}

function roleOf(row: TokenRow, at: number, open: readonly Bracket[]): Role {
  const around = open.at(-1);
  if (around?.keys != null && row.is(at + 1, ':') && (row.is(at - 1, '{') || row.is(at - 1, ',')))
    return { kind: 'key', keys: around.keys };
  if (row.is(at - 1, '.') && (row.is(at - 2, '(') || row.is(at - 2, ','))) return argumentRole(row, open);
  const path = pathBefore(row, at);
  return path === null ? UNKNOWN : path.length === 0 ? PLAIN : { kind: 'path', path };
}

/** `.name(…)` of a call: the call's name stands before the bracket. */
function argumentRole(row: TokenRow, open: readonly Bracket[]): Role {
  const bracket = open.at(-1);
  if (bracket === undefined || !row.is(bracket.at, '(')) return UNKNOWN;
  const callee = bracket.at - 1;
  // `cls #(.T(byte))`, `bus_if #(.AW(8))` in the place of a type
  if (row.is(callee, '#') && row.isName(callee - 1))
    return { kind: 'parameter', of: row.name(callee - 1), implicit: false };
  if (!(row.isName(callee) || row.keyword(callee) === 'new')) return UNKNOWN;
  const path = pathBefore(row, callee);
  return path === null ? UNKNOWN : { kind: 'argument', path, callee: row.name(callee) };
}

/** The names that lead to the one at `at`; null when something else does. */
function pathBefore(row: TokenRow, at: number): PathStep[] | null {
  const path: PathStep[] = [];
  for (let index = at; ; ) {
    const separator = row.is(index - 1, '::') ? '::' : row.is(index - 1, '.') ? '.' : null;
    if (separator === null) return path;
    if (path.length === MAX_STEPS) return null;
    let before = index - 2;
    while (row.is(before, ']')) before = opening(row, before) - 1;
    // `cls #(8)::name`
    if (separator === '::' && row.is(before, ')')) {
      before = opening(row, before) - 1;
      if (!row.is(before, '#')) return null;
      before -= 1;
    }
    // `queue.first().name`
    const called = separator === '.' && row.is(before, ')') && row.isName(opening(row, before) - 1);
    if (called) before = opening(row, before) - 1;
    const token = row.code[before];
    if (token === undefined || !(row.isName(before) || NAME_LIKE.has(token.text) || token.kind === 'system'))
      return null;
    path.unshift({ name: token.text, separator, ...(called ? { called } : {}) });
    index = before;
  }
}

/** Index of the bracket that the one at `close` closes. */
function opening(row: TokenRow, close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    const token = row.code[at];
    if (token?.kind !== 'operator') continue;
    if (token.text === ')' || token.text === ']' || token.text === '}') depth += 1;
    else if ((token.text === '(' || token.text === '[' || token.text === '{') && --depth === 0) return at;
  }
  return 0;
}
