// Waveforms as the rest of main sees them: the library's calls, run in a worker thread.
import { WorkerClient } from '../workers/worker-client.ts';
import type { WaveLibrary } from './wave-library.ts';

/** A waveform that is looked at again after this long is read again. */
const IDLE_MS = 10 * 60_000;

type WaveCalls = Pick<WaveLibrary, 'open' | 'window' | 'edge' | 'find' | 'compare' | 'close'>;

export class Waves implements WaveCalls {
  readonly #worker = new WorkerClient<{ [Name in keyof WaveCalls]: WaveCalls[Name] }>(
    new URL('./wave-worker.ts', import.meta.url),
    { idle: { afterMs: IDLE_MS, lastCall: 'close' } },
  );

  readonly open: WaveCalls['open'] = (absolute) => this.#worker.call('open', absolute);
  readonly window: WaveCalls['window'] = (absolute, signals, from, to, pixels) =>
    this.#worker.call('window', absolute, signals, from, to, pixels);
  readonly edge: WaveCalls['edge'] = (absolute, signal, from, direction) =>
    this.#worker.call('edge', absolute, signal, from, direction);
  readonly find: WaveCalls['find'] = (absolute, signal, from, direction, condition) =>
    this.#worker.call('find', absolute, signal, from, direction, condition);
  readonly compare: WaveCalls['compare'] = (absolute, other, scopes) =>
    this.#worker.call('compare', absolute, other, scopes);
  /** Ends the worker; temporary files of converted FSTs are removed first. */
  readonly close = async (): Promise<void> => {
    if (this.#worker.started) await this.#worker.call('close').catch(() => undefined);
    await this.#worker.close();
  };
}
