// Lists of names with types: generics, ports, parameters of subprograms, objects, fields.
import type { SymbolKind } from '@genrtl/contracts/language.ts';
import type { TypeName } from '../model.ts';
import type { Draft, SourceBuilder } from '../source-builder.ts';
import type { VhdlRow } from './token-row.ts';

const CLASSES = new Set(['signal', 'constant', 'variable', 'file', 'shared', 'quantity', 'terminal']);
const MODES = new Set(['in', 'out', 'inout', 'buffer', 'linkage']);

export class VhdlItems {
  readonly #row: VhdlRow;
  readonly #builder: SourceBuilder;

  constructor(row: VhdlRow, builder: SourceBuilder) {
    this.#row = row;
    this.#builder = builder;
  }

  declare(kind: SymbolKind, at: number, from: number, to: number, detail: string, type: TypeName | null = null): Draft {
    const row = this.#row;
    return this.#builder.declare({
      kind,
      name: row.name(at),
      at: row.start(at),
      atEnd: row.end(at),
      start: row.start(from),
      end: row.end(to - 1),
      detail,
      type,
    });
  }

  /** An interface list in the bracket at `open`; returns the index behind it. */
  interface(open: number, kind: SymbolKind): number {
    const row = this.#row;
    const next = row.past(open);
    const end = row.is(next - 1, ')') ? next - 1 : next;
    for (const [from, to] of row.split(open + 1, end, ';')) this.#element(from, to, kind);
    this.#builder.fold(row.start(open), row.end(next - 1));
    return next;
  }

  #element(from: number, to: number, kind: SymbolKind): void {
    const row = this.#row;
    const word = row.keyword(from);
    if (
      word === 'type' ||
      word === 'package' ||
      word === 'function' ||
      word === 'procedure' ||
      word === 'pure' ||
      word === 'impure'
    ) {
      // generic types, packages and subprograms of VHDL-2008
      const at = word === 'pure' || word === 'impure' ? from + 2 : from + 1;
      if (row.isName(at)) this.declare(kind, at, from, to, row.slice(from, to));
      return;
    }
    this.objects(CLASSES.has(word) ? from + 1 : from, from, to, kind, '');
  }

  /** `a, b : in std_logic := '0'` between two indices. `lead` stands before each detail. */
  objects(nameAt: number, from: number, to: number, kind: SymbolKind, lead: string): Draft[] {
    const row = this.#row;
    let colon = nameAt;
    while (colon < to && !row.is(colon, ':')) colon += 1;
    let typeAt = colon + 1;
    if (MODES.has(row.keyword(typeAt))) typeAt += 1;
    const type = row.typeName(typeAt)?.type ?? null;
    const rest = row.slice(colon, to);
    const declared: Draft[] = [];
    for (const [at] of row.split(nameAt, colon, ','))
      if (row.isName(at))
        declared.push(
          this.declare(kind, at, declared.length === 0 ? from : at, to, `${lead}${row.name(at)} ${rest}`, type),
        );
    return declared;
  }
}
