// What the person is writing at the cursor of a VHDL source: inside which map or call, behind which names.
import { lexVhdl } from '@genrtl/core/vhdl/lexer.ts';
import type { VhdlToken } from '@genrtl/core/vhdl/lexer.ts';
import type { Before, OpenCall } from '../cursor.ts';
import type { PathStep } from '../model.ts';
import { VHDL_KEYWORDS } from './keywords.ts';

const LOOK_BACK = 40_000;
const LOOK_AHEAD = 20_000;

const is = (token: VhdlToken | undefined, key: string): boolean =>
  token?.key === key && (token.kind === 'mark' || token.kind === 'word');
const isName = (token: VhdlToken | undefined): boolean => token?.kind === 'word' && !VHDL_KEYWORDS.has(token.key);

export function readVhdlBefore(text: string, offset: number): Before {
  const from = offset > LOOK_BACK ? Math.max(0, text.indexOf('\n', offset - LOOK_BACK)) : 0;
  const before = text.slice(from, offset);
  const all = lexVhdl(before);
  const last = all.at(-1);
  const silent =
    last?.end === before.length &&
    (last.kind === 'comment' || (last.kind === 'string' && !(last.text.length > 1 && last.text.endsWith('"'))));
  if (silent) return { silent, macro: false, path: null, connection: false, statement: false, call: null };
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  const typed = tokens.at(-1)?.kind === 'word' && tokens.at(-1)?.end === before.length;
  const row = typed ? tokens.slice(0, -1) : tokens;
  const path = pathBefore(row, row.length);
  const call = openCall(row, text.slice(offset, offset + LOOK_AHEAD));
  const begins = is(row.at(-1), '(') || is(row.at(-1), ',');
  return {
    silent: false,
    macro: false,
    path: path.length > 0 ? path : null,
    connection: begins && call !== null && call.part !== 'arguments',
    statement:
      row.length === 0 || ['begin', 'generate', 'then', 'else', 'loop', ';', '=>'].some((key) => is(row.at(-1), key)),
    call,
  };
}

function opening(row: readonly VhdlToken[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    if (is(row[at], ')')) depth += 1;
    else if (is(row[at], '(') && --depth === 0) return at;
  }
  return 0;
}

function pathBefore(row: readonly VhdlToken[], end: number): PathStep[] {
  const path: PathStep[] = [];
  for (let at = end - 1; is(row[at], '.'); ) {
    let name = at - 1;
    while (is(row[name], ')')) name = opening(row, name) - 1;
    const token = row[name];
    if (token === undefined || !isName(token)) return path;
    path.unshift({ name: token.text, separator: '.' });
    at = name - 1;
  }
  return path;
}

/** The innermost bracket that is open before the cursor: of a map, or of a call. */
function openCall(row: readonly VhdlToken[], behind: string): OpenCall | null {
  let depth = 0;
  for (let at = row.length - 1; at >= 0; at -= 1) {
    if (is(row[at], ')')) depth += 1;
    else if (is(row[at], '(')) {
      if (depth > 0) depth -= 1;
      else {
        const found = callAt(row, at, behind);
        if (found !== null) return found;
        // a bracket of an expression inside a map
      }
    } else if (is(row[at], ';') && depth === 0) return null;
  }
  return null;
}

function callAt(row: readonly VhdlToken[], open: number, behind: string): OpenCall | null {
  const items = itemsOf(row, open, behind);
  if (is(row[open - 1], 'map')) {
    const name = unitBefore(row, open - 2);
    return name === null
      ? null
      : { part: is(row[open - 2], 'generic') ? 'parameters' : 'ports', name, path: [], ...items };
  }
  const callee = row[open - 1];
  // what stands behind a colon or an assignment's target may be a type or an index: only names behind these are calls
  return callee !== undefined && isName(callee) && !is(row[open - 2], ':')
    ? { part: 'arguments', name: callee.text, path: pathBefore(row, open - 1), ...items }
    : null;
}

/** The unit of the instantiation whose map's word stands at `at`: `u : entity work.fifo(rtl) generic map (…) port`. */
function unitBefore(row: readonly VhdlToken[], at: number): string | null {
  let name = at - 1;
  while (is(row[name], ')')) {
    name = opening(row, name) - 1;
    if (is(row[name], 'map')) name -= 2;
  }
  return isName(row[name]) ? (row[name]?.text ?? null) : null;
}

function itemsOf(
  row: readonly VhdlToken[],
  open: number,
  behind: string,
): Pick<OpenCall, 'item' | 'current' | 'used' | 'positional' | 'wildcard'> {
  const used = new Set<string>();
  const inside = [...row.slice(open + 1), ...lexVhdl(behind).filter(({ kind }) => kind !== 'comment')];
  const cursor = row.length - open - 1;
  let [depth, item, positional] = [0, 0, 0];
  let current: string | null = null;
  let named = false;
  for (const [at, token] of inside.entries()) {
    if (is(token, '(')) depth += 1;
    else if (is(token, ')')) {
      depth -= 1;
      if (depth < 0) break;
    } else if (depth > 0) continue;
    else if (is(token, ';')) break;
    else if (is(token, ',')) {
      if (at < cursor) {
        if (!named) positional += 1;
        item += 1;
        current = null;
      }
      named = false;
    } else if (is(token, '=>')) {
      const formal = formalBefore(inside, at);
      named = true;
      if (formal !== null) used.add(formal);
      if (formal !== null && at < cursor) current = formal;
    }
  }
  return { item, current, used, positional, wildcard: false };
}

/** The formal before an arrow: `q`, `q(3 downto 0)`, `to_x(q)`. */
function formalBefore(row: readonly VhdlToken[], arrow: number): string | null {
  let at = arrow - 1;
  if (is(row[at], ')')) {
    const open = opening(row, at);
    // a conversion has one name in its brackets
    if (at - open === 2 && isName(row[open + 1]) && isName(row[open - 1])) return row[open + 1]?.text ?? null;
    at = open - 1;
  }
  return isName(row[at]) ? (row[at]?.text ?? null) : null;
}
