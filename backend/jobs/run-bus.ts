// News of runs, across processes: PostgreSQL's LISTEN on one connection of its own, given on to whoever waits here.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { openListener, RUN_CHANNEL, type Listener } from '../db/index.ts';

const RECONNECT_MS = 200;

export class RunBus {
  readonly #url: string;
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #listener: Listener | null = null;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
  }

  async connect(): Promise<void> {
    this.#listener = await openListener(this.#url, RUN_CHANNEL, {
      message: (payload) => {
        for (const runId of payload.split(' ')) {
          this.#emitter.emit('run', runId);
          this.#emitter.emit(`run:${runId}`);
        }
      },
      // Only a connection that stood is taken up again, and by one loop at a time.
      end: () => {
        void this.#reconnect();
      },
    });
    // News may have been missed meanwhile: everybody looks once.
    this.#emitter.emit('any');
  }

  async #reconnect(): Promise<void> {
    this.#listener = null;
    while (!this.#closed) {
      await delay(RECONNECT_MS, undefined, { ref: false });
      if (
        this.#closed ||
        (await this.connect().then(
          () => true,
          () => false,
        ))
      )
        return;
    }
  }

  /** Every run with news. */
  onRun(listener: (runId: string) => void): void {
    this.#emitter.on('run', listener);
  }

  /** Calls the listener at news of one run; returns the function that ends it. */
  watch(runId: string, listener: () => void): () => void {
    this.#emitter.on(`run:${runId}`, listener);
    this.#emitter.on('any', listener);
    return () => {
      this.#emitter.off(`run:${runId}`, listener);
      this.#emitter.off('any', listener);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#listener?.close();
  }
}
