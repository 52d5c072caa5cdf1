// Objects in a local folder: `<aa>/<rest of the hash>`, written beside, synced and renamed, so that a name never holds
// half an object.
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { syncFolder } from '@genrtl/disk/atomic-file.ts';
import { Spool, type PutOptions } from './spool.ts';
import { requireHash, requireWhole, type ObjectStore, type StoredObject } from './store.ts';

export class FolderStore implements ObjectStore {
  readonly #folder: string;
  readonly #incoming: Spool;

  constructor(folder: string) {
    this.#folder = folder;
    this.#incoming = new Spool(join(folder, 'incoming'));
  }

  put(source: AsyncIterable<Uint8Array>, options: PutOptions): Promise<StoredObject> {
    return this.#incoming.with(source, options, async (file, { sha256 }) => {
      const path = this.#path(sha256);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await rename(file, path);
      await syncFolder(join(path, '..'));
    });
  }

  /** Removes what interrupted uploads left. Only while nobody else writes into this store. */
  removeLeftovers(): Promise<void> {
    return this.#incoming.clear();
  }

  async size(sha256: string): Promise<number | null> {
    return stat(this.#path(sha256)).then(
      (info) => info.size,
      () => null,
    );
  }

  async read(sha256: string): Promise<Buffer> {
    const bytes = await readFile(this.#path(sha256)).catch(() => null);
    if (bytes === null) throw new GenrtlError('NOT_FOUND', `No object ${sha256}`);
    requireWhole(sha256, bytes);
    return bytes;
  }

  async remove(sha256: string, { olderThanMs }: { readonly olderThanMs: number }): Promise<boolean> {
    const path = this.#path(sha256);
    const info = await stat(path).catch(() => null);
    if (info === null) return true;
    if (Date.now() - info.mtimeMs < olderThanMs) return false;
    await rm(path, { force: true });
    return true;
  }

  async check(): Promise<void> {
    await access(this.#folder, constants.R_OK | constants.W_OK | constants.X_OK);
  }

  async open(sha256: string): ReturnType<ObjectStore['open']> {
    const file = await open(this.#path(sha256), 'r').catch(() => null);
    if (file === null) throw new GenrtlError('NOT_FOUND', `No object ${sha256}`);
    const { size } = await file.stat();
    return { sizeBytes: size, stream: file.createReadStream() };
  }

  #path(sha256: string): string {
    requireHash(sha256);
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }
}
