// Tells which files of an open workspace changed on disk, gathered over a short moment; noise of running tools is left
// out.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { subscribe } from '@parcel/watcher';
import type { AsyncSubscription, Event } from '@parcel/watcher';
import type { IpcPushPayload } from '@genrtl/contracts/ipc/index.ts';

const GATHER_MS = 100;
/** Above this they are not told one by one. */
const MAX_PATHS = 500;
/** Changed by every step and shown from pushes of the job, not from the disk. */
const IGNORED = ['**/.git/**', '.genRTL/runs/**', '.genRTL/build/**', '.genRTL/undo/**', '**/node_modules/**'];

type Listener = (workspace: string, change: Omit<IpcPushPayload<'workspace.changed'>, 'workspace'>) => void;

class Gathered {
  readonly paths = new Set<string>();
  anywhere = false;

  add(changed: string): void {
    if (this.paths.size < MAX_PATHS) this.paths.add(changed);
    else this.anywhere = true;
  }
}

const MAX_TRIES = 50;
const CLOSE_MS = 2_000;

/**
 * Linux has forgotten the watch of a folder that was removed a moment ago, and the library takes that for a failure and
 * keeps the others, with a thread that holds the process: each further try gets past one more.
 */
async function end(subscription: AsyncSubscription | null | undefined): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      await subscription?.unsubscribe();
      return;
    } catch {
      // the next one
    }
  }
}

export class WorkspaceWatcher {
  readonly #listener: Listener;
  readonly #watching = new Map<string, Promise<AsyncSubscription | null>>();
  readonly #pending = new Map<string, Gathered>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Idempotent. A folder that cannot be watched (limits of inotify, a network disk) is simply not live. */
  async watch(workspace: string): Promise<void> {
    if (this.#closed) return;
    if (!this.#watching.has(workspace)) this.#watching.set(workspace, this.#subscribe(workspace));
    await this.#watching.get(workspace);
  }

  #subscribe(workspace: string): Promise<AsyncSubscription | null> {
    return subscribe(
      workspace,
      (error, events) => {
        if (error !== null) return;
        this.#gather(workspace, (gathered) => {
          for (const event of events) gathered.add(path.relative(workspace, event.path).replaceAll(path.sep, '/'));
        });
        void this.#lookInto(workspace, events);
      },
      { ignore: IGNORED },
    ).catch(() => null);
  }

  /**
   * A folder that was moved in whole (an installed package) brings folders that the watcher does not know: it starts
   * anew.
   */
  async #lookInto(workspace: string, events: readonly Event[]): Promise<void> {
    const made = events.filter((event) => event.type === 'create').map((event) => event.path);
    const folders = await Promise.all(
      made.map((file) =>
        stat(file).then(
          (stats) => stats.isDirectory(),
          () => false,
        ),
      ),
    );
    if (!folders.includes(true) || this.#closed || !this.#watching.has(workspace)) return;
    const before = this.#watching.get(workspace);
    this.#watching.set(
      workspace,
      (async () => {
        await end(await before);
        return this.#closed ? null : this.#subscribe(workspace);
      })(),
    );
    await this.#watching.get(workspace);
    // what happened in between was not seen
    this.#gather(workspace, (gathered) => {
      gathered.anywhere = true;
    });
  }

  #gather(workspace: string, add: (gathered: Gathered) => void): void {
    const gathered = this.#pending.get(workspace) ?? new Gathered();
    add(gathered);
    this.#pending.set(workspace, gathered);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const [folder, { paths, anywhere }] of this.#pending)
        this.#listener(folder, { paths: [...paths], anywhere });
      this.#pending.clear();
    }, GATHER_MS);
  }

  /** Waits a short while at most: the library may never answer about a folder that is being removed. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const ended = [...this.#watching.values()].map(async (subscription) => end(await subscription));
    this.#watching.clear();
    const over = new AbortController();
    const limit = delay(CLOSE_MS, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(ended), limit]);
    over.abort();
  }
}
