// The list of shown signals: groups, order, radix. Pure; the store holds the list, the panel draws it.
import type { Radix } from './radix.ts';

export interface SignalRow {
  readonly kind: 'signal';
  readonly id: number;
  readonly name: string;
  readonly width: number;
  readonly radix: Radix;
  /** id of the group that it stands in */
  readonly group: number | null;
}

export interface GroupRow {
  readonly kind: 'group';
  readonly id: number;
  readonly name: string;
  readonly collapsed: boolean;
}

export type Row = SignalRow | GroupRow;

/** Rows that are drawn: those of collapsed groups are not. */
export function visibleRows(rows: readonly Row[]): Row[] {
  const collapsed = new Set(rows.filter((row) => row.kind === 'group' && row.collapsed).map((row) => row.id));
  return rows.filter((row) => row.kind === 'group' || row.group === null || !collapsed.has(row.group));
}

/**
 * Moves rows before the row `before` (null: to the end), keeping their order. What lands behind a group's head or
 * among its
 * members joins the group; a group moves with all that is in it.
 */
export function moveRows(rows: readonly Row[], ids: ReadonlySet<number>, before: number | null): Row[] {
  const moving = rows.filter(
    (row) => ids.has(row.id) || (row.kind === 'signal' && row.group !== null && ids.has(row.group)),
  );
  const movingIds = new Set(moving.map((row) => row.id));
  if (before !== null && movingIds.has(before)) return [...rows];
  const rest = rows.filter((row) => !movingIds.has(row.id));
  const at = before === null ? rest.length : rest.findIndex((row) => row.id === before);
  const target = rest[at];
  const group = target?.kind === 'signal' ? target.group : null;
  const placed = moving.map(
    (row): Row =>
      row.kind === 'signal' && (row.group === null || !movingIds.has(row.group)) ? { ...row, group } : row,
  );
  // a group inside a group is none: it goes behind the one that it was dropped into
  if (group !== null && moving.some((row) => row.kind === 'group')) {
    const end = rest.findLastIndex((row) => row.kind === 'signal' && row.group === group) + 1;
    return rest.toSpliced(
      end,
      0,
      ...placed.map((row): Row => (row.kind === 'signal' && row.group === group ? { ...row, group: null } : row)),
    );
  }
  return rest.toSpliced(at, 0, ...placed);
}

/** Puts the chosen signals under a new group's head, where the first of them stood. */
export function groupRows(rows: readonly Row[], ids: ReadonlySet<number>, group: GroupRow): Row[] {
  const members = rows.filter((row) => row.kind === 'signal' && ids.has(row.id)) as SignalRow[];
  const [first] = members;
  if (first === undefined) return [...rows];
  const at = first.group === null ? rows.indexOf(first) : rows.findIndex((row) => row.id === first.group);
  const before = rows.slice(0, at).filter((row) => !members.some((member) => member === row));
  const after = rows.slice(at).filter((row) => !members.some((member) => member === row));
  return [...before, group, ...members.map((member) => ({ ...member, group: group.id })), ...after];
}

/** Without the chosen rows; members of a removed group stay, ungrouped. */
export function removeRows(rows: readonly Row[], ids: ReadonlySet<number>): Row[] {
  return rows
    .filter((row) => !ids.has(row.id))
    .map((row) => (row.kind === 'signal' && row.group !== null && ids.has(row.group) ? { ...row, group: null } : row));
}
