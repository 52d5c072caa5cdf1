// Draws a window of waveforms on a canvas: ruler, rows, cursors. Pure of React; everything that it needs is handed in.
import type { WaveRow } from '@genrtl/contracts/waves.ts';
import { formatTicks, rulerStep } from './wave-time.ts';
import type { Tick } from './wave-time.ts';
import { ROW_PX, heightOf, rowAt, topsOf } from './wave-rows.ts';
import type { Row, SignalRow, WaveColour } from './wave-rows.ts';
import type { View } from './wave-store.ts';

export const RULER_PX = 26;
const TOP = 5;
const BOTTOM = ROW_PX - 5;
const CHAR_PX = 6.7;
const SLOPE_PX = 2.5;

/** Colours from the theme's custom properties. */
export interface WavePalette {
  readonly background: string;
  readonly grid: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly bus: string;
  readonly busFill: string;
  readonly unknown: string;
  readonly unknownFill: string;
  readonly floating: string;
  readonly cursorA: string;
  readonly cursorB: string;
  readonly selected: string;
  readonly font: string;
  readonly own: Readonly<Record<WaveColour, string>>;
}

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly view: View;
  readonly rows: readonly Row[];
  readonly selected: ReadonlySet<number>;
  readonly changes: ReadonlyMap<string, WaveRow>;
  readonly tick: Tick;
  readonly cursorA: number | null;
  readonly cursorB: number | null;
  readonly markers: readonly number[];
  readonly palette: WavePalette;
  /** a value as the row shows it */
  text(row: SignalRow, value: string): string;
}

export function drawScene(context: CanvasRenderingContext2D, scene: Scene): void {
  const { width, height, palette, view } = scene;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  const scale = width / (view.to - view.from);
  const x = (tick: number): number => (tick - view.from) * scale;
  drawGrid(context, scene, x);
  context.save();
  context.beginPath();
  context.rect(0, RULER_PX, width, height - RULER_PX);
  context.clip();
  const tops = topsOf(scene.rows);
  const first = Math.max(0, rowAt(tops, scene.scrollTop));
  for (let at = first; at < scene.rows.length; at += 1) {
    const row = scene.rows[at];
    const y = RULER_PX + (tops[at] ?? 0) - scene.scrollTop;
    if (row === undefined || y > height) break;
    if (scene.selected.has(row.id)) {
      context.fillStyle = palette.selected;
      context.fillRect(0, y, width, heightOf(row));
    }
    const changes = row.kind === 'signal' ? scene.changes.get(row.name) : undefined;
    if (row.kind !== 'signal' || changes === undefined) continue;
    const coloured =
      row.colour === undefined ? scene : { ...scene, palette: inColour(palette, palette.own[row.colour]) };
    if (changes.event === true) drawEvent(context, changes, y, coloured, x);
    else if (row.bit !== undefined) drawBit(context, changesOfBit(changes, row.bit), y, coloured, x);
    else if (row.width === 1) drawBit(context, changes, y, coloured, x);
    else if (row.analog === true) drawAnalog(context, changes, row, y, coloured, x);
    else drawBus(context, changes, y, coloured, x, row);
  }
  context.restore();
  scene.markers.forEach((tick, at) => drawCursor(context, scene, tick, String(at + 1), palette.muted, x));
  drawCursor(context, scene, scene.cursorB, 'B', palette.cursorB, x);
  drawCursor(context, scene, scene.cursorA, 'A', palette.cursorA, x);
}

const inColour = (palette: WavePalette, colour: string): WavePalette => ({ ...palette, line: colour, bus: colour });

const bits = new WeakMap<WaveRow, Map<number, WaveRow>>();
/** A bus as one of its bits; kept as long as the window that it was made from. */
export function changesOfBit(changes: WaveRow, bit: number): WaveRow {
  const known = bits.get(changes) ?? new Map<number, WaveRow>();
  bits.set(changes, known);
  const present = known.get(bit);
  if (present !== undefined) return present;
  const made: { name: string; ticks: number[]; values: (string | null)[] } = {
    name: changes.name,
    ticks: [],
    values: [],
  };
  for (const [at, tick] of changes.ticks.entries()) {
    const value = changes.values[at] ?? null;
    const own = value === null ? null : (value.at(-1 - bit) ?? 'x');
    if (at > 0 && made.values.at(-1) === own) continue;
    made.ticks.push(tick);
    made.values.push(own);
  }
  known.set(bit, made);
  return made;
}

/** A value as a number; null for one that is none. */
export function analogValue(value: string, signed: boolean): number | null {
  if (!/^[01]+$/.test(value)) {
    const real = /^[xzuw-]/i.test(value) && !/^-[\d.]/.test(value) ? Number.NaN : Number(value);
    return Number.isFinite(real) ? real : null;
  }
  const number = Number(BigInt(`0b${value}`));
  return signed && value.startsWith('1') ? number - 2 ** value.length : number;
}

