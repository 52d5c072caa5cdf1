import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ManyFiles } from './many-files.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'many-files-'));
  await writeFile(path.join(folder, 'a'), 'text');
  await writeFile(path.join(folder, 'empty'), '');
  await writeFile(path.join(folder, 'large'), Buffer.alloc(3_000_000, 7));
  await symlink('a', path.join(folder, 'link'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('gives every file whole, and none that is no file', async () => {
  const disk = new ManyFiles();
  const read = async (name: string) => (await disk.read(path.join(folder, name))).bytes?.length;
  expect(await read('a')).toBe(4);
  expect(await read('link')).toBe(4);
  expect(await read('empty')).toBe(0);
  expect(await read('large')).toBe(3_000_000);
  // tells no size
  expect((await disk.read('/proc/self/status')).bytes?.toString()).toContain('Name:');
  await expect(read('missing')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(read('.')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  await expect(disk.read('/dev/zero')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
});

it('reads no bytes that are known, and lets others work between', async () => {
  const disk = new ManyFiles();
  expect((await disk.read(path.join(folder, 'a'), () => false)).bytes).toBeNull();
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const until = performance.now() + 100;
  while (performance.now() < until) await disk.read(path.join(folder, 'a'));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});
