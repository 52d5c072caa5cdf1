// A VCD file behind an index: one pass notes, every few megabytes, where each variable changed last; queries start
// there.
import type { FileHandle } from 'node:fs/promises';
import type { TimeValue, WaveSlice } from '@genrtl/contracts';
import type { WaveNote } from '@genrtl/contracts/waves.ts';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { ticksToTime, timeToTicks } from './time.ts';
import type { ChangeVisit, WaveFile, WaveQuery, WaveSignal } from './types.ts';
import { VcdHeaderReader } from './vcd-header.ts';
import type { VcdHeader } from './vcd-header.ts';
import { CodeTable, scanChanges, valueText } from './vcd-scan.ts';
import type { ChangeVisitor } from './vcd-scan.ts';
import { composeChanges, PartsScan } from './vector-parts.ts';
import type { Change } from './vector-parts.ts';
import { openRegular } from '@genrtl/disk/regular-file.ts';

const CHUNK_BYTES = 1024 * 1024;
const MAX_HEADER_BYTES = 512 * 1024 * 1024;
/** Checkpoints are thinned out when they grow beyond this, so that the index of any file stays small. */
const MAX_CHECKPOINTS = 64;
const FIRST_SPACING_BYTES = 2 * 1024 * 1024;
const DEFAULT_MAX_CHANGES = 100_000;

interface Checkpoint {
  /** the next time stamp's place and value */
  readonly offset: number;
  readonly ticks: number;
  /** per variable: where its last change before stands, or -1 */
  readonly lastChange: Float64Array;
}

/** Opens and indexes a VCD file. Throws USAGE when it is none. `known`: what was noted while the file was made. */
export async function openVcd(
  path: string,
  known: readonly WaveNote[] = [],
  enumNames: WaveFile['enumNames'] = new Map(),
): Promise<WaveFile> {
  let handle: FileHandle;
  try {
    handle = await openRegular(path);
  } catch (cause) {
    if (cause instanceof GenrtlError) throw cause;
    throw new GenrtlError('USAGE', `The waveform ${path} cannot be read.`, { hint: 'Check its path.', cause });
  }
  try {
    const { header, bodyOffset } = await readHeader(handle, path);
    const index = await buildIndex(handle, header, bodyOffset);
    return new VcdFile(handle, header, { ...index, notes: [...known, ...index.notes] }, enumNames);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<{ header: VcdHeader; bodyOffset: number }> {
  const reader = new VcdHeaderReader();
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let offset = 0; ; ) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset);
    const text = chunk.toString('latin1', 0, bytesRead);
    const foreign = offset === 0 && !/^(?:\xef\xbb\xbf)?\s*\$/.test(text);
    offset += bytesRead;
    // a declaration that ends with the file
    const bodyOffset = foreign ? null : reader.push(bytesRead === 0 ? '\n' : text);
    if (bodyOffset !== null) return { header: reader.header(), bodyOffset: Math.min(bodyOffset, offset) };
    if (bytesRead === 0 || foreign || offset > MAX_HEADER_BYTES) {
      throw new GenrtlError('USAGE', `${path} is no VCD file.`, {
        hint: 'Give a VCD, FST or GHW file as a simulator wrote it.',
      });
    }
  }
}

interface VcdIndex {
  readonly checkpoints: readonly Checkpoint[];
  readonly startTicks: number;
  readonly endTicks: number;
  readonly codes: CodeTable;
  readonly bodyOffset: number;
  /** ticks in one unit of the file's time stamps: a power of ten where some have fractions */
  readonly perTick: number;
  readonly notes: readonly WaveNote[];
}

/** A time stamp with more digits behind its point is rounded. */
const MAX_FRACTION_DIGITS = 6;

async function buildIndex(handle: FileHandle, header: VcdHeader, bodyOffset: number): Promise<VcdIndex> {
  const codes = new CodeTable(header.codes);
  const first = await indexBody(handle, header, bodyOffset, codes, 1);
  // fractions are seen while reading: rare enough to read once more
  return first.fractionDigits === 0
    ? first.index
    : (await indexBody(handle, header, bodyOffset, codes, 10 ** first.fractionDigits)).index;
}