/** A curve between the least and the greatest value of the window, with both written at its left. */
function drawAnalog(
  context: CanvasRenderingContext2D,
  changes: WaveRow,
  row: SignalRow,
  y: number,
  scene: Scene,
  x: (tick: number) => number,
): void {
  const { palette } = scene;
  const signed = row.radix === 'signed';
  const parts: { from: number; to: number; value: number | null; many: boolean }[] = [];
  let [least, greatest] = [Infinity, -Infinity];
  stretches(changes, scene, x, (from, to, text) => {
    const value = text === null ? null : analogValue(text, signed);
    if (value !== null) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    parts.push({ from, to, value, many: text === null });
  });
  const [top, bottom] = [y + TOP, y + heightOf(row) - TOP];
  const level = (value: number): number =>
    greatest === least ? (top + bottom) / 2 : bottom - ((value - least) / (greatest - least)) * (bottom - top);
  const line = new Path2D();
  let drawing = false;
  for (const { from, to, value, many } of parts) {
    if (value === null) {
      drawing = false;
      context.fillStyle = many ? palette.line : palette.unknownFill;
      context.globalAlpha = many ? 0.35 : 1;
      context.fillRect(from, top, Math.max(1, to - from), bottom - top);
      context.globalAlpha = 1;
      continue;
    }
    if (drawing) line.lineTo(from, level(value));
    else line.moveTo(from, level(value));
    line.lineTo(to, level(value));
    drawing = true;
  }
  context.strokeStyle = palette.bus;
  context.lineWidth = 1.25;
  context.stroke(line);
  context.lineWidth = 1;
  if (least === Infinity) return;
  context.font = palette.font;
  context.fillStyle = palette.muted;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(shortNumber(greatest), 4, top);
  context.textBaseline = 'bottom';
  context.fillText(shortNumber(least), 4, bottom);
}

const shortNumber = (value: number): string => (Math.abs(value) < 1e9 ? String(value) : value.toExponential(3));

function drawGrid(
  context: CanvasRenderingContext2D,
  { width, height, view, tick, palette }: Scene,
  x: (tick: number) => number,
): void {
  const step = rulerStep(((view.to - view.from) / width) * 110);
  context.font = palette.font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (let at = Math.ceil(view.from / step) * step; at <= view.to; at += step) {
    const place = Math.round(x(at)) + 0.5;
    context.strokeStyle = palette.grid;
    context.beginPath();
    context.moveTo(place, RULER_PX - 6);
    context.lineTo(place, height);
    context.stroke();
    context.fillStyle = palette.muted;
    if (at >= 0) context.fillText(formatTicks(at, tick), place + 4, RULER_PX / 2 - 1);
  }
  context.strokeStyle = palette.grid;
  context.beginPath();
  context.moveTo(0, RULER_PX - 0.5);
  context.lineTo(width, RULER_PX - 0.5);
  context.stroke();
}

/** Index of the last entry at or before `tick`, at least 0. */
function indexAt(ticks: readonly number[], tick: number): number {
  let low = 0;
  let high = ticks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ticks[middle] ?? Infinity) <= tick) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Calls `visit` for each stretch inside the view, in pixels. */
function stretches(
  { ticks, values }: WaveRow,
  { view, width }: Scene,
  x: (tick: number) => number,
  visit: (from: number, to: number, value: string | null) => void,
): void {
  for (let at = indexAt(ticks, view.from); at < ticks.length; at += 1) {
    const from = x(ticks[at] ?? 0);
    if (from > width) return;
    const next = ticks[at + 1];
    visit(Math.max(-2, from), next === undefined ? width + 2 : Math.min(width + 2, x(next)), values[at] ?? null);
  }
}

function drawBit(
  context: CanvasRenderingContext2D,
  changes: WaveRow,
  y: number,
  scene: Scene,
  x: (tick: number) => number,
): void {
  const { palette } = scene;
  const line = new Path2D();
  let before: number | null = null;
  stretches(changes, scene, x, (from, to, value) => {
    // h and l: weakly driven, as VHDL has them
    if (value === '0' || value === '1' || value === 'h' || value === 'l') {
      const level = y + (value === '1' || value === 'h' ? TOP : BOTTOM) + 0.5;
      if (before === null) line.moveTo(from, level);
      else line.lineTo(from, level);
      line.lineTo(to, level);
      before = level;
      return;
    }
    before = null;
    if (value === null) {
      context.fillStyle = palette.line;
      context.globalAlpha = 0.45;
      context.fillRect(from, y + TOP, Math.max(1, to - from), BOTTOM - TOP);
      context.globalAlpha = 1;
    } else if (value === 'z') {
      context.strokeStyle = palette.floating;
      context.beginPath();
      context.moveTo(from, y + ROW_PX / 2 + 0.5);
      context.lineTo(to, y + ROW_PX / 2 + 0.5);
      context.stroke();
    } else drawUnknown(context, palette, from, to, y);
  });
  context.strokeStyle = palette.line;
  context.lineWidth = 1.25;
  context.stroke(line);
  context.lineWidth = 1;
}

