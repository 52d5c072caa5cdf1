// The rows of a file's outline: what a module declares by kind, each kind below a title of its own; pure.
import type { OutlineSymbol, SymbolKind } from '@genrtl/contracts/language.ts';
import type { Outline } from './outline.ts';

export type Group = 'parameters' | 'ports' | 'types' | 'signals' | 'routines' | 'instances';

export type OutlineRow =
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly level: number;
      readonly group: Group;
      readonly count: number;
    }
  | {
      readonly kind: 'symbol';
      readonly key: string;
      readonly level: number;
      readonly at: number;
      readonly symbol: OutlineSymbol;
      /** something stands below it */
      readonly holds: boolean;
    };

const GROUPS: Readonly<Partial<Record<SymbolKind, Group>>> = {
  parameter: 'parameters',
  localparam: 'parameters',
  constant: 'parameters',
  port: 'ports',
  type: 'types',
  net: 'signals',
  variable: 'signals',
  signal: 'signals',
  genvar: 'signals',
  function: 'routines',
  task: 'routines',
  instance: 'instances',
};
const ORDER: readonly Group[] = ['parameters', 'ports', 'types', 'signals', 'routines', 'instances'];
/** What is grouped by kind; elsewhere the order of the text says more. */
const GROUPED: ReadonlySet<SymbolKind> = new Set(['module', 'interface', 'program', 'entity', 'architecture']);
/** A title over one or two rows is longer than what it saves. */
const MIN_GROUPED = 8;

/** `closed`: keys of rows whose parts are not shown. */
export function outlineRows({ symbols }: Outline, closed: ReadonlySet<string>): OutlineRow[] {
  const below = Map.groupBy(symbols.keys(), (at) => symbols[at]?.parent ?? null);
  const rows: OutlineRow[] = [];
  const add = (at: number, level: number): void => {
    const symbol = symbols[at];
    if (symbol === undefined) return;
    const inner = below.get(at) ?? [];
    const key = String(at);
    rows.push({ kind: 'symbol', key, level, at, symbol, holds: inner.length > 0 });
    if (closed.has(key)) return;
    if (!GROUPED.has(symbol.kind) || inner.length < MIN_GROUPED) {
      for (const one of inner) add(one, level + 1);
      return;
    }
    const grouped = Map.groupBy(inner, (one) => GROUPS[symbols[one]?.kind ?? 'block'] ?? null);
    for (const group of ORDER) {
      const members = grouped.get(group) ?? [];
      const groupKey = `${key} ${group}`;
      if (members.length === 0) continue;
      rows.push({ kind: 'group', key: groupKey, level: level + 1, group, count: members.length });
      if (!closed.has(groupKey)) for (const one of members) add(one, level + 2);
    }
    for (const one of grouped.get(null) ?? []) add(one, level + 1);
  };
  for (const at of below.get(null) ?? []) add(at, 0);
  return rows;
}

/** What a declaration says beside its name and the word of its kind, which the row shows already. */
export function detailOf({ name, kind, detail }: OutlineSymbol): string {
  if (GROUPED.has(kind) || kind === 'package' || kind === 'class') return '';
  const bare = detail.startsWith(`${kind} `) ? detail.slice(kind.length + 1) : detail;
  const at = bare.search(new RegExp(`(?<![\\w$])${name.replaceAll(/[^\w]/g, '.')}(?![\\w$])`));
  return (at === -1 ? bare : `${bare.slice(0, at)}${bare.slice(at + name.length)}`).replace(/\s+/g, ' ').trim();
}
