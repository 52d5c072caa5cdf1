// Objects in a local folder: `<aa>/<rest of the hash>`, written beside, synced and renamed, so that a name never holds
// half
// an object.
import { createHash, randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { syncFolder } from '@genrtl/disk/atomic-file.ts';
import type { ObjectStore, StoredObject } from './store.ts';

const HASH = /^[0-9a-f]{64}$/;

export class FolderStore implements ObjectStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(
    source: AsyncIterable<Uint8Array>,
    options: { readonly expected?: string; readonly limitBytes?: number },
  ): Promise<StoredObject> {
    const incoming = join(this.#folder, 'incoming');
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const temporary = join(incoming, randomUUID());
    try {
      const { sha256, sizeBytes } = await this.#write(temporary, source, options.limitBytes ?? Infinity);
      if (options.expected !== undefined && options.expected !== sha256) {
        throw new GenrtlError('REQUEST_INVALID', 'The content does not have the sha256 that names it');
      }
      const path = this.#path(sha256);
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await rename(temporary, path);
      await syncFolder(join(path, '..'));
      return { sha256, sizeBytes };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #write(path: string, source: AsyncIterable<Uint8Array>, limitBytes: number): Promise<StoredObject> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of source) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > limitBytes)
          throw new GenrtlError('REQUEST_TOO_LARGE', `The content is longer than ${limitBytes} bytes`);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    return { sha256: hash.digest('hex'), sizeBytes };
  }

  /** Removes what interrupted uploads left. Only while nobody else writes into this store. */
  async removeLeftovers(): Promise<void> {
    await rm(join(this.#folder, 'incoming'), { recursive: true, force: true });
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
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new GenrtlError('NOT_FOUND', `The object ${sha256} is damaged on disk`, { hint: 'Send it again.' });
    }
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
    if (!HASH.test(sha256))
      throw new GenrtlError('REQUEST_INVALID', 'An object is named by the lowercase hex of its sha256');
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }
}
