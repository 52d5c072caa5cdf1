import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesBelow, filesBelowSync } from './files-below.ts';

const root = mkdtempSync(join(tmpdir(), 'genrtl-below-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('files below a folder', () => {
  it('names links and never enters them: into itself, out of it, to nowhere', async () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'a/b/one.sv'), '');
    symlinkSync(root, join(root, 'a/loop'));
    symlinkSync('/usr', join(root, 'out'));
    symlinkSync('gone', join(root, 'nowhere'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const found = await filesBelow(root);
    expect(found).toHaveLength(5);
    expect(found).toEqual(
      expect.arrayContaining([
        { path: 'a/b/one.sv', kind: 'file' },
        { path: 'a/loop', kind: 'link' },
        { path: 'out', kind: 'link' },
        { path: 'nowhere', kind: 'link' },
        { path: 'pipe', kind: 'other' },
      ]),
    );
    expect(filesBelowSync(root)).toEqual(found);
  });

  it('throws for a folder that is not there', async () => {
    await expect(filesBelow(join(root, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
