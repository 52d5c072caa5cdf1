// Find in files, in a worker with a limit of time: the next search or the limit ends the one before.
import { GenrtlError } from '@genrtl/contracts';
import type { IpcRequest, IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { WorkerClient } from '../workers/worker-client.ts';

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

export class FileSearch {
  readonly #limitMs: number;
  readonly #worker = new WorkerClient<{
    search(workspace: string, query: SearchQuery): Promise<IpcResponse<'workspace.search'>>;
    replace(workspace: string, query: SearchQuery, replacement: string): Promise<Replaced>;
  }>(new URL('./search-worker.ts', import.meta.url), { idle: { afterMs: IDLE_MS } });
  #running = false;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** Throws REQUEST_INVALID for a pattern that is none, SEARCH_TIMEOUT, CANCELLED when a newer search took over. */
  search(workspace: string, query: SearchQuery): Promise<IpcResponse<'workspace.search'>> {
    return this.#limited(() => this.#worker.call('search', workspace, query));
  }

  /**
   * The texts that a replacement makes; nothing is written. Throws as `search` does, and REQUEST_INVALID for too many.
   */
  replace(workspace: string, query: SearchQuery, replacement: string): Promise<Replaced> {
    return this.#limited(() => this.#worker.call('replace', workspace, query, replacement));
  }

  async #limited<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#running) await this.#worker.close(new GenrtlError('CANCELLED', 'A newer search took over.'));
    this.#running = true;
    const answer = ask();
    const timer = setTimeout(
      () => void this.#worker.close(new GenrtlError('SEARCH_TIMEOUT', 'The search took too long.')),
      this.#limitMs,
    );
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.#running = false;
    }
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}
