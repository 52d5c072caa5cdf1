// What the person is writing at the cursor, told from the tokens before it: inside which call or instantiation, behind
// which names. A text that is being typed has no whole statements, so nothing here needs one.
import { isCode, lex } from '@genrtl/core/hdl/lexer.ts';
import type { Token } from '@genrtl/core/hdl/lexer.ts';
import type { PathStep } from './model.ts';

export interface OpenCall {
  /** `ports` and `parameters` of an instance of `name`; `arguments` of the function or task `name` */
  readonly part: 'parameters' | 'ports' | 'arguments';
  readonly name: string;
  /** names that lead to a function: `pkg::f(`, `obj.f(` */
  readonly path: readonly PathStep[];
  /** index of the item that the cursor is in, from 0 */
  readonly item: number;
  /** the name of that item when it is connected by name */
  readonly current: string | null;
  /** names that are connected already, before and behind the cursor */
  readonly used: ReadonlySet<string>;
  /** connected by position, before the cursor */
  readonly positional: number;
  /** `.*` stands in the list */
  readonly wildcard: boolean;
}

/** The words behind which the cursor stands. */
export interface Before {
  /** `// …`, `/* …`, `"…`: nothing is to be offered there */
  readonly silent: boolean;
  /** `` `na `` */
  readonly macro: boolean;
  /** `a.b::` before the cursor; null when no separator stands there */
  readonly path: readonly PathStep[] | null;
  /** the separator begins a connection by name: `(.`, `, .` */
  readonly connection: boolean;
  /** a statement may begin here */
  readonly statement: boolean;
  readonly call: OpenCall | null;
}

const LOOK_BACK = 40_000;
const LOOK_AHEAD = 20_000;

const isOp = (token: Token | undefined, text: string): boolean => token?.kind === 'operator' && token.text === text;
const isName = (token: Token | undefined): boolean => token?.kind === 'word' || token?.kind === 'escaped';
const OPENS = new Set(['(', '[', '{']);
const CLOSES = new Set([')', ']', '}']);

