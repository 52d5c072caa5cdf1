// What every store of objects promises, held against each of them.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openS3Server } from '../test/s3-server.ts';
import { FolderStore } from './folder.ts';
import { S3Store } from './s3.ts';
import type { ObjectStore } from './store.ts';

interface Opened {
  readonly store: ObjectStore;
  damage(sha256: string): Promise<void>;
  breakDown(): Promise<void>;
  close(): Promise<void>;
}

const stores: Record<string, (folder: string) => Promise<Opened>> = {
  'a folder': (folder) =>
    Promise.resolve({
      store: new FolderStore(folder),
      damage: (sha256) => writeFile(join(folder, sha256.slice(0, 2), sha256.slice(2)), 'damaged'),
      breakDown: () => rm(folder, { recursive: true, force: true }),
      close: () => Promise.resolve(),
    }),
  'a bucket': async (folder) => {
    const server = await openS3Server();
    const store = new S3Store(server.settings, join(folder, 'incoming'));
    return {
      store,
      damage(sha256) {
        server.objects.set(`of it/${sha256.slice(0, 2)}/${sha256.slice(2)}`, {
          bytes: Buffer.from('damaged'),
          at: new Date(),
        });
        return Promise.resolve();
      },
      breakDown: () => server.close(),
      close: () => store.close(),
    };
  },
};

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const bytes = Buffer.from('module m; endmodule\n');
const sha256 = hashOf(bytes);

describe.each(Object.entries(stores))('objects in %s', (_, open) => {
  let folder: string;
  let opened: Opened;
  let store: ObjectStore;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'genrtl-objects-'));
    opened = await open(folder);
    store = opened.store;
  });
  afterAll(async () => {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });
  const incoming = (): Promise<string[]> => readdir(join(folder, 'incoming')).catch(() => []);

  it('are stored under their hash, also many at once and again', async () => {
    await Promise.all(
      Array.from({ length: 8 }, () =>
        store.put(Readable.from([bytes.subarray(0, 4), bytes.subarray(4)]), { expected: sha256 }),
      ),
    );
    expect(await store.read(sha256)).toEqual(bytes);
    expect(await store.size(sha256)).toBe(bytes.length);
    const { sizeBytes, stream } = await store.open(sha256);
    expect(sizeBytes).toBe(bytes.length);
    expect(await buffer(stream)).toEqual(bytes);
    expect(await incoming()).toEqual([]);
  });

  it('may be empty, and large', async () => {
    for (const content of [Buffer.alloc(0), Buffer.alloc(3 << 20, 'netlist ')]) {
      const put = await store.put(Readable.from(content.length === 0 ? [] : [content]), {});
      expect(put).toEqual({ sha256: hashOf(content), sizeBytes: content.length });
      expect((await store.read(put.sha256)).equals(content)).toBe(true);
    }
  });

  it('with a wrong hash, too much, and a source that breaks are refused, leaving nothing behind', async () => {
    const wrong = 'a'.repeat(64);
    await expect(store.put(Readable.from([bytes]), { expected: wrong })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    await expect(store.put(Readable.from([bytes]), { limitBytes: 3 })).rejects.toMatchObject({
      code: 'REQUEST_TOO_LARGE',
    });
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield bytes;
      throw new Error('connection lost');
    }
    await expect(store.put(breaking(), {})).rejects.toThrow('connection lost');
    expect(await store.size(wrong)).toBeNull();
    expect(await incoming()).toEqual([]);
  });

  it('that are missing are told apart from others', async () => {
    const missing = 'b'.repeat(64);
    expect(await store.size(missing)).toBeNull();
    await expect(store.read(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.open(missing)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await store.remove(missing, { olderThanMs: 0 })).toBe(true);
  });

  it('that are damaged are told from content, and repaired when it is sent again', async () => {
    await opened.damage(sha256);
    await expect(store.read(sha256)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await store.put(Readable.from([bytes]), { expected: sha256 });
    expect(await store.read(sha256)).toEqual(bytes);
  });

  it('never lie outside, whatever the name', async () => {
    for (const name of ['../../etc/passwd', '/etc/passwd', `${'a'.repeat(63)}/`, sha256.toUpperCase()])
      await expect(store.read(name)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('are removed when they are old enough', async () => {
    const put = await store.put(Readable.from([Buffer.from('of a person')]), {});
    expect(await store.remove(put.sha256, { olderThanMs: 60_000 })).toBe(false);
    expect(await store.size(put.sha256)).toBe(11);
    expect(await store.remove(put.sha256, { olderThanMs: 0 })).toBe(true);
    expect(await store.size(put.sha256)).toBeNull();
  });

  it('health tells whether they can be stored', async () => {
    await store.check();
    await opened.breakDown();
    await expect(store.check()).rejects.toThrow();
  });
});
