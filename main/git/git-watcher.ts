// Tells when HEAD or the index of a workspace's repository changed, by whatever program. Looks at the repository's own
// folder alone; where it cannot be watched it is simply not live.
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

const GATHER_MS = 150;
const TOLD = new Set(['HEAD', 'index', 'index.lock', 'ORIG_HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD']);

export class GitWatcher {
  readonly #listener: (workspace: string) => void;
  readonly #watching = new Map<string, { readonly gitDir: string; readonly watcher: FSWatcher }>();
  readonly #pending = new Map<string, NodeJS.Timeout>();

  constructor(listener: (workspace: string) => void) {
    this.#listener = listener;
  }

  /** Idempotent; another folder replaces the one before. */
  follow(workspace: string, gitDir: string): void {
    if (this.#watching.get(workspace)?.gitDir === gitDir) return;
    this.#end(workspace);
    try {
      const watcher = watch(gitDir, { persistent: false }, (_event, name) => {
        if (name !== null && TOLD.has(name)) this.#soon(workspace);
      });
      watcher.on('error', () => this.#end(workspace));
      this.#watching.set(workspace, { gitDir, watcher });
    } catch {
      // limits of inotify, a folder that went
    }
  }

  #soon(workspace: string): void {
    if (this.#pending.has(workspace)) return;
    const timer = setTimeout(() => {
      this.#pending.delete(workspace);
      this.#listener(workspace);
    }, GATHER_MS);
    this.#pending.set(workspace, timer);
  }

  #end(workspace: string): void {
    this.#watching.get(workspace)?.watcher.close();
    this.#watching.delete(workspace);
  }

  close(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    for (const workspace of this.#watching.keys()) this.#end(workspace);
  }
}
