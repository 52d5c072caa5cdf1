import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderStore } from './folder.ts';

let folder: string;
let store: FolderStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genrtl-objects-'));
  store = new FolderStore(folder);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const bytes = Buffer.from('module m; endmodule\n');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const incoming = (): Promise<string[]> => readdir(join(folder, 'incoming')).catch(() => []);

describe('a folder of objects', () => {
  it('stores under the hash, also many at once and again', async () => {
    await Promise.all(
      Array.from({ length: 8 }, () =>
        store.put(Readable.from([bytes.subarray(0, 4), bytes.subarray(4)]), { expected: sha256 }),
      ),
    );
    expect(await store.read(sha256)).toEqual(bytes);
    expect(await store.size(sha256)).toBe(bytes.length);
    expect(await incoming()).toEqual([]);
  });

  it('refuses a wrong hash, too much, and a source that breaks, leaving nothing behind', async () => {
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

  it('what an upload left when its process was killed goes at the next start', async () => {
    await mkdir(join(folder, 'incoming'), { recursive: true });
    await writeFile(join(folder, 'incoming', 'half'), 'half of a blo');
    await store.removeLeftovers();
    expect(await incoming()).toEqual([]);
    expect(await store.read(sha256)).toEqual(bytes);
  });

  it('tells damage on disk from content, and repairs it when the content is sent again', async () => {
    await writeFile(join(folder, sha256.slice(0, 2), sha256.slice(2)), 'damaged');
    await expect(store.read(sha256)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await store.put(Readable.from([bytes]), { expected: sha256 });
    expect(await store.read(sha256)).toEqual(bytes);
  });

  it('never leaves its folder, whatever the name', async () => {
    for (const name of ['../../etc/passwd', '/etc/passwd', `${'a'.repeat(63)}/`, sha256.toUpperCase()]) {
      await expect(store.read(name)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });
});
