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
  /** one bit of the signal, 0 the least significant; `width` is 1 then */
  readonly bit?: number;
  /** drawn as a curve of numbers, signed where the radix is */
  readonly analog?: boolean;
  readonly colour?: WaveColour;
}

/** Colours that a person gives rows; none of them means anything by itself. */
export const WAVE_COLOURS = ['teal', 'violet', 'orange', 'pink', 'grey'] as const;
export type WaveColour = (typeof WAVE_COLOURS)[number];

/** Wider ones would be a list of their own. */
export const MAX_BITS = 128;
export const ROW_PX = 26;
const ANALOG_PX = 3 * ROW_PX;
export const heightOf = (row: Row): number => (row.kind === 'signal' && row.analog === true ? ANALOG_PX : ROW_PX);

/** Where each row begins, and behind them where the last one ends. */
export function topsOf(rows: readonly Row[]): number[] {
  const tops = [0];
  for (const row of rows) tops.push((tops.at(-1) ?? 0) + heightOf(row));
  return tops;
}

/** The row at so many pixels below the first one's top. */
export const rowAt = (tops: readonly number[], y: number): number => {
  const after = tops.findIndex((top) => top > y);
  return after === -1 ? tops.length - 1 : after - 1;
};

/** Of a signal's value what the row shows. */
export const bitOf = (value: string, { bit }: SignalRow): string =>
  bit === undefined ? value : (value.at(-1 - bit) ?? 'x');

/** Whether its bits stand behind it. */
export function isExpanded(rows: readonly Row[], row: Row): boolean {
  const next = rows[rows.indexOf(row) + 1];
  return row.kind === 'signal' && next?.kind === 'signal' && next.name === row.name && next.bit !== undefined;
}

/** Puts the bits of a bus behind it, or takes them away. `nextId` gives ids. */
export function toggleBits(rows: readonly Row[], id: number, nextId: () => number): Row[] {
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  if (row?.kind !== 'signal' || row.width < 2) return [...rows];
  if (isExpanded(rows, row)) {
    const rest = rows.slice(at + 1);
    const end = rest.findIndex(
      (other) => other.kind !== 'signal' || other.name !== row.name || other.bit === undefined,
    );
    return [...rows.slice(0, at + 1), ...(end === -1 ? [] : rest.slice(end))];
  }
  const { analog: _, ...plain } = row;
  const count = Math.min(row.width, MAX_BITS);
  const bits = Array.from(
    { length: count },
    (_one, index): SignalRow => ({
      ...plain,
      id: nextId(),
      width: 1,
      bit: row.width - 1 - index,
    }),
  );
  return rows.toSpliced(at + 1, 0, ...bits);
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
 * Moves rows before the row `before` (null: to the end), keeping their order. What lands behind a group's head or among
 * its members joins the group; a group moves with all that is in it.
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
