// Tells which files of an open workspace changed on disk, gathered over a short moment; noise of running tools is left out.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { subscribe } from '@parcel/watcher';
import type { AsyncSubscription, Event } from '@parcel/watcher';

const GATHER_MS = 100;
/** Above this a page reloads its view instead of looking at each path. */
const MAX_PATHS = 500;
/** Changed by every step and shown from pushes of the job, not from the disk. */
const IGNORED = ['**/.git/**', '.genRTL/runs/**', '.genRTL/build/**', '.genRTL/undo/**', '**/node_modules/**'];

type Listener = (workspace: string, paths: string[]) => void;

/** Linux has forgotten the watch of a folder that was removed a moment ago, and the library takes that for a failure; nothing is left to end. */
async function end(subscription: AsyncSubscription | null | undefined): Promise<void> {
  await subscription?.unsubscribe().catch(() => undefined);
}

export class WorkspaceWatcher {
  readonly #listener: Listener;
  readonly #watching = new Map<string, Promise<AsyncSubscription | null>>();
  readonly #pending = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Idempotent. A folder that cannot be watched (limits of inotify, a network disk) is simply not live. */
  async watch(workspace: string): Promise<void> {
    if (!this.#watching.has(workspace)) this.#watching.set(workspace, this.#subscribe(workspace));
    await this.#watching.get(workspace);
  }

  #subscribe(workspace: string): Promise<AsyncSubscription | null> {
    return subscribe(workspace, (error, events) => {
      if (error !== null) return;
      this.#note(workspace, events.map((event) => path.relative(workspace, event.path).replaceAll(path.sep, '/')));
      void this.#lookInto(workspace, events);
    }, { ignore: IGNORED }).catch(() => null);
  }

  /** A folder that was moved in whole (an installed package) brings folders that the watcher does not know: it starts anew. */
  async #lookInto(workspace: string, events: readonly Event[]): Promise<void> {
    const made = events.filter((event) => event.type === 'create').map((event) => event.path);
    const folders = await Promise.all(made.map((file) => stat(file).then((stats) => stats.isDirectory(), () => false)));
    if (!folders.includes(true) || this.#closed || !this.#watching.has(workspace)) return;
    const before = this.#watching.get(workspace);
    this.#watching.set(workspace, (async () => {
      await end(await before);
      return this.#closed ? null : this.#subscribe(workspace);
    })());
    await this.#watching.get(workspace);
    // what happened in between was not seen
    this.#note(workspace, made.map((file) => path.relative(workspace, file).replaceAll(path.sep, '/')));
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
    this.#closed = true;
    clearTimeout(this.#timer);
    const subscriptions = await Promise.all(this.#watching.values());
    this.#watching.clear();
    await Promise.all(subscriptions.map(end));
  }
}
