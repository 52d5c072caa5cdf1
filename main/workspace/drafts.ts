// Unsaved work of open documents, below GENRTL_HOME and out of the workspace: written as it is typed, gone once it is
// saved.
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Draft } from '@genrtl/contracts/workspace.ts';
import { readJson, sha256, writeJson } from '@genrtl/disk/records.ts';

export class Drafts {
  readonly #folder: string;
  /** one write of a file at a time, the newest last */
  readonly #writing = new Map<string, Promise<void>>();

  /** `home`: GENRTL_HOME. */
  constructor(home: string) {
    this.#folder = path.join(home, 'drafts');
  }

  async list(workspace: string): Promise<Draft[]> {
    const folder = this.#of(workspace);
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
    // A draft that cannot be read is no reason to refuse the others.
    const drafts = await Promise.all(names.map((name) => readJson(path.join(folder, name), Draft).catch(() => null)));
    return drafts.filter((draft) => draft !== null).sort((a, b) => a.path.localeCompare(b.path));
  }

  write(workspace: string, draft: Draft): Promise<void> {
    return this.#after(this.#file(workspace, draft.path), (file) => writeJson(file, draft));
  }

  drop(workspace: string, relative: string): Promise<void> {
    return this.#after(this.#file(workspace, relative), (file) => rm(file, { force: true }));
  }

  async #after(file: string, work: (file: string) => Promise<void>): Promise<void> {
    const next = (this.#writing.get(file) ?? Promise.resolve()).catch(() => undefined).then(() => work(file));
    this.#writing.set(file, next);
    try {
      await next;
    } finally {
      if (this.#writing.get(file) === next) this.#writing.delete(file);
    }
  }

  #of(workspace: string): string {
    return path.join(this.#folder, sha256(workspace).slice(0, 32));
  }

  #file(workspace: string, relative: string): string {
    return path.join(this.#of(workspace), `${sha256(relative).slice(0, 32)}.json`);
  }
}
