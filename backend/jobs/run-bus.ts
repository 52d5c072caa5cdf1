// News of runs: told at once to whoever waits in this process, to other processes by few notifications that name many
// runs, outside of every transaction, since a NOTIFY in each makes commits four times slower. LISTEN has a connection
// of its own.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { notifyTopics, openListener, RUN_CHANNEL, type Listener, type Pool } from '../db/index.ts';

const RECONNECT_MS = 200;
/** At most one notification in so long. */
const NOTIFY_MS = 25;

/** Something of these runs was committed. */
export interface News {
  announce(topics: readonly string[]): void;
}

export class RunBus implements News {
  readonly #url: string;
  readonly #pool: Pool | null;
  readonly #untold = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #told = -NOTIFY_MS;
  /** so far */
  notifications = 0;
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #listener: Listener | null = null;
  #closed = false;

  /** Without a pool nothing is told to other processes. */
  constructor(url: string, pool: Pool | null = null) {
    this.#url = url;
    this.#pool = pool;
  }

  announce(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#tell(topic);
      this.#untold.add(topic);
    }
    if (this.#pool === null || this.#untold.size === 0) return;
    this.#timer ??= setTimeout(() => void this.#notify(), Math.max(0, this.#told + NOTIFY_MS - performance.now()));
  }

  async #notify(): Promise<void> {
    this.#timer = null;
    this.#told = performance.now();
    const topics = [...this.#untold];
    this.#untold.clear();
    this.notifications += 1;
    // Who hears nothing looks after a while by itself.
    if (this.#pool !== null) await notifyTopics(this.#pool, topics).catch(() => undefined);
  }

  #tell(topic: string): void {
    this.#emitter.emit('run', topic);
    this.#emitter.emit(`run:${topic}`);
  }

  async connect(): Promise<void> {
    this.#listener = await openListener(this.#url, RUN_CHANNEL, {
      message: (payload) => {
        for (const topic of payload.split(' ')) this.#tell(topic);
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
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#untold.size > 0) await this.#notify();
    await this.#listener?.close();
  }
}