async function indexBody(
  handle: FileHandle,
  header: VcdHeader,
  bodyOffset: number,
  codes: CodeTable,
  perTick: number,
): Promise<{ index: VcdIndex; fractionDigits: number }> {
  const last = new Float64Array(header.widths.length).fill(-1);
  let checkpoints: Checkpoint[] = [];
  let spacing = FIRST_SPACING_BYTES;
  let nextAt = bodyOffset;
  let startTicks = -1;
  let endTicks = 0;
  let fractionDigits = 0;
  let strays = 0;
  const body = { handle, codes, perTick };
  const backwards = await walk(body, bodyOffset, 0, {
    time(ticks, offset) {
      if (startTicks === -1) startTicks = ticks;
      endTicks = ticks;
      if (offset >= nextAt) {
        checkpoints.push({ offset, ticks, lastChange: last.slice() });
        if (checkpoints.length > MAX_CHECKPOINTS) {
          checkpoints = checkpoints.filter((_, index) => index % 2 === 0);
          spacing *= 2;
        }
        nextAt = offset + spacing;
      }
      return true;
    },
    change(variable, _bytes, _start, _end, offset) {
      // initial values without a time stamp hold from the beginning
      if (startTicks === -1) startTicks = 0;
      last[variable] = offset;
    },
    fraction(digits) {
      fractionDigits = Math.min(MAX_FRACTION_DIGITS, Math.max(fractionDigits, digits));
    },
    stray() {
      strays += 1;
    },
  });
  const notes = [...header.notes];
  if (backwards !== null)
    notes.push({
      code: 'time_goes_back',
      detail: timeText(backwards, scaleOf(header, perTick)),
    });
  if (strays > 0) notes.push({ code: 'not_understood', detail: String(strays) });
  return {
    index: { checkpoints, startTicks: Math.max(0, startTicks), endTicks, codes, bodyOffset, perTick, notes },
    fractionDigits,
  };
}

const scaleOf = ({ timescale }: VcdHeader, perTick: number): WaveFile['timescale'] =>
  perTick === 1 ? timescale : { ...timescale, factor: timescale.factor / perTick };
const timeText = (ticks: number, scale: WaveFile['timescale']): string => {
  const { value, unit } = ticksToTime(ticks, scale);
  return `${value} ${unit}`;
};

interface Body {
  readonly handle: FileHandle;
  readonly codes: CodeTable;
  readonly perTick: number;
}

/**
 * Reads from `offset` on and feeds the scanner until the file or the visitor ends. Time never goes back for the
 * visitor: stamps below the largest one before count as that one, and a last one that was cut in writing not at all.
 * Returns the first time behind which the file went back, else null.
 */
async function walk(
  { handle, codes, perTick }: Body,
  offset: number,
  fromTicks: number,
  visitor: ChangeVisitor,
): Promise<number | null> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let held = 0;
  let at = offset;
  let latest = fromTicks;
  let backwards: number | null = null;
  const monotone: ChangeVisitor = {
    ...visitor,
    time(ticks, place, whole) {
      if (ticks < latest) {
        if (!whole) return true;
        backwards ??= latest;
        return visitor.time(latest, place, whole);
      }
      latest = ticks;
      return visitor.time(ticks, place, whole);
    },
  };
  for (;;) {
    // a single value that is longer than the buffer (a very wide vector) makes it grow
    if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    const { bytesRead } = await handle.read(buffer, held, buffer.length - held, at + held);
    const length = held + bytesRead;
    const last = bytesRead === 0;
    const used = scanChanges(buffer.subarray(0, length), at, last, codes, monotone, perTick);
    if (used === -1 || last) return backwards;
    buffer.copyWithin(0, used, length);
    held = length - used;
    at += used;
  }
}

class VcdFile implements WaveFile {
  readonly signals: readonly WaveSignal[];
  readonly timescale: WaveFile['timescale'];
  readonly start: TimeValue;
  readonly end: TimeValue;
  readonly notes: readonly WaveNote[];
  readonly enumNames: WaveFile['enumNames'];
  readonly #handle: FileHandle;
  readonly #header: VcdHeader;
  readonly #index: VcdIndex;
  readonly #body: Body;
  readonly #byName: ReadonlyMap<string, WaveSignal>;

  constructor(handle: FileHandle, header: VcdHeader, index: VcdIndex, enumNames: WaveFile['enumNames']) {
    this.enumNames = enumNames;
    this.#handle = handle;
    this.#header = header;
    this.#index = index;
    this.signals = header.signals;
    this.timescale = scaleOf(header, index.perTick);
    this.start = ticksToTime(index.startTicks, this.timescale);
    this.end = ticksToTime(index.endTicks, this.timescale);
    this.notes = index.notes;
    this.#byName = new Map(header.signals.map((signal) => [signal.name, signal]));
    this.#body = { handle, codes: index.codes, perTick: index.perTick };
  }

  find(name: string): readonly WaveSignal[] {
    const exact = this.#byName.get(name);
    if (exact !== undefined) return [exact];
    const ending = `.${name}`;
    return this.signals.filter((signal) => signal.name.endsWith(ending)).sort((a, b) => depth(a) - depth(b));
  }

