// Opened waveforms for the viewer: indexed once, signals kept as tracks while they fit, closed when they are not looked
// at any more.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { WaveComparison, WaveCondition, WaveFileInfo, WaveRow } from '@genrtl/contracts/waves.ts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { openWaves, timeToTicks } from '@genrtl/eda/waves/index.ts';
import type { WaveFile } from '@genrtl/eda/waves/index.ts';
import { SignalTrack } from './signal-track.ts';
import { meets } from './value-match.ts';

const OPEN_FILES = 4;
/** Signals whose changes are held together while two runs are compared. */
const COMPARED_AT_ONCE = 500;
const MAX_DIFFERENCES = 100;
const TRACK_BYTES = 512 * 1024 * 1024;

interface OpenWave {
  readonly file: WaveFile;
  /** size and time of the file when it was opened: another run writes another waveform */
  readonly stamp: string;
  readonly tracks: Map<number, SignalTrack>;
  /** calls that read it at present */
  readers: number;
  /** `retired`: no new readers, closed with the last one; `cancelled`: closed under them */
  end: 'none' | 'retired' | 'cancelled';
}

const isRetired = (wave: OpenWave): boolean => wave.end === 'retired';
const cancelled = (cause?: unknown): GenrtlError => new GenrtlError('CANCELLED', 'Cancelled.', { cause });

async function retire(wave: OpenWave): Promise<void> {
  if (wave.end !== 'none') return;
  wave.end = 'retired';
  if (wave.readers === 0) await wave.file.close();
}

export class WaveLibrary {
  readonly #open = new Map<string, Promise<OpenWave>>();
  #closed = false;

