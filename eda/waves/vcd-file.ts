// A VCD file behind an index: one pass notes, every few megabytes, where each variable changed last; queries start
// there.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { TimeValue, WaveSlice } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts';
import { ticksToTime, timeToTicks } from './time.ts';
import type { ChangeVisit, WaveFile, WaveQuery, WaveSignal } from './types.ts';
import { parseVcdHeader } from './vcd-header.ts';
import type { VcdHeader } from './vcd-header.ts';
import { CodeTable, scanChanges, valueText } from './vcd-scan.ts';
import type { ChangeVisitor } from './vcd-scan.ts';

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

/** Opens and indexes a VCD file. Throws USAGE when it is none. */
export async function openVcd(path: string): Promise<WaveFile> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw new GenrtlError('USAGE', `The waveform ${path} cannot be read.`, { hint: 'Check its path.', cause });
  }
  try {
    const { header, bodyOffset } = await readHeader(handle, path);
    const index = await buildIndex(handle, header, bodyOffset);
    return new VcdFile(handle, header, index);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readHeader(handle: FileHandle, path: string): Promise<{ header: VcdHeader; bodyOffset: number }> {
  const parts: string[] = [];
  let offset = 0;
  let text = '';
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, offset);
    const before = text.length;
    parts.push(chunk.toString('latin1', 0, bytesRead));
    offset += bytesRead;
    text = parts.join('');
    const mark = text.indexOf('$enddefinitions', Math.max(0, before - 15));
    const close = mark === -1 ? -1 : text.indexOf('$end', mark + 15);
    if (close !== -1) return { header: parseVcdHeader(text.slice(0, mark)), bodyOffset: close + 4 };
    if (bytesRead === 0 || offset > MAX_HEADER_BYTES || (before === 0 && !/^\s*\$/.test(text))) {
      throw new GenrtlError('USAGE', `${path} is no VCD file.`, {
        hint: 'Give a VCD or FST file as a simulator wrote it.',
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
}

async function buildIndex(handle: FileHandle, header: VcdHeader, bodyOffset: number): Promise<VcdIndex> {
  const codes = new CodeTable(header.codes);
  const last = new Float64Array(header.widths.length).fill(-1);
  let checkpoints: Checkpoint[] = [];
  let spacing = FIRST_SPACING_BYTES;
  let nextAt = bodyOffset;
  let startTicks = -1;
  let endTicks = 0;
  await walk(handle, bodyOffset, codes, {
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
      last[variable] = offset;
    },
  });
  return { checkpoints, startTicks: Math.max(0, startTicks), endTicks, codes, bodyOffset };
}

/** Reads from `offset` on and feeds the scanner until the file or the visitor ends. */
async function walk(handle: FileHandle, offset: number, codes: CodeTable, visitor: ChangeVisitor): Promise<void> {
  let buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let held = 0;
  for (;;) {
    // a single value that is longer than the buffer (a very wide vector) makes it grow
    if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    const { bytesRead } = await handle.read(buffer, held, buffer.length - held, offset + held);
    const length = held + bytesRead;
    const last = bytesRead === 0;
    const used = scanChanges(buffer.subarray(0, length), offset, last, codes, visitor);
    if (used === -1 || last) return;
    buffer.copyWithin(0, used, length);
    held = length - used;
    offset += used;
  }
}

class VcdFile implements WaveFile {
  readonly signals: readonly WaveSignal[];
  readonly timescale: WaveFile['timescale'];
  readonly start: TimeValue;
  readonly end: TimeValue;
  readonly #handle: FileHandle;
  readonly #header: VcdHeader;
  readonly #index: VcdIndex;
  readonly #byName: ReadonlyMap<string, WaveSignal>;

  constructor(handle: FileHandle, header: VcdHeader, index: VcdIndex) {
    this.#handle = handle;
    this.#header = header;
    this.#index = index;
    this.signals = header.signals;
    this.timescale = header.timescale;
    this.start = ticksToTime(index.startTicks, header.timescale);
    this.end = ticksToTime(index.endTicks, header.timescale);
    this.#byName = new Map(header.signals.map((signal) => [signal.name, signal]));
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
    await walk(this.#handle, this.#index.bodyOffset, this.#index.codes, {
      time(ticks) {
        now = ticks;
        return true;
      },
      change: (variable, bytes, start, end) => {
        if (variables.has(variable)) visit(variable, now, bytes, start, end);
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
  ): Promise<Map<number, [number, string][]>> {
    const result = new Map<number, [number, string][]>(variables.map((variable) => [variable, []]));
    const checkpoint = this.#index.checkpoints.findLast((one) => one.ticks <= from);
    if (checkpoint !== undefined) {
      for (const [variable, list] of result) {
        const offset = checkpoint.lastChange[variable] ?? -1;
        if (offset >= 0) list.push([from, await this.#valueStartingAt(offset, variable)]);
      }
    }
    let now = checkpoint?.ticks ?? 0;
    await walk(this.#handle, checkpoint?.offset ?? this.#index.bodyOffset, this.#index.codes, {
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
    const vector = /^[bBrRsS]/.test(bytes.toString('latin1', 0, 1));
    while (vector && end < bytesRead && (bytes[end] ?? 0) > 32) end++;
    return valueText(bytes, 0, end, width);
  }
}

const depth = (signal: WaveSignal): number => signal.name.split('.').length;