  async query(query: WaveQuery): Promise<WaveSlice> {
    const from = query.from === undefined ? this.#index.startTicks : timeToTicks(query.from, this.timescale);
    const to = query.to === undefined ? this.#index.endTicks : timeToTicks(query.to, this.timescale);
    const wanted = query.signals.map((name) => this.find(name)[0]).filter((signal) => signal !== undefined);
    const changes = await this.#changes(
      wanted.map((signal) => signal.variable),
      from,
      to,
      query.maxChanges ?? DEFAULT_MAX_CHANGES,
    );
    return {
      signals: wanted.map((signal) => ({
        name: signal.name,
        width: signal.width,
        changes: (changes.get(signal.variable) ?? []).map(([ticks, value]) => [
          ticksToTime(ticks, this.timescale),
          value,
        ]),
      })),
      window: { from: ticksToTime(from, this.timescale), to: ticksToTime(to, this.timescale) },
    };
  }

  async scan(variables: ReadonlySet<number>, visit: ChangeVisit): Promise<void> {
    let now = this.#index.startTicks;
    const parts = new PartsScan(variables, this.#header, visit);
    await walk(this.#body, this.#index.bodyOffset, 0, {
      time(ticks) {
        now = ticks;
        return true;
      },
      change: (variable, bytes, start, end) => {
        if (variables.has(variable)) visit(variable, now, bytes, start, end);
        parts.change(variable, now, bytes, start, end);
      },
    });
  }

  async valueAt(signal: string, time: TimeValue): Promise<string | null> {
    const found = this.find(signal)[0];
    if (found === undefined) return null;
    const ticks = timeToTicks(time, this.timescale);
    return (await this.#changes([found.variable], ticks, ticks, 1)).get(found.variable)?.[0]?.[1] ?? null;
  }

  async risingEdges(
    clock: string,
    window: { from?: TimeValue | undefined; to?: TimeValue | undefined } = {},
  ): Promise<TimeValue[]> {
    const slice = await this.query({ signals: [clock], ...window });
    const changes = slice.signals[0]?.changes ?? [];
    if (this.#header.events.has(this.find(clock)[0]?.variable ?? NaN)) return changes.map(([time]) => time);
    return changes
      .filter(([, value], index) => index > 0 && value === '1' && changes[index - 1]?.[1] !== '1')
      .map(([time]) => time);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** Per variable the value at `from` and the changes up to `to`; of several at one time the last. */
  async #changes(
    variables: readonly number[],
    from: number,
    to: number,
    maxChanges: number,
  ): Promise<Map<number, Change[]>> {
    const { vectors, widths, events } = this.#header;
    const stored = variables.flatMap((variable) => vectors.get(variable) ?? [variable]);
    const result = await this.#storedChanges(stored, from, to, maxChanges, events);
    for (const variable of variables) {
      const parts = vectors.get(variable);
      if (parts !== undefined) result.set(variable, composeChanges(parts, result, widths, maxChanges));
    }
    return result;
  }

  async #storedChanges(
    variables: readonly number[],
    from: number,
    to: number,
    maxChanges: number,
    events: ReadonlySet<number>,
  ): Promise<Map<number, Change[]>> {
    const result = new Map<number, Change[]>(variables.map((variable) => [variable, []]));
    const checkpoint = this.#index.checkpoints.findLast((one) => one.ticks <= from);
    if (checkpoint !== undefined) {
      for (const [variable, list] of result) {
        const offset = checkpoint.lastChange[variable] ?? -1;
        // an event that happened before is not there any more
        if (offset >= 0 && !events.has(variable)) list.push([from, await this.#valueStartingAt(offset, variable)]);
      }
    }
    let now = checkpoint?.ticks ?? 0;
    await walk(this.#body, checkpoint?.offset ?? this.#index.bodyOffset, now, {
      time(ticks) {
        now = ticks;
        return ticks <= to;
      },
      change: (variable, bytes, start, end) => {
        const list = result.get(variable);
        if (list === undefined) return;
        const value = valueText(bytes, start, end, this.#header.widths[variable] ?? 1);
        const time = Math.max(now, from);
        const before = list.at(-1);
        if (events.has(variable)) {
          if (now >= from && before?.[0] !== now && list.length < maxChanges) list.push([now, value]);
          return;
        }
        if (before?.[1] === value) return;
        if (before?.[0] === time) {
          // a glitch within one time step leaves no change when it ends where it began
          if (list.at(-2)?.[1] === value) list.pop();
          else before[1] = value;
        } else if (list.length < maxChanges) list.push([time, value]);
      },
    });
    return result;
  }

  async #valueStartingAt(offset: number, variable: number): Promise<string> {
    const width = this.#header.widths[variable] ?? 1;
    const bytes = Buffer.alloc(Math.max(64, width + 2));
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, offset);
    let end = 1;
    const vector = /^[bBrRsSp]/.test(bytes.toString('latin1', 0, 1));
    while (vector && end < bytesRead && (bytes[end] ?? 0) > 32) end++;
    return valueText(bytes, 0, end, width);
  }
}

const depth = (signal: WaveSignal): number => signal.name.split('.').length;
