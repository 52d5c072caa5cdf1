// FIFOs and devices in the place of files: refused at once, and no thread waits for a writer.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from './records.ts';
import { openRegular, readRegular, readRegularSync, regularChunks } from './regular-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'genrtl-regular-'));
const at = (name: string): string => path.join(folder, name);
const socket = createServer();

beforeAll(async () => {
  execFileSync('mkfifo', [at('fifo')]);
  symlinkSync('fifo', at('link-to-fifo'));
  writeFileSync(at('plain'), 'text');
  symlinkSync('plain', at('link'));
  await new Promise<void>((resolve) => socket.listen(at('socket'), resolve));
});
afterAll(async () => {
  await new Promise((resolve) => socket.close(resolve));
  rmSync(folder, { recursive: true });
});

async function drain(file: string): Promise<string> {
  let text = '';
  for await (const chunk of regularChunks(file, 2)) text += chunk.toString('latin1');
  return text;
}

describe.each([
  ['a FIFO', at('fifo')],
  ['a link to a FIFO', at('link-to-fifo')],
  ['a device without end', '/dev/zero'],
  ['a terminal', '/dev/ptmx'],
  ['a socket', at('socket')],
  ['a folder', folder],
])('%s', (_, file) => {
  it('is refused by every way to read', async () => {
    const refused = { code: 'NOT_A_FILE' };
    await expect(readRegular(file)).rejects.toMatchObject(refused);
    await expect(openRegular(file)).rejects.toMatchObject(refused);
    await expect(drain(file)).rejects.toMatchObject(refused);
    await expect(readText(file)).rejects.toMatchObject(refused);
    expect(() => readRegularSync(file, 'utf8')).toThrow(expect.objectContaining(refused));
  });
});

it('regular files, also over links, read as they are; what is not there stays ENOENT', async () => {
  for (const file of [at('plain'), at('link')])
    expect([await readRegular(file, 'utf8'), readRegularSync(file, 'utf8'), await drain(file)]).toEqual([
      'text',
      'text',
      'text',
    ]);
  await expect(readRegular(at('none'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readText(at('none'))).toBeNull();
});
