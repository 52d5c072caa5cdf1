// A page reads and writes below the workspace only, never over changes that it has not seen, never into packages.
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { containedPath } from './contained-path.ts';
import { listFolder, readTextFile, writeTextFile } from './workspace-files.ts';

let base: string;
let workspace: string;
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'genrtl-files-'));
  workspace = path.join(base, 'w');
  await mkdir(path.join(workspace, 'src'), { recursive: true });
  await mkdir(path.join(workspace, '.genRTL/vendor/cbb'), { recursive: true });
  await writeFile(path.join(workspace, 'src/a.sv'), 'module a;\n');
  await writeFile(path.join(workspace, '.genRTL/vendor/cbb/f.sv'), 'module f;\n');
  await writeFile(path.join(base, 'secret'), 'x');
  await symlink(base, path.join(workspace, 'out'));
  await symlink(path.join(base, 'missing'), path.join(workspace, 'dangling'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('paths', () => {
  test.each([
    '../secret',
    '/etc/passwd',
    'src/../../secret',
    'out/secret',
    'dangling',
    'out/new',
    'src\\..\\..\\secret',
    'a\0b',
  ])('%j leads outside', async (relative) => {
    await expect(containedPath(workspace, relative)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
  test.each(['', 'src', 'src/a.sv', 'src/new/deep.sv'])('%j lies inside', async (relative) => {
    expect(await containedPath(workspace, relative)).toBe(path.join(workspace, relative));
  });
});

test('a file that is removed while its path is looked at leads nowhere outside', async () => {
  const file = path.join(workspace, 'src/vanishes.sv');
  for (let round = 0; round < 300; round++) {
    await writeFile(file, '');
    const looked = Promise.all(Array.from({ length: 8 }, () => containedPath(workspace, 'src/vanishes.sv')));
    await rm(file);
    expect(new Set(await looked)).toEqual(new Set([file]));
  }
});

describe('reading', () => {
  test('lists folders first, and marks what is locked', async () => {
    const entries = await listFolder(workspace, '');
    expect(entries.map((entry) => [entry.name, entry.kind, entry.locked])).toContainEqual([
      '.genRTL',
      'directory',
      true,
    ]);
    expect(entries.find((entry) => entry.name === 'src')).toMatchObject({ kind: 'directory', locked: false });
    expect(entries.some((entry) => entry.name === 'dangling')).toBe(false);
  });
  test('gives text with its hash', async () => {
    expect(await readTextFile(workspace, 'src/a.sv')).toEqual({
      text: 'module a;\n',
      sha256: hash('module a;\n'),
      locked: false,
    });
  });
  test('a file that vanished and a binary one are refused with a reason', async () => {
    await expect(readTextFile(workspace, 'src/gone.sv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writeFile(path.join(workspace, 'b.bin'), Buffer.from([1, 0, 2]));
    await expect(readTextFile(workspace, 'b.bin')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('writing', () => {
  test('replaces what was seen and keeps the mode', async () => {
    await chmod(path.join(workspace, 'src/a.sv'), 0o640);
    expect(await writeTextFile(workspace, 'src/a.sv', 'new', hash('module a;\n'))).toBe(hash('new'));
    expect(await readFile(path.join(workspace, 'src/a.sv'), 'utf8')).toBe('new');
    expect((await stat(path.join(workspace, 'src/a.sv'))).mode & 0o777).toBe(0o640);
  });
  test('never overwrites a change that the page has not seen', async () => {
    await writeFile(path.join(workspace, 'src/a.sv'), 'someone else');
    await expect(writeTextFile(workspace, 'src/a.sv', 'new', hash('module a;\n'))).rejects.toMatchObject({
      code: 'FILE_CHANGED',
    });
    await expect(writeTextFile(workspace, 'src/a.sv', 'new', null)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(await readFile(path.join(workspace, 'src/a.sv'), 'utf8')).toBe('someone else');
  });
  test.each(['.genRTL/vendor/cbb/f.sv', '.GENRTL/state.json', '.git/config', '.genRTL'])(
    '%s is locked',
    async (relative) => {
      await expect(writeTextFile(workspace, relative, 'x', null)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    },
  );
});
