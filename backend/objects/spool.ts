// What comes in is written to a file first: its hash and length are known before anything has a name.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { StoredObject } from './store.ts';

export interface PutOptions {
  readonly expected?: string;
  readonly limitBytes?: number;
}

/**
 * The folder of uploads under way. `use` gets a synced file that is right, and may rename it away; it is gone
 * afterwards.
 */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async with(
    source: AsyncIterable<Uint8Array>,
    { expected, limitBytes = Infinity }: PutOptions,
    use: (path: string, object: StoredObject) => Promise<void>,
  ): Promise<StoredObject> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, randomUUID());
    try {
      const object = await write(path, source, limitBytes);
      if (expected !== undefined && expected !== object.sha256)
        throw new GenrtlError('REQUEST_INVALID', 'The content does not have the sha256 that names it');
      await use(path, object);
      return object;
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Removes what interrupted uploads left. Only while nobody else writes here. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function write(path: string, source: AsyncIterable<Uint8Array>, limitBytes: number): Promise<StoredObject> {
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
