// The open waveform: what it holds, which rows are shown, the window of time, two cursors. One waveform at a time.
import { create } from 'zustand';
import type { ErrorBody } from '@genrtl/contracts';
import type { WaveComparison, WaveFileInfo, WaveSignalInfo } from '@genrtl/contracts/waves.ts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import type { Radix } from './radix.ts';
import { findSignal, leafName } from './signal-tree.ts';
import { parseTicks } from './wave-time.ts';
import { recall, remember } from './wave-memory.ts';
import { groupRows, moveRows, removeRows, toggleBits } from './wave-rows.ts';
import type { Row, SignalRow, WaveColour } from './wave-rows.ts';

type Opened = IpcResponse<'waves.open'>;

export interface View {
  readonly from: number;
  readonly to: number;
}

/** Where a failing check points: a signal and a time, both as the tool printed them. */
export interface Failure {
  readonly signal: string | null;
  readonly time: string;
  /** of the testbench, when known: its waveform is preferred */
  readonly test: string | null;
}

interface WaveStore {
  readonly workspace: string;
  readonly files: readonly WaveFileInfo[];
  readonly path: string | null;
  readonly opened: Opened | null;
  readonly opening: boolean;
  readonly error: ErrorBody | null;
  readonly rows: readonly Row[];
  readonly selected: ReadonlySet<number>;
  readonly view: View;
  readonly cursorA: number | null;
  readonly cursorB: number | null;
  /** ticks that a person marked, in order */
  readonly markers: readonly number[];
  /** of the open waveform with another run */
  readonly comparison: { readonly other: string; readonly result: WaveComparison } | null;
  findFiles(workspace: string): Promise<void>;
  openFile(path: string): Promise<void>;
  add(signals: readonly WaveSignalInfo[]): void;
  select(ids: ReadonlySet<number>): void;
  move(ids: ReadonlySet<number>, before: number | null): void;
  group(name: string): void;
  remove(): void;
  setRadix(radix: Radix): void;
  /** of the selected rows */
  setLook(look: { readonly analog?: boolean; readonly colour?: WaveColour | null }): void;
  /** bits of a bus behind it, or none */
  expand(id: number): void;
  /** rows of a saved view in place of these; returns how many of its signals this waveform does not have */
  showRows(rows: readonly Row[]): number;
  toggleGroup(id: number): void;
  setView(view: View): void;
  zoom(factor: number, around?: number): void;
  setCursor(which: 'A' | 'B', tick: number | null): void;
  /** sets one there, or takes away the one that is there */
  toggleMarker(tick: number): void;
  clearMarkers(): void;
  jump(failure: Failure): Promise<void>;
}

let nextId = 1;
/** Signals that a fresh view starts with, so that it is not empty. */
const FIRST_SIGNALS = 24;
/** So many clocks of context around a failure. */
const FAILURE_SPAN = 40;

function rowsOf(signals: readonly WaveSignalInfo[]): SignalRow[] {
  return signals.map((signal) => ({
    kind: 'signal',
    id: nextId++,
    name: signal.name,
    width: signal.width,
    radix: 'hex',
    group: null,
  }));
}

/** The shallowest scope with signals: usually the testbench or the top. */
function firstSignals(opened: Opened): WaveSignalInfo[] {
  const depth = (signal: WaveSignalInfo): number => signal.name.split('.').length;
  const least = Math.min(...opened.signals.map(depth));
  return opened.signals
    .filter((signal) => depth(signal) === least && signal.type !== 'parameter')
    .slice(0, FIRST_SIGNALS);
}

const NOTHING = {
  path: null,
  opened: null,
  opening: false,
  error: null,
  rows: [],
  selected: new Set<number>(),
  view: { from: 0, to: 1 },
  cursorA: null,
  cursorB: null,
  markers: [] as readonly number[],
  comparison: null,
} as const;