export function readBefore(text: string, offset: number): Before {
  const from = offset > LOOK_BACK ? Math.max(0, text.indexOf('\n', offset - LOOK_BACK)) : 0;
  const before = text.slice(from, offset);
  const all = lex(before);
  const last = all.at(-1);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const silent =
    (last?.kind === 'comment' && last.end === before.length) ||
    (last?.kind === 'comment' && last.text.startsWith('/*') && !last.text.endsWith('*/')) ||
    (last?.kind === 'string' && last.end === before.length && !(last.text.length > 1 && last.text.endsWith('"')));
  if (silent || /`\w*$/.test(line))
    return { silent, macro: !silent, path: null, connection: false, statement: false, call: null };
  const tokens = all.filter(isCode);
  // the word that is being typed says nothing of what it will be
  const typed = isName(tokens.at(-1)) && tokens.at(-1)?.end === before.length;
  const row = typed ? tokens.slice(0, -1) : tokens;
  const path = pathBefore(row, row.length);
  const separator = path.length > 0 || isOp(row.at(-1), '.');
  const connection = isOp(row.at(-1), '.') && path.length === 0;
  return {
    silent: false,
    macro: false,
    path: separator ? path : null,
    connection,
    statement: beginsStatement(row),
    call: openCall(row, text.slice(offset, offset + LOOK_AHEAD)),
  };
}

/** Names with separators that end before `end`. */
function pathBefore(row: readonly Token[], end: number): PathStep[] {
  const path: PathStep[] = [];
  for (let at = end - 1; ; ) {
    const separator = isOp(row[at], '::') ? '::' : isOp(row[at], '.') ? '.' : null;
    if (separator === null) return path;
    let name = at - 1;
    while (isOp(row[name], ']')) name = opening(row, name) - 1;
    if (separator === '::' && isOp(row[name], ')')) {
      name = opening(row, name) - 1;
      if (isOp(row[name], '#')) name -= 1;
    }
    const token = row[name];
    if (token === undefined || !(isName(token) || token.kind === 'system')) return path;
    path.unshift({ name: token.text, separator });
    at = name - 1;
  }
}

function opening(row: readonly Token[], close: number): number {
  let depth = 0;
  for (let at = close; at >= 0; at -= 1) {
    const token = row[at];
    if (token?.kind !== 'operator') continue;
    if (CLOSES.has(token.text)) depth += 1;
    else if (OPENS.has(token.text) && --depth === 0) return at;
  }
  return 0;
}

function beginsStatement(row: readonly Token[]): boolean {
  const last = row.at(-1);
  if (last === undefined || last.kind === 'macro') return true;
  if (last.kind === 'operator') return [';', ')', ':'].includes(last.text);
  return /^(?:begin|end|endfunction|endtask|endcase|endgenerate|generate|else|endmodule|endpackage|fork|join\w*)$/.test(
    last.text,
  );
}

/** The innermost bracket that is open before the cursor, when it belongs to an instance or a call. */
function openCall(row: readonly Token[], behind: string): OpenCall | null {
  let depth = 0;
  for (let at = row.length - 1; at >= 0; at -= 1) {
    const token = row[at];
    if (token?.kind !== 'operator') continue;
    if (CLOSES.has(token.text)) depth += 1;
    else if (OPENS.has(token.text)) {
      if (depth > 0) {
        depth -= 1;
        continue;
      }
      // `.a(b`, `{a, b`: inside of an item of the list around
      const connection =
        isName(row[at - 1]) && isOp(row[at - 2], '.') && !isName(row[at - 3]) && !isOp(row[at - 3], ')');
      if (token.text === '(' && !connection) return callAt(row, at, behind);
    } else if (token.text === ';' && depth === 0) return null;
  }
  return null;
}

function callAt(row: readonly Token[], open: number, behind: string): OpenCall | null {
  const items = itemsOf(row, open, behind);
  const call = (part: OpenCall['part'], name: string, path: readonly PathStep[] = []): OpenCall => ({
    part,
    name,
    path,
    ...items,
  });
  const before = row[open - 1];
  if (isOp(before, '#')) return isName(row[open - 2]) ? call('parameters', row[open - 2]?.text ?? '') : null;
  // `fifo #(…) u_fifo [3:0] (`
  let name = open - 1;
  while (isOp(row[name], ']')) name = opening(row, name) - 1;
  if (!isName(row[name])) return null;
  let module = name - 1;
  if (isOp(row[module], ')')) {
    module = opening(row, module) - 1;
    if (!isOp(row[module], '#')) return null;
    module -= 1;
  }
  const token = row[module];
  if (isName(token) && !STATEMENT_WORDS.has(token?.text ?? '')) return call('ports', token?.text ?? '');
  // a further instance of one statement: `fifo u_a (…), u_b (`
  if (isOp(token, ',')) {
    const first = firstInstance(row, module);
    if (first !== null) return call('ports', first);
  }
  return STATEMENT_WORDS.has(row[name]?.text ?? '')
    ? null
    : call('arguments', row[name]?.text ?? '', pathBefore(row, name));
}

function firstInstance(row: readonly Token[], comma: number): string | null {
  let at = comma - 1;
  if (!isOp(row[at], ')')) return null;
  at = opening(row, at) - 1;
  while (isOp(row[at], ']')) at = opening(row, at) - 1;
  if (!isName(row[at])) return null;
  let module = at - 1;
  if (isOp(row[module], ')')) module = opening(row, module) - 2;
  if (isOp(row[module], ',')) return firstInstance(row, module);
  return isName(row[module]) ? (row[module]?.text ?? null) : null;
}

/** Words that stand before a name and a bracket and are no module: `return f(`, `if (`. */
const STATEMENT_WORDS: ReadonlySet<string> = new Set(
  `if while for foreach case casex casez repeat wait return assert assume cover function task void begin end else new
  logic reg wire bit int integer input output inout module interface package posedge negedge or and not assign`.split(
    /\s+/,
  ),
);

function itemsOf(
  row: readonly Token[],
  open: number,
  behind: string,
): Pick<OpenCall, 'item' | 'current' | 'used' | 'positional' | 'wildcard'> {
  const used = new Set<string>();
  const inside = [...row.slice(open + 1), ...lex(behind).filter(isCode)];
  const cursor = row.length - open - 1;
  let depth = 0;
  let [item, positional] = [0, 0];
  let current: string | null = null;
  let wildcard = false;
  let named = false;
  for (let at = 0; at < inside.length; at += 1) {
    const token = inside[at];
    if (token?.kind !== 'operator') continue;
    if (OPENS.has(token.text)) depth += 1;
    else if (CLOSES.has(token.text)) {
      depth -= 1;
      if (depth < 0) break;
    } else if (depth > 0) continue;
    else if (token.text === ';') break;
    else if (token.text === ',') {
      if (at < cursor) {
        if (!named) positional += 1;
        item += 1;
        current = null;
      }
      named = false;
    } else if (token.text === '.' && isOp(inside[at + 1], '*')) wildcard = named = true;
    else if (token.text === '.' && isName(inside[at + 1]) && (at === 0 || isOp(inside[at - 1], ','))) {
      named = true;
      // what is being typed at the cursor is not there yet
      if (at + 1 < cursor || at >= cursor) used.add(inside[at + 1]?.text ?? '');
      if (at < cursor) current = inside[at + 1]?.text ?? null;
    }
  }
  return { item, current, used, positional, wildcard };
}
