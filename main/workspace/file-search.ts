// Find in files, in a worker with a limit of time: the next search or the limit ends the one before.
import { GenrtlError } from '@genrtl/contracts';
import type { IpcRequest, IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { WorkerClient } from '../workers/worker-client.ts';

export type SearchQuery = Omit<IpcRequest<'workspace.search'>, 'workspace'>;

const LIMIT_MS = 20_000;

export class FileSearch {
  readonly #limitMs: number;
  readonly #worker = new WorkerClient<{
    search(workspace: string, query: SearchQuery): Promise<IpcResponse<'workspace.search'>>;
  }>(new URL('./search-worker.ts', import.meta.url));
  #running = false;

  constructor(limitMs = LIMIT_MS) {
    this.#limitMs = limitMs;
  }

  /** Throws REQUEST_INVALID for a pattern that is none, SEARCH_TIMEOUT, CANCELLED when a newer search took over. */
  async search(workspace: string, query: SearchQuery): Promise<IpcResponse<'workspace.search'>> {
    if (this.#running) await this.#worker.close(new GenrtlError('CANCELLED', 'A newer search took over.'));
    this.#running = true;
    const answer = this.#worker.call('search', workspace, query);
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
