// The repositories of the open workspaces: one look at a time each, one act at a time each, and what takes a discard
// back.
import { randomUUID } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import type { GitView } from '@genrtl/contracts/git.ts';
import { writerAlive } from '@genrtl/disk/writer-lock.ts';
import { rewriteFiles } from '../patch/index.ts';
import type { RewrittenFile } from '../patch/index.ts';
import { workspacePaths } from '../workspace/paths.ts';
import type { Acting } from './actions.ts';
import { GitWatcher } from './git-watcher.ts';
import { requireTrust } from './programs.ts';
import { gitStatus, placeOf } from './repository.ts';

/** So many discards can be taken back. */
const KEPT_UNDO = 10;
/** A repository whose status takes long is not asked without pause while files change. */
const MAX_PAUSE_MS = 5000;

const pause = (tookMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(tookMs, MAX_PAUSE_MS)));

interface Look {
  readonly rested: Promise<void>;
  next: Promise<GitView> | null;
}

export class Repositories {
  readonly #env: NodeJS.ProcessEnv;
  readonly #watcher: GitWatcher;
  readonly #looks = new Map<string, Look>();
  readonly #acts = new Map<string, { readonly done: Promise<unknown>; readonly stop: AbortController }>();
  #undo: { readonly id: string; readonly workspace: string; readonly files: readonly RewrittenFile[] }[] = [];

  constructor(env: NodeJS.ProcessEnv, changed: (workspace: string) => void) {
    this.#env = env;
    this.#watcher = new GitWatcher(changed);
  }

  /** Whoever asks while a look runs gets the one after it, which sees what happened meanwhile. */
  status(workspace: string): Promise<GitView> {
    const look = this.#looks.get(workspace);
    if (look === undefined) return this.#look(workspace);
    look.next ??= look.rested.then(() => this.#look(workspace));
    return look.next;
  }

  #look(workspace: string): Promise<GitView> {
    const began = Date.now();
    const asked = gitStatus(workspace, this.#env);
    const running = asked.then(async (view) => {
      if (view.state === 'repository') await this.#follow(workspace);
      return view;
    });
    // the next one waits as long as this one took
    const rested = running.then(
      () => pause(Date.now() - began),
      () => pause(Date.now() - began),
    );
    const look: Look = { rested, next: null };
    this.#looks.set(workspace, look);
    void rested.then(() => {
      if (look.next === null && this.#looks.get(workspace) === look) this.#looks.delete(workspace);
    });
    return running;
  }

  async #follow(workspace: string): Promise<void> {
    const { gitDir } = await placeOf(workspace, this.#env);
    this.#watcher.follow(workspace, gitDir);
  }

  /**
   * One after the other. `files`: it changes files on disk, which a running job may be working on. Throws
   * GIT_UNTRUSTED.
   */
  async act<T>(
    workspace: string,
    { trust, files }: { readonly trust: string | null; readonly files: boolean },
    work: (acting: Acting) => Promise<T>,
  ): Promise<T> {
    const env = this.#env;
    const stop = new AbortController();
    const before = this.#acts.get(workspace)?.done ?? Promise.resolve();
    const done = before
      .catch(() => undefined)
      .then(async () => {
        const place = await placeOf(workspace, env);
        if (files && (await writerAlive(workspacePaths(workspace).writerLock)))
          throw new GenrtlError('WORKSPACE_BUSY', 'A job works on these files.', {
            hint: 'Wait until it ends, or stop it.',
          });
        await requireTrust(workspace, place.root, trust, env);
        return work({ workspace, place, env, signal: stop.signal });
      });
    this.#acts.set(workspace, { done, stop });
    return done;
  }

  stop(workspace: string): void {
    this.#acts.get(workspace)?.stop.abort();
  }

  /** Null when there is nothing to bring back by itself. */
  keepUndo(workspace: string, files: readonly RewrittenFile[]): string | null {
    if (files.length === 0) return null;
    const id = randomUUID();
    this.#undo = [...this.#undo, { id, workspace, files }].slice(-KEPT_UNDO);
    return id;
  }

  /** Throws NOT_FOUND, FILE_CHANGED. */
  async undo(workspace: string, id: string): Promise<string[]> {
    const found = this.#undo.find((one) => one.id === id && one.workspace === workspace);
    if (found === undefined)
      throw new GenrtlError('NOT_FOUND', 'This cannot be taken back any more.', { hint: 'Look in the trash.' });
    await rewriteFiles(workspace, null, found.files);
    this.#undo = this.#undo.filter((one) => one !== found);
    return found.files.map(({ path }) => path);
  }

  close(): void {
    for (const { stop } of this.#acts.values()) stop.abort();
    this.#watcher.close();
  }
}
