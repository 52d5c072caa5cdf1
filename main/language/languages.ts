// Language features as the rest of main sees them: the service's calls, run in a worker thread.
import { WorkerClient } from '../workers/worker-client.ts';
import type { LanguageService } from './language-service.ts';

/** Everything that the service answers runs in the worker. */
type LanguageCalls = { readonly [Name in keyof LanguageService]: LanguageService[Name] };

/** A workspace that is asked about again after this long is read again. */
const IDLE_MS = 10 * 60_000;

export class Languages {
  readonly #worker = new WorkerClient<LanguageCalls>(new URL('./language-worker.ts', import.meta.url), {
    idle: { afterMs: IDLE_MS },
  });
  /** open documents that differ from the disk, kept so that a new worker learns them */
  readonly #overlays = new Map<string, { readonly workspace: string; readonly path: string; readonly text: string }>();
  #fresh = true;

  ask<Name extends keyof LanguageCalls>(
    name: Name,
    ...args: Parameters<LanguageCalls[Name]>
  ): ReturnType<LanguageCalls[Name]> {
    if (!this.#worker.started) this.#fresh = true;
    if (this.#fresh) {
      this.#fresh = false;
      for (const { workspace, path, text } of this.#overlays.values())
        void this.#worker.call('update', workspace, path, text).catch(() => undefined);
    }
    return this.#worker.call(name, ...args);
  }

  async update(workspace: string, path: string, text: string | null): Promise<void> {
    const key = `${workspace}\n${path}`;
    if (text === null) this.#overlays.delete(key);
    else this.#overlays.set(key, { workspace, path, text });
    await this.ask('update', workspace, path, text);
  }

  /** Whether an open document of the workspace differs from the disk. */
  isUnsaved(workspace: string, path: string): boolean {
    return this.#overlays.has(`${workspace}\n${path}`);
  }

  /** Files changed on disk; a worker that does not run yet need not know. */
  changed(workspace: string): void {
    if (this.#worker.started) void this.#worker.call('changed', workspace).catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#worker.close();
  }
}
