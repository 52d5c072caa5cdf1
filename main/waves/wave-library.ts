// Opened waveforms for the viewer: indexed once, signals kept as tracks while they fit, closed when they are not looked at any more.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcResponse, WaveFileInfo, WaveRow } from '@genrtl/contracts';
import { openWaves, timeToTicks } from '@genrtl/eda/waves/index.ts';
import type { WaveFile } from '@genrtl/eda/waves/index.ts';
import { SignalTrack } from './signal-track.ts';

const OPEN_FILES = 4;
const TRACK_BYTES = 512 * 1024 * 1024;

interface OpenWave {
  readonly file: WaveFile;
  /** size and time of the file when it was opened: another run writes another waveform */
  readonly stamp: string;
  readonly tracks: Map<number, SignalTrack>;
}

export class WaveLibrary {
  readonly #open = new Map<string, Promise<OpenWave>>();

  /** `absolute` must have been checked to lie in an open workspace. Throws USAGE for a file that is no waveform. */
  async open(absolute: string): Promise<IpcResponse<'waves.open'>> {
    const { file } = await this.#get(absolute);
    return {
      signals: file.signals.map(({ name, width, type }) => ({ name, width, type })), tick: file.timescale,
      start: timeToTicks(file.start, file.timescale), end: timeToTicks(file.end, file.timescale),
    };
  }

  async window(absolute: string, signals: readonly string[], from: number, to: number, pixels: number): Promise<WaveRow[]> {
    const wave = await this.#get(absolute);
    const tracks = await this.#tracks(wave, signals);
    return signals.flatMap((name, at) => {
      const track = tracks[at];
      return track === undefined ? [] : [track.reduce(name, from, Math.max(to, from), pixels)];
    });
  }

  async edge(absolute: string, signal: string, from: number, direction: 'next' | 'previous'): Promise<number | null> {
    const [track] = await this.#tracks(await this.#get(absolute), [signal]);
    if (track === undefined) return null;
    const at = track.indexAt(from);
    return direction === 'next' ? track.tickOf(at + 1) : track.tickOf(track.tickOf(at) === from ? at - 1 : at);
  }

  async close(): Promise<void> {
    const waves = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    await Promise.all(waves.flatMap((wave) => (wave.status === 'fulfilled' ? [wave.value.file.close()] : [])));
  }

  async #get(absolute: string): Promise<OpenWave> {
    const info = await stat(absolute).catch((cause: unknown) => {
      throw new GenrtlError('NOT_FOUND', 'The waveform is not there any more.', { hint: 'Run the simulation again.', cause });
    });
    const stamp = `${info.size} ${info.mtimeMs}`;
    const known = this.#open.get(absolute);
    if (known !== undefined) {
      const wave = await known.catch(() => null);
      if (wave?.stamp === stamp) {
        // most recently used goes last
        this.#open.delete(absolute);
        this.#open.set(absolute, known);
        return wave;
      }
      this.#open.delete(absolute);
      await wave?.file.close();
    }
    const opening = openWaves(absolute).then((file): OpenWave => ({ file, stamp, tracks: new Map() }));
    this.#open.set(absolute, opening);
    opening.catch(() => this.#open.delete(absolute));
    await this.#closeOldest();
    return opening;
  }

  async #closeOldest(): Promise<void> {
    for (const [name, wave] of this.#open) {
      if (this.#open.size <= OPEN_FILES) return;
      this.#open.delete(name);
      await wave.then(({ file }) => file.close(), () => undefined);
    }
  }

  /** Tracks in the order of `signals`; unknown names have none. One pass over the file reads all that are missing. */
  async #tracks({ file, tracks }: OpenWave, signals: readonly string[]): Promise<(SignalTrack | undefined)[]> {
    const found = signals.map((name) => file.find(name)[0]);
    const missing = new Map<number, SignalTrack>();
    for (const signal of found) if (signal !== undefined && !tracks.has(signal.variable)) missing.set(signal.variable, new SignalTrack(signal.width));
    if (missing.size > 0) {
      await file.scan(new Set(missing.keys()), (variable, ticks, bytes, start, end) => missing.get(variable)?.append(ticks, bytes, start, end));
      let bytes = [...tracks.values(), ...missing.values()].reduce((sum, track) => sum + track.sizeBytes, 0);
      for (const [variable, track] of tracks) {
        if (bytes <= TRACK_BYTES) break;
        tracks.delete(variable);
        bytes -= track.sizeBytes;
      }
      for (const [variable, track] of missing) tracks.set(variable, track);
    }
    return found.map((signal) => (signal === undefined ? undefined : (tracks.get(signal.variable) ?? missing.get(signal.variable))));
  }
}

/** Waveforms of the newest runs first: those that jobs and single runs left, then those among the sources. */
export async function findWaves(workspace: string): Promise<WaveFileInfo[]> {
  const found: WaveFileInfo[] = [];
  for (const folder of ['.genRTL/build/last_run', '.genRTL/runs', 'sim', 'tb', '.']) {
    const absolute = path.join(workspace, folder);
    const entries = await readdir(absolute, { recursive: folder.startsWith('.genRTL'), withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || !/\.(vcd|fst)$/i.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const info = await stat(file).catch(() => null);
      if (info !== null) found.push({ path: path.relative(workspace, file).replaceAll(path.sep, '/'), size_bytes: info.size, modified: info.mtime.toISOString() });
    }
  }
  return [...new Map(found.map((wave) => [wave.path, wave])).values()].sort((a, b) => b.modified.localeCompare(a.modified)).slice(0, 200);
}
