// Every name of a VHDL source with what its surroundings say about it.
import type { Occurrence, PathStep, Role } from '../model.ts';
import type { SourceBuilder } from '../source-builder.ts';
import type { VhdlRow } from './token-row.ts';

const PLAIN: Role = { kind: 'plain' };
const UNKNOWN: Role = { kind: 'unknown' };
const MAX_STEPS = 64;
const MAX_DEPTH = 32;

export function vhdlOccurrences(row: VhdlRow, roles: ReadonlyMap<number, Role>, builder: SourceBuilder): Occurrence[] {
  const found: Occurrence[] = [];
  /** indexes of the brackets around, with the keys of an aggregate */
  const open: { readonly at: number; keys: string[] | null }[] = [];
  for (let at = 0; at < row.length; at += 1) {
    if (row.is(at, '(')) open.push({ at, keys: null });
    else if (row.is(at, ')')) open.pop();
    else if (row.isName(at)) {
      const token = row.code[at];
      const around = open.at(-1);
      const role = roles.get(at) ?? roleOf(row, at, around ?? null, open.length);
      if (token !== undefined)
        found.push({ name: token.text, role, offset: token.start, ...builder.placeOf(token.start, token.end) });
    }
  }
  return found;
}

function roleOf(row: VhdlRow, at: number, around: { at: number; keys: string[] | null } | null, depth: number): Role {
  if (row.is(at - 1, "'")) return UNKNOWN;
  const path = pathBefore(row, at);
  if (path === null) return UNKNOWN;
  if (path.length > 0) return { kind: 'path', path };
  if (around !== null && depth < MAX_DEPTH && (row.is(at - 1, '(') || row.is(at - 1, ',')) && row.is(at + 1, '=>'))
    return associated(row, around);
  return PLAIN;
}

/** `name => …` in brackets: an argument of a call, else a field of an aggregate. */
function associated(row: VhdlRow, around: { at: number; keys: string[] | null }): Role {
  const callee = around.at - 1;
  if (row.isName(callee) && !row.is(callee - 1, "'")) {
    const path = pathBefore(row, callee);
    return path === null ? UNKNOWN : { kind: 'argument', path, callee: row.name(callee) };
  }
  around.keys ??= row
    .split(around.at + 1, row.past(around.at) - 1, ',')
    .flatMap(([from]) => (row.isName(from) && row.is(from + 1, '=>') ? [row.name(from)] : []));
  return { kind: 'key', keys: around.keys };
}

/** The names that lead to the one at `at` by points; null when something else does. */
function pathBefore(row: VhdlRow, at: number): PathStep[] | null {
  const path: PathStep[] = [];
  for (let index = at; row.is(index - 1, '.'); ) {
    if (path.length === MAX_STEPS) return null;
    let before = index - 2;
    // `a(3).b`
    while (row.is(before, ')')) {
      let depth = 0;
      for (; before >= 0; before -= 1) {
        if (row.is(before, ')')) depth += 1;
        else if (row.is(before, '(') && --depth === 0) break;
      }
      before -= 1;
    }
    if (!row.isName(before)) return null;
    path.unshift({ name: row.name(before), separator: '.' });
    index = before;
  }
  return path;
}