export const useWaves = create<WaveStore>()((set, get) => ({
  workspace: '',
  files: [],
  ...NOTHING,
  findFiles: async (workspace) => {
    if (get().workspace !== workspace) set({ workspace, files: [], ...NOTHING });
    const { files } = await bridge.call('waves.files', { workspace });
    set({ files });
  },
  openFile: async (path) => {
    const { workspace, path: before } = get();
    const remembered = get().rows.length === 0 ? recall(workspace) : null;
    const rows = remembered?.rows ?? get().rows;
    nextId = Math.max(nextId, ...rows.map(({ id }) => id + 1));
    set({ path, opening: true, error: null });
    try {
      const opened = await bridge.call('waves.open', { workspace, path });
      if (get().path !== path) return;
      const known = new Map(opened.signals.map((signal) => [signal.name, signal]));
      // Another run of the same design keeps the rows that a person arranged.
      const kept = rows.filter((row) => row.kind === 'group' || known.has(row.name));
      const shown = kept.some((row) => row.kind === 'signal') ? kept : rowsOf(firstSignals(opened));
      const same = before === path && get().opened !== null;
      const placed = remembered?.path === path ? remembered : null;
      set({
        opened,
        opening: false,
        rows: shown,
        comparison: same ? get().comparison : null,
        ...(same
          ? {}
          : {
              view:
                placed === null
                  ? { from: opened.start, to: Math.max(opened.end, opened.start + 1) }
                  : clamp(placed.view, opened),
              cursorA: placed?.cursorA ?? null,
              cursorB: placed?.cursorB ?? null,
              markers: placed?.markers ?? [],
            }),
      });
    } catch (error) {
      if (get().path === path) set({ opening: false, opened: null, error: errorBody(error) });
    }
  },
  add: (signals) =>
    set(({ rows }) => {
      const shown = new Set(rows.flatMap((row) => (row.kind === 'signal' ? [row.name] : [])));
      return { rows: [...rows, ...rowsOf(signals.filter((signal) => !shown.has(signal.name)))] };
    }),
  select: (selected) => set({ selected }),
  move: (ids, before) => set(({ rows }) => ({ rows: moveRows(rows, ids, before) })),
  group: (name) =>
    set(({ rows, selected }) => ({
      rows: groupRows(rows, selected, { kind: 'group', id: nextId++, name, collapsed: false }),
      selected: new Set(),
    })),
  remove: () => set(({ rows, selected }) => ({ rows: removeRows(rows, selected), selected: new Set() })),
  setRadix: (radix) =>
    set(({ rows, selected }) => ({
      rows: rows.map((row) =>
        row.kind === 'signal' && (selected.size === 0 || selected.has(row.id)) ? { ...row, radix } : row,
      ),
    })),
  setLook: ({ analog, colour }) =>
    set(({ rows, selected }) => ({
      rows: rows.map((row) => {
        if (row.kind !== 'signal' || !selected.has(row.id)) return row;
        const { colour: before, ...plain } = row;
        const kept = colour === undefined ? before : colour;
        return {
          ...plain,
          ...(kept === undefined || kept === null ? {} : { colour: kept }),
          ...(analog === undefined ? {} : { analog: analog && row.width > 1 }),
        };
      }),
    })),
  expand: (id) => set(({ rows }) => ({ rows: toggleBits(rows, id, () => nextId++) })),
  showRows: (wanted) => {
    const known = new Map(get().opened?.signals.map((signal) => [signal.name, signal.width]) ?? []);
    const there = wanted.filter((row) => row.kind === 'group' || known.has(row.name));
    // ids of this visit: a view may have been saved in another
    const ids = new Map(there.map((row) => [row.id, nextId++]));
    set({
      rows: there.map((row): Row => {
        const id = ids.get(row.id) ?? nextId++;
        return row.kind === 'group' ? { ...row, id } : { ...row, id, group: ids.get(row.group ?? -1) ?? null };
      }),
      selected: new Set(),
    });
    return wanted.length - there.length;
  },
  toggleGroup: (id) =>
    set(({ rows }) => ({
      rows: rows.map((row) => (row.kind === 'group' && row.id === id ? { ...row, collapsed: !row.collapsed } : row)),
    })),
  setView: (view) => set(({ opened }) => ({ view: clamp(view, opened) })),
  zoom: (factor, around) =>
    set(({ view, opened, cursorA }) => {
      const inside =
        cursorA !== null && cursorA >= view.from && cursorA <= view.to ? cursorA : (view.from + view.to) / 2;
      const fixed = around ?? inside;
      return {
        view: clamp({ from: fixed - (fixed - view.from) * factor, to: fixed + (view.to - fixed) * factor }, opened),
      };
    }),
  toggleMarker: (tick) =>
    set(({ markers }) => ({
      markers: markers.includes(tick)
        ? markers.filter((other) => other !== tick)
        : [...markers, tick].sort((a, b) => a - b),
    })),
  clearMarkers: () => set({ markers: [] }),
  setCursor: (which, tick) => set(which === 'A' ? { cursorA: tick } : { cursorB: tick }),
  jump: async (failure) => {
    await get().findFiles(get().workspace);
    const { files } = get();
    const best = files.find((file) => failure.test !== null && file.path.includes(`/${failure.test}/`)) ?? files[0];
    if (best === undefined) return;
    await get().openFile(best.path);
    const { opened } = get();
    if (opened === null) return;
    const at = parseTicks(failure.time, opened.tick);
    const signal = failure.signal === null ? null : findSignal(opened.signals, failure.signal);
    if (signal !== null) {
      get().add([signal]);
      set(({ rows }) => ({
        selected: new Set(rows.filter((row) => row.kind === 'signal' && row.name === signal.name).map((row) => row.id)),
      }));
    }
    if (at === null) return;
    const clock = opened.signals.find((other) => other.width === 1 && /^(clk|clock)/i.test(leafName(other.name)));
    const span =
      clock === undefined
        ? (opened.end - opened.start) / 20
        : FAILURE_SPAN * (await period(get().workspace, best.path, clock.name, at));
    set({ cursorA: at, view: clamp({ from: at - span * 0.75, to: at + span * 0.25 }, opened) });
  },
}));

/** Ticks between two equal edges of a clock before `at`; 0 edges: a thousandth of nothing is avoided by 1. */
async function period(workspace: string, path: string, signal: string, at: number): Promise<number> {
  const edge = async (from: number): Promise<number | null> =>
    (await bridge.call('waves.edge', { workspace, path, signal, from, direction: 'previous' })).tick;
  const last = await edge(at);
  const before = last === null ? null : await edge(last);
  const first = before === null ? null : await edge(before);
  return last === null || first === null ? 1 : Math.max(1, last - first);
}

/** Inside the file with a small margin, never narrower than two ticks. */
function clamp(view: View, opened: Opened | null): View {
  if (opened === null) return view;
  const whole = Math.max(1, opened.end - opened.start);
  const margin = whole * 0.02;
  const span = Math.min(Math.max(2, view.to - view.from), whole + 2 * margin);
  const from = Math.min(Math.max(view.from, opened.start - margin), opened.end + margin - span);
  return { from, to: from + span };
}

const REMEMBER_MS = 300;
let remembering: ReturnType<typeof setTimeout> | undefined;
useWaves.subscribe(({ workspace, path, opened, rows, view, cursorA, cursorB, markers }) => {
  // what was not opened yet was not arranged by anybody
  if (path === null || opened === null) return;
  clearTimeout(remembering);
  remembering = setTimeout(() => remember(workspace, { path, rows, view, cursorA, cursorB, markers }), REMEMBER_MS);
});