/** An arrow wherever the event happened. */
function drawEvent(
  context: CanvasRenderingContext2D,
  changes: WaveRow,
  y: number,
  scene: Scene,
  x: (tick: number) => number,
): void {
  const { palette } = scene;
  const line = new Path2D();
  stretches(changes, scene, x, (from, to, value) => {
    if (value === null) {
      context.fillStyle = palette.line;
      context.globalAlpha = 0.45;
      context.fillRect(from, y + TOP, Math.max(1, to - from), BOTTOM - TOP);
      context.globalAlpha = 1;
    } else if (value === '1') {
      const at = Math.round(from) + 0.5;
      line.moveTo(at, y + BOTTOM + 0.5);
      line.lineTo(at, y + TOP + 0.5);
      line.moveTo(at - 3, y + TOP + 4.5);
      line.lineTo(at, y + TOP + 0.5);
      line.lineTo(at + 3, y + TOP + 4.5);
    }
  });
  context.strokeStyle = palette.line;
  context.lineWidth = 1.25;
  context.stroke(line);
  context.lineWidth = 1;
}

function drawUnknown(
  context: CanvasRenderingContext2D,
  palette: WavePalette,
  from: number,
  to: number,
  y: number,
): void {
  context.fillStyle = palette.unknownFill;
  context.fillRect(from, y + TOP, Math.max(1, to - from), BOTTOM - TOP);
  context.strokeStyle = palette.unknown;
  context.strokeRect(Math.round(from) + 0.5, y + TOP + 0.5, Math.max(1, Math.round(to - from) - 1), BOTTOM - TOP - 1);
}

function drawBus(
  context: CanvasRenderingContext2D,
  changes: WaveRow,
  y: number,
  scene: Scene,
  x: (tick: number) => number,
  row: SignalRow,
): void {
  const { palette } = scene;
  const outline = new Path2D();
  const middle = y + ROW_PX / 2;
  const labels: { text: string; at: number; room: number }[] = [];
  context.font = palette.font;
  context.textBaseline = 'middle';
  stretches(changes, scene, x, (from, to, value) => {
    if (value === null) {
      context.fillStyle = palette.bus;
      context.globalAlpha = 0.4;
      context.fillRect(from, y + TOP, Math.max(1, to - from), BOTTOM - TOP);
      context.globalAlpha = 1;
      return;
    }
    const room = to - from;
    if (/^[xzuw-]+$/.test(value)) drawUnknown(context, palette, from, to, y);
    else {
      const slope = Math.min(SLOPE_PX, room / 2);
      outline.moveTo(from, middle);
      outline.lineTo(from + slope, y + TOP + 0.5);
      outline.lineTo(to - slope, y + TOP + 0.5);
      outline.lineTo(to, middle);
      outline.lineTo(to - slope, y + BOTTOM + 0.5);
      outline.lineTo(from + slope, y + BOTTOM + 0.5);
      outline.closePath();
    }
    // The label stays in sight while its stretch reaches beyond the left edge.
    const start = Math.max(0, from);
    const free = Math.min(scene.width, to) - start - 10;
    if (free > CHAR_PX * 1.5) labels.push({ text: scene.text(row, value), at: start + 6, room: free });
  });
  context.fillStyle = palette.busFill;
  context.fill(outline);
  context.strokeStyle = palette.bus;
  context.stroke(outline);
  context.fillStyle = palette.text;
  for (const { text, at, room } of labels) {
    const characters = Math.floor(room / CHAR_PX);
    if (text.length <= characters) context.fillText(text, at, middle + 0.5);
    else if (characters > 2) context.fillText(`${text.slice(0, characters - 1)}…`, at, middle + 0.5);
  }
}

function drawCursor(
  context: CanvasRenderingContext2D,
  { width, height, palette }: Scene,
  tick: number | null,
  name: string,
  colour: string,
  x: (tick: number) => number,
): void {
  if (tick === null) return;
  const place = Math.round(x(tick)) + 0.5;
  if (place < 0 || place > width) return;
  context.strokeStyle = colour;
  context.beginPath();
  context.moveTo(place, 0);
  context.lineTo(place, height);
  context.stroke();
  context.fillStyle = colour;
  context.fillRect(place - 7, 0, 14, 13);
  context.fillStyle = palette.background;
  context.font = palette.font;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(name, place, 7);
  context.textAlign = 'left';
}
