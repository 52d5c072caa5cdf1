// Instances: `fifo #(.WIDTH(8)) u_fifo [3:0] (.clk(clk), .*), u_other (…);` with what they say of ports and parameters.
import type { Override, TextPlace } from '../model.ts';
import type { SourceBuilder } from '../source-builder.ts';
import type { Roles } from './reading.ts';
import type { TokenRow } from './token-row.ts';

export class InstanceReader {
  readonly #row: TokenRow;
  readonly #builder: SourceBuilder;
  readonly #roles: Roles;

  constructor(row: TokenRow, builder: SourceBuilder, roles: Roles) {
    this.#row = row;
    this.#builder = builder;
    this.#roles = roles;
  }

  /** An instantiation at `at`; null when it is none. `boundTo`: the module that `bind` puts it into. */
  statement(at: number, boundTo: string | null): number | null {
    const row = this.#row;
    const macro = row.code[at]?.kind === 'macro';
    const behindName = macro ? row.pastMacro(at) : row.isName(at) ? at + 1 : -1;
    // a call, an assignment, a type of a package
    if (behindName === -1) return null;
    const parameters = row.is(behindName, '#') ? behindName : -1;
    let nameAt = parameters === -1 ? behindName : row.pastDelay(parameters);
    // drive strengths of primitives: `(strong0, pull1)`
    if (row.is(nameAt, '(') && /^(?:strong|pull|weak|supply|highz)[01]$/.test(row.keyword(nameAt + 1)))
      nameAt = row.past(nameAt);
    if (!row.isName(nameAt) || !row.is(row.pastRanges(nameAt + 1), '(')) return null;
    const of = row.name(at);
    if (!macro) this.#roles.set(at, { kind: 'module' });
    const overrides = parameters !== -1 && row.is(parameters + 1, '(') ? this.#overrides(parameters + 1, of) : [];
    let from = at;
    for (;;) {
      const open = row.pastRanges(nameAt + 1);
      const end = row.past(open);
      const draft = this.#builder.declare({
        kind: 'instance',
        name: row.name(nameAt),
        at: row.start(nameAt),
        atEnd: row.end(nameAt),
        start: row.start(from),
        end: row.end(end - 1),
        detail: `${of} ${row.slice(nameAt, open)}`,
        of,
      });
      draft.overrides = overrides;
      draft.boundTo = boundTo;
      draft.wildcard = this.#connections(open, end, of);
      this.#builder.fold(row.start(open), row.end(end - 1));
      if (!row.is(end, ',') || !row.isName(end + 1) || !row.is(row.pastRanges(end + 2), '('))
        return row.is(end, ';') ? end + 1 : end;
      from = end + 1;
      nameAt = end + 1;
    }
  }

  /** `#( … )` with its bracket at `open`. */
  #overrides(open: number, of: string): Override[] {
    const row = this.#row;
    const end = row.past(open);
    this.#builder.fold(row.start(open), row.end(end - 1));
    return row.split(open + 1, end - 1).flatMap(([at, to]): Override[] => {
      let from = at;
      while (from < to && row.code[from]?.kind === 'macro' && !row.is(from + 1, ',')) from = row.pastMacro(from);
      if (!row.is(from, '.')) return [{ name: null, value: row.slice(at, to) }];
      if (row.isName(from + 1)) this.#roles.set(from + 1, { kind: 'parameter', of, implicit: false });
      return [{ name: row.name(from + 1), value: row.slice(from + 3, to - 1) }];
    });
  }

  /** The connections between `open` and `end`; returns where `.*` stands. */
  #connections(open: number, end: number, of: string): TextPlace | null {
    const row = this.#row;
    let wildcard: TextPlace | null = null;
    let depth = 0;
    // by marks and not by commas: conditionals leave commas out
    for (let at = open; at < end; at += 1) {
      if (row.is(at, '(') || row.is(at, '[') || row.is(at, '{')) depth += 1;
      else if (row.is(at, ')') || row.is(at, ']') || row.is(at, '}')) depth -= 1;
      else if (depth !== 1 || !row.is(at, '.')) continue;
      else if (row.is(at + 1, '*')) wildcard = this.#builder.placeOf(row.start(at), row.end(at + 1));
      else if (row.isName(at + 1) && !row.isName(at - 1) && !row.is(at - 1, ')') && !row.is(at - 1, ']'))
        this.#roles.set(at + 1, { kind: 'port', of, implicit: !row.is(at + 2, '(') });
    }
    return wildcard;
  }

  /** `bind target u_target : inst, other module #(…) name (…);` at `at`; null when it is something else. */
  bind(at: number): number | null {
    const row = this.#row;
    let target = at + 1;
    let named = row.typeName(target);
    if (named === null) return null;
    let next = row.pastRanges(named.next);
    while (row.is(next, '.')) {
      target = next + 1;
      named = row.typeName(target);
      if (named === null) return null;
      next = row.pastRanges(named.next);
    }
    // the module of a hierarchical target is found when it is asked for: its last name
    const boundTo = named.type.name;
    if (named.type.path.length === 0 && target === at + 1) this.#roles.set(target, { kind: 'module' });
    if (row.is(next, ':')) {
      next += 1;
      while (
        next < row.length &&
        !row.is(next, ';') &&
        (row.is(next - 1, ':') ||
          row.is(next - 1, ',') ||
          row.is(next - 1, '.') ||
          row.is(next, '.') ||
          row.is(next, ',') ||
          row.is(next, '['))
      )
        next = row.is(next, '[') ? row.pastRanges(next) : next + 1;
    }
    const builder = this.#builder;
    const back = builder.scope;
    const scope = builder.openScope(row.start(next), null, boundTo);
    const end = this.statement(next, boundTo);
    builder.closeScope(scope, row.end((end ?? row.pastStatement(next)) - 1), back);
    return end;
  }
}
