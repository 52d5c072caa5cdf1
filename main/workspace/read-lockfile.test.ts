// The lock file as version control and editors leave it: what is wrong is told with its line, and no other file is blamed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLockfile } from './read-lockfile.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'genrtl-lockfile-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function read(text: string) {
  const lockfile = path.join(root, 'genRTL.lock.json');
  await writeFile(lockfile, text);
  return readLockfile({ lockfile });
}

const ours = '  "version": 1,\n';
it.each([
  ['two sides', `{\n<<<<<<< HEAD\n${ours}=======\n${ours}>>>>>>> main\n}`, 2],
  ['the common ancestor beside them', `{\n<<<<<<< ours\n${ours}||||||| 1f2e3d4\n=======\n${ours}>>>>>>> theirs\n}`, 2],
  ['marks of which the first was taken out', `{\n${ours}=======\n${ours}>>>>>>> main\n}`, 3],
  ['line ends of Windows', `{\r\n${ours}=======\r\n}\r\n`, 3],
])('a merge conflict: %s', async (_name, text, line) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'LOCKFILE_UNREADABLE',
    message: expect.stringContaining(`genRTL.lock.json:${line}: a merge conflict`) as string,
    hint: expect.stringContaining('take one side') as string,
  });
});

it.each([
  ['cut off', '{\n  "version": 1,\n', /:\d+: that is no JSON/],
  ['of another shape', '{"version": "new"}', /genRTL\.lock\.json: \w+/],
])('a file that is %s is told with its place', async (_name, text, message) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'LOCKFILE_UNREADABLE',
    message: expect.stringMatching(message) as string,
  });
});

it('a byte order mark is no fault, seven equal signs in a text are no conflict', async () => {
  const sound = { lockfile_version: 1 };
  const message = await read(`\ufeff${JSON.stringify(sound)}`).then(
    () => '',
    (error: unknown) => String(error),
  );
  expect(message).not.toMatch(/merge conflict|no JSON/);
  expect(await read('{"note": "======="}').catch((error: unknown) => String(error))).not.toContain('merge conflict');
});
