// News of runs, across processes: PostgreSQL's LISTEN on one connection of its own, given on to whoever waits here.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { RUN_CHANNEL } from './repository/events.ts';

const RECONNECT_MS = 200;

export class RunBus {
  readonly #url: string;
  readonly #emitter = new EventEmitter().setMaxListeners(0);
  #client: pg.Client | null = null;
  #closed = false;

  constructor(url: string) {
    this.#url = url;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#url, application_name: 'genrtl-bus' });
    client.on('notification', (message) => {
      if (message.payload === undefined) return;
      this.#emitter.emit('run', message.payload);
      this.#emitter.emit(`run:${message.payload}`);
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(`LISTEN ${RUN_CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    // Only a connection that stood is taken up again, and by one loop at a time.
    client.once('end', () => { void this.#reconnect(); });
    this.#client = client;
    // News may have been missed meanwhile: everybody looks once.
    this.#emitter.emit('any');
  }

  async #reconnect(): Promise<void> {
    this.#client = null;
    while (!this.#closed) {
      await delay(RECONNECT_MS, undefined, { ref: false });
      if (this.#closed || await this.connect().then(() => true, () => false)) return;
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
    await this.#client?.end().catch(() => undefined);
  }
}
