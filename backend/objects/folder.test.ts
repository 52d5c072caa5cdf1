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

describe('a folder of objects', () => {
  it('what an upload left when its process was killed goes at the next start', async () => {
    await store.put(Readable.from([bytes]), {});
    await mkdir(join(folder, 'incoming'), { recursive: true });
    await writeFile(join(folder, 'incoming', 'half'), 'half of a blo');
    await store.removeLeftovers();
    expect(await readdir(join(folder, 'incoming')).catch(() => [])).toEqual([]);
    expect(await store.read(sha256)).toEqual(bytes);
  });
});
