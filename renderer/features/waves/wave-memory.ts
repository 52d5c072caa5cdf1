// What a person arranged in the viewer, kept for each workspace in this browser: rows, radix, groups, window, cursors,
// markers. Read as a stranger's text: what is not as it was written is left out.
import { RADIXES } from './radix.ts';
import { WAVE_COLOURS } from './wave-rows.ts';
import type { Row } from './wave-rows.ts';

export interface WaveMemory {
  /** the waveform that window, cursors and markers belong to */
  readonly path: string;
  readonly rows: readonly Row[];
  readonly view: { readonly from: number; readonly to: number };
  readonly cursorA: number | null;
  readonly cursorB: number | null;
  readonly markers: readonly number[];
}

const MAX_ROWS = 2000;
const MAX_MARKERS = 100;
const keyOf = (workspace: string): string => `genrtl.waves.${workspace}`;

/** Storage that is full or switched off keeps nothing. */
export function remember(workspace: string, memory: WaveMemory): void {
  try {
    localStorage.setItem(keyOf(workspace), JSON.stringify({ ...memory, rows: memory.rows.slice(0, MAX_ROWS) }));
  } catch {
    // the view is as it is for this visit
  }
}

export function recall(workspace: string): WaveMemory | null {
  try {
    return readMemory(JSON.parse(localStorage.getItem(keyOf(workspace)) ?? 'null'));
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const numberOr = (value: unknown): number | null => (isNumber(value) ? value : null);

export function readMemory(value: unknown): WaveMemory | null {
  if (!isObject(value) || typeof value['path'] !== 'string' || !Array.isArray(value['rows'])) return null;
  const view = isObject(value['view']) ? value['view'] : {};
  const [from, to] = [numberOr(view['from']), numberOr(view['to'])];
  const markers = Array.isArray(value['markers']) ? value['markers'].filter(isNumber) : [];
  return {
    path: value['path'],
    rows: readRows(value['rows']),
    view: from !== null && to !== null && to > from ? { from, to } : { from: 0, to: 1 },
    cursorA: numberOr(value['cursorA']),
    cursorB: numberOr(value['cursorB']),
    markers: [...new Set(markers)].sort((a, b) => a - b).slice(0, MAX_MARKERS),
  };
}

export function readRows(values: readonly unknown[]): Row[] {
  const rows = values
    .slice(0, MAX_ROWS)
    .map(readRow)
    .filter((row) => row !== null);
  const groups = new Set(rows.flatMap((row) => (row.kind === 'group' ? [row.id] : [])));
  return rows.map((row) =>
    row.kind === 'signal' && row.group !== null && !groups.has(row.group) ? { ...row, group: null } : row,
  );
}

function readRow(value: unknown): Row | null {
  if (!isObject(value) || !isNumber(value['id']) || typeof value['name'] !== 'string') return null;
  const { id, name } = value as { id: number; name: string };
  if (value['kind'] === 'group') return { kind: 'group', id, name, collapsed: value['collapsed'] === true };
  const radix = RADIXES.find((one) => one === value['radix']);
  if (value['kind'] !== 'signal' || radix === undefined || !isNumber(value['width'])) return null;
  const colour = WAVE_COLOURS.find((one) => one === value['colour']);
  const bit = numberOr(value['bit']);
  return {
    kind: 'signal',
    id,
    name,
    width: value['width'],
    radix,
    group: numberOr(value['group']),
    ...(bit === null || bit < 0 ? {} : { bit }),
    ...(value['analog'] === true ? { analog: true } : {}),
    ...(colour === undefined ? {} : { colour }),
  };
}
