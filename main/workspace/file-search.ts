// Find in files, in a worker with a limit of time: the next search or the limit ends the one before.
import { setTimeout as sleep } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcRequest, IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { WorkerClient } from '../workers/worker-client.ts';
import { overtaken } from './search-turn.ts';
import type { Turn } from './search-turn.ts';

export type SearchQuery = Omit<IpcRequest<'workspace.search'>, 'workspace'>;

/** Files with their texts before and after. */
export interface Replaced {
  readonly files: readonly { readonly path: string; readonly before: string; readonly text: string }[];
  readonly places: number;
  /** files with hits that are never edited */
  readonly locked: readonly string[];
}

const LIMIT_MS = 20_000;
/** Nothing is kept from search to search: a new worker costs its start. */
const IDLE_MS = 60_000;
/** A search that was overtaken looks up after each file; a pattern that backtracks does not come to that. */
const END_MS = 150;

export class FileSearch {
  readonly #limitMs: number;
  readonly #worker = new WorkerClient<{
    ready(): Promise<void>;
    search(workspace: string, query: SearchQuery, turn: Turn): Promise<IpcResponse<'workspace.search'>>;
    replace(workspace: string, query: SearchQuery, replacement: string, turn: Turn): Promise<Replaced>;
  }>(new URL('./search-worker.ts', import.meta.url), { idle: { afterMs: IDLE_MS } });
  readonly #newest = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  #running: Promise<unknown> | null = null;
  #ready: Promise<void> | null = null;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** The worker's start is most of what a first search takes: it begins when somebody turns to searching. */
  prepare(): void {
    // that it failed is told by the search
    this.#started().catch(() => undefined);
  }

  /** Once it runs: until then a search has not begun, and its limit of time neither. */
  #started(): Promise<void> {
    if (this.#ready === null || !this.#worker.started) this.#ready = this.#worker.call('ready');
    return this.#ready;
  }

  /** Throws REQUEST_INVALID for a pattern that is none, SEARCH_TIMEOUT, CANCELLED when a newer search took over. */
  search(workspace: string, query: SearchQuery): Promise<IpcResponse<'workspace.search'>> {
    return this.#limited((turn) => this.#worker.call('search', workspace, query, turn));
  }

  /**
   * The texts that a replacement makes; nothing is written. Throws as `search` does, and REQUEST_INVALID for too many.
   */
  replace(workspace: string, query: SearchQuery, replacement: string): Promise<Replaced> {
    return this.#limited((turn) => this.#worker.call('replace', workspace, query, replacement, turn));
  }

  async #limited<T>(ask: (turn: Turn) => Promise<T>): Promise<T> {
    const turn: Turn = { newest: this.#newest, mine: Atomics.add(this.#newest, 0, 1) + 1 };
    await this.#endRunning();
    await this.#started();
    if (Atomics.load(this.#newest, 0) !== turn.mine) throw overtaken();
    const answer = ask(turn);
    this.#running = answer;
    const timer = setTimeout(
      () => void this.#worker.close(new GenrtlError('SEARCH_TIMEOUT', 'The search took too long.')),
      this.#limitMs,
    );
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      if (this.#running === answer) this.#running = null;
    }
  }

  /** The one before ends by itself at its next file; where it does not come to that, with its worker. */
  async #endRunning(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    const ended = running.then(
      () => true,
      () => true,
    );
    if (await Promise.race([ended, sleep(END_MS, false)])) return;
    if (this.#running === running) await this.#worker.close(overtaken());
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}
