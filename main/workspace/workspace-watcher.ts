// Tells which files of an open workspace changed on disk, gathered over a short moment; noise of running tools is left out.
import path from 'node:path';
import { subscribe } from '@parcel/watcher';
import type { AsyncSubscription } from '@parcel/watcher';

const GATHER_MS = 100;
/** Above this a page reloads its view instead of looking at each path. */
const MAX_PATHS = 500;
/** Changed by every step and shown from pushes of the job, not from the disk. */
const IGNORED = ['**/.git/**', '.genRTL/runs/**', '.genRTL/build/**', '.genRTL/undo/**', '**/node_modules/**'];

type Listener = (workspace: string, paths: string[]) => void;

export class WorkspaceWatcher {
  readonly #listener: Listener;
  readonly #watching = new Map<string, Promise<AsyncSubscription | null>>();
  readonly #pending = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Idempotent. A folder that cannot be watched (limits of inotify, a network disk) is simply not live. */
  async watch(workspace: string): Promise<void> {
    if (!this.#watching.has(workspace)) {
      this.#watching.set(workspace, subscribe(workspace, (error, events) => {
        if (error === null) this.#note(workspace, events.map((event) => path.relative(workspace, event.path).replaceAll(path.sep, '/')));
      }, { ignore: IGNORED }).catch(() => null));
    }
    await this.#watching.get(workspace);
  }

  #note(workspace: string, paths: string[]): void {
    const gathered = this.#pending.get(workspace) ?? new Set<string>();
    for (const changed of paths) if (gathered.size < MAX_PATHS) gathered.add(changed);
    this.#pending.set(workspace, gathered);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const [folder, changed] of this.#pending) this.#listener(folder, [...changed]);
      this.#pending.clear();
    }, GATHER_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const subscriptions = await Promise.all([...this.#watching.values()]);
    this.#watching.clear();
    await Promise.all(subscriptions.flatMap((subscription) => (subscription === null ? [] : [subscription.unsubscribe()])));
  }
}