  /** `absolute` must have been checked to lie in an open workspace. Throws USAGE for a file that is no waveform. */
  async open(absolute: string): Promise<IpcResponse<'waves.open'>> {
    return this.#read(absolute, ({ file }) =>
      Promise.resolve({
        signals: file.signals.map(({ name, width, type }) => ({ name, width, type })),
        state_names: Object.fromEntries([...file.enumNames].map(([name, states]) => [name, [...states]])),
        tick: file.timescale,
        start: timeToTicks(file.start, file.timescale),
        end: timeToTicks(file.end, file.timescale),
        notes: [...file.notes],
      }),
    );
  }

  async window(
    absolute: string,
    signals: readonly string[],
    from: number,
    to: number,
    pixels: number,
  ): Promise<WaveRow[]> {
    const tracks = await this.#read(absolute, (wave) => this.#tracks(wave, signals));
    return signals.flatMap((name, at) => {
      const track = tracks[at];
      return track === undefined ? [] : [track.reduce(name, from, Math.max(to, from), pixels)];
    });
  }

  async edge(absolute: string, signal: string, from: number, direction: 'next' | 'previous'): Promise<number | null> {
    const [track] = await this.#read(absolute, (wave) => this.#tracks(wave, [signal]));
    if (track === undefined) return null;
    const at = track.indexAt(from);
    return direction === 'next' ? track.tickOf(at + 1) : track.tickOf(track.tickOf(at) === from ? at - 1 : at);
  }

  async find(
    absolute: string,
    signal: string,
    from: number,
    direction: 'next' | 'previous',
    condition: WaveCondition,
  ): Promise<number | null> {
    const [track] = await this.#read(absolute, (wave) => this.#tracks(wave, [signal]));
    return track?.find(meets(condition), from, direction) ?? null;
  }

  /**
   * Two runs, signal by signal, up to the end of the shorter one; the earliest difference first. `scopes`: only signals
   * in or below these. Throws USAGE where a tick is not the same time in both.
   */
  async compare(absolute: string, other: string, scopes: readonly string[]): Promise<WaveComparison> {
    return this.#read(absolute, (mine) => this.#read(other, (theirs) => this.#compare(mine, theirs, scopes)));
  }

  async #compare(mine: OpenWave, theirs: OpenWave, scopes: readonly string[]): Promise<WaveComparison> {
    const [a, b] = [mine.file.timescale, theirs.file.timescale];
    if (a.factor !== b.factor || a.unit !== b.unit)
      throw new GenrtlError(
        'USAGE',
        `One waveform counts in ${a.factor} ${a.unit}, the other in ${b.factor} ${b.unit}.`,
      );
    const wanted = (name: string): boolean =>
      scopes.length === 0 || scopes.some((scope) => name === scope || name.startsWith(`${scope}.`));
    const widths = new Map(theirs.file.signals.map(({ name, width }) => [name, width]));
    const own = mine.file.signals.filter(({ name, type }) => wanted(name) && type !== 'parameter');
    const both = own.filter(({ name, width }) => widths.get(name) === width).map(({ name }) => name);
    const names = new Set(own.map(({ name }) => name));
    const end = Math.min(timeToTicks(mine.file.end, a), timeToTicks(theirs.file.end, b));
    const differences: WaveComparison['differences'] = [];
    for (let at = 0; at < both.length; at += COMPARED_AT_ONCE) {
      const batch = both.slice(at, at + COMPARED_AT_ONCE);
      const here = await this.#tracks(mine, batch);
      const there = await this.#tracks(theirs, batch);
      for (const [index, name] of batch.entries()) {
        const [one, two] = [here[index], there[index]];
        const found = one === undefined || two === undefined ? null : one.firstDifference(two, end);
        if (found !== null) differences.push({ name, ...found });
      }
    }
    differences.sort((one, two) => one.tick - two.tick || one.name.localeCompare(two.name));
    return {
      end,
      compared: both.length,
      differing: differences.length,
      differences: differences.slice(0, MAX_DIFFERENCES),
      only_here: own.length - both.length,
      only_there: [...widths.keys()].filter((name) => wanted(name) && !names.has(name)).length,
    };
  }

  /** For good; calls that still read end as CANCELLED. */
  async close(): Promise<void> {
    this.#closed = true;
    const waves = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(
      waves.map(async (wave) => {
        if (wave.status === 'rejected') return;
        wave.value.end = 'cancelled';
        await wave.value.file.close();
      }),
    );
  }

  /** A file that another run writes anew, or that is not looked at any more, stays open for those that read it. */
  async #read<T>(absolute: string, work: (wave: OpenWave) => Promise<T>): Promise<T> {
    let wave = await this.#get(absolute);
    while (isRetired(wave)) wave = await this.#get(absolute);
    wave.readers += 1;
    try {
      return await work(wave);
    } catch (error) {
      throw wave.end === 'cancelled' ? cancelled(error) : error;
    } finally {
      wave.readers -= 1;
      if (wave.readers === 0 && isRetired(wave)) await wave.file.close();
    }
  }

  async #get(absolute: string): Promise<OpenWave> {
    const info = await stat(absolute).catch((cause: unknown) => {
      throw new GenrtlError('NOT_FOUND', 'The waveform is not there any more.', {
        hint: 'Run the simulation again.',
        cause,
      });
    });
    if (this.#closed) throw cancelled();
    const stamp = `${info.size} ${info.mtimeMs}`;
    const known = this.#open.get(absolute);
    if (known !== undefined) {
      const wave = await known.catch(() => null);
      if (wave?.stamp === stamp && wave.end === 'none') {
        // most recently used goes last
        this.#open.delete(absolute);
        this.#open.set(absolute, known);
        return wave;
      }
      if (wave !== null) await retire(wave);
      // another call may have opened the new file meanwhile
      if (this.#open.get(absolute) !== known) return this.#get(absolute);
      this.#open.delete(absolute);
      if (this.#closed) throw cancelled();
    }
    const opening = openWaves(absolute).then(
      (file): OpenWave => ({ file, stamp, tracks: new Map(), readers: 0, end: 'none' }),
    );
    this.#open.set(absolute, opening);
    opening.catch(() => {
      if (this.#open.get(absolute) === opening) this.#open.delete(absolute);
    });
    await this.#closeOldest();
    return opening;
  }

  async #closeOldest(): Promise<void> {
    for (const [name, wave] of this.#open) {
      if (this.#open.size <= OPEN_FILES) return;
      this.#open.delete(name);
      await wave.then(retire, () => undefined);
    }
  }

  /** Tracks in the order of `signals`; unknown names have none. One pass over the file reads all that are missing. */
  async #tracks({ file, tracks }: OpenWave, signals: readonly string[]): Promise<(SignalTrack | undefined)[]> {
    const found = signals.map((name) => file.find(name)[0]);
    const missing = new Map<number, SignalTrack>();
    for (const signal of found)
      if (signal !== undefined && !tracks.has(signal.variable))
        missing.set(signal.variable, new SignalTrack(signal.width, signal.type === 'event'));
    if (missing.size > 0) {
      await file.scan(new Set(missing.keys()), (variable, ticks, bytes, start, end) =>
        missing.get(variable)?.append(ticks, bytes, start, end),
      );
      let bytes = [...tracks.values(), ...missing.values()].reduce((sum, track) => sum + track.sizeBytes, 0);
      for (const [variable, track] of tracks) {
        if (bytes <= TRACK_BYTES) break;
        tracks.delete(variable);
        bytes -= track.sizeBytes;
      }
      for (const [variable, track] of missing) tracks.set(variable, track);
    }
    return found.map((signal) =>
      signal === undefined ? undefined : (tracks.get(signal.variable) ?? missing.get(signal.variable)),
    );
  }
}

/** Waveforms of the newest runs first: those that jobs and single runs left, then those among the sources. */
export async function findWaves(workspace: string): Promise<WaveFileInfo[]> {
  const found: WaveFileInfo[] = [];
  for (const folder of ['.genRTL/build/last_run', '.genRTL/runs', 'sim', 'tb', '.']) {
    const absolute = path.join(workspace, folder);
    const entries = await readdir(absolute, { recursive: folder.startsWith('.genRTL'), withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (!entry.isFile() || !/\.(vcd|fst|ghw)$/i.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const info = await stat(file).catch(() => null);
      if (info !== null)
        found.push({
          path: path.relative(workspace, file).replaceAll(path.sep, '/'),
          size_bytes: info.size,
          modified: info.mtime.toISOString(),
        });
    }
  }
  return [...new Map(found.map((wave) => [wave.path, wave])).values()]
    .sort((a, b) => b.modified.localeCompare(a.modified))
    .slice(0, 200);
}
