import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '@genrtl/disk/records.ts';
import { applyToWorkspace, recoverPatch, undoJob, undoneFiles } from './index.ts';
import type { ApplyOutcome } from './index.ts';

let root: string;
const at = (relative: string): string => path.join(root, relative);
const put = (relative: string, bytes: string | Buffer, mode?: number): void => {
  mkdirSync(path.dirname(at(relative)), { recursive: true });
  writeFileSync(at(relative), bytes);
  if (mode !== undefined) chmodSync(at(relative), mode);
};
const text = (relative: string): string => readFileSync(at(relative), 'utf8');
const codes = (outcome: ApplyOutcome): string[] => (outcome.ok ? [] : outcome.refusals.map((refusal) => refusal.code));

/** Every file with bytes and mode, and every link, outside the records. */
function tree(directory = root): Record<string, string> {
  const out: Record<string, string> = {};
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (file.includes(`${path.sep}.genRTL`)) continue;
    const mode = (statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o7777;
    out[path.relative(directory, file)] = entry.isFile()
      ? `${mode.toString(8)} ${readFileSync(file).toString('base64')}`
      : entry.isDirectory()
        ? 'folder'
        : 'other';
  }
  return out;
}

const PATCH = [
  '--- a/src/a.sv',
  '+++ b/src/a.sv',
  '@@ -1,3 +1,3 @@',
  ' module a;',
  '-// old',
  '+// new',
  ' endmodule',
  '--- a/src/gone.sv',
  '+++ /dev/null',
  '@@ -1 +0,0 @@',
  '-gone',
  '--- /dev/null',
  '+++ b/tb/deep/t.sv',
  '@@ -0,0 +1 @@',
  '+module t; endmodule',
  '',
].join('\n');

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-apply-')));
  put('src/a.sv', 'module a;\n// old\nendmodule\n', 0o640);
  put('src/gone.sv', 'gone\n', 0o600);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('applying', () => {
  it('writes all files, keeps modes, and leaves no journal', async () => {
    const outcome = await applyToWorkspace({ workspace: root, diff: PATCH });
    expect(outcome).toMatchObject({
      ok: true,
      files: [
        { path: 'src/a.sv', kind: 'modify' },
        { path: 'src/gone.sv', kind: 'delete' },
        { path: 'tb/deep/t.sv', kind: 'create' },
      ],
    });
    expect(text('src/a.sv')).toBe('module a;\n// new\nendmodule\n');
    expect(statSync(at('src/a.sv')).mode & 0o777).toBe(0o640);
    expect(existsSync(at('src/gone.sv'))).toBe(false);
    expect(text('tb/deep/t.sv')).toBe('module t; endmodule\n');
    expect(readdirSync(at('.genRTL'))).toEqual([]);
  });

  it('check tells and writes nothing, not even a folder', async () => {
    const before = tree();
    expect(await applyToWorkspace({ workspace: root, diff: PATCH, check: true })).toMatchObject({
      ok: true,
      changes: [{ path: 'src/a.sv' }, { path: 'src/gone.sv', after: null }, { path: 'tb/deep/t.sv', before: null }],
    });
    expect(tree()).toEqual(before);
    expect(existsSync(at('.genRTL'))).toBe(false);
  });

  it('one refused file leaves every byte as it was', async () => {
    const before = tree();
    const outcome = await applyToWorkspace({
      workspace: root,
      diff: `${PATCH}--- a/src/none.sv\n+++ b/src/none.sv\n@@ -1 +1 @@\n-x\n+y\n`,
      undoJob: 'job_1',
    });
    expect(codes(outcome)).toEqual(['PATCH_MISSING']);
    expect(tree()).toEqual(before);
    expect(existsSync(at('.genRTL'))).toBe(false);
  });

  it('a file that changed since the model saw it is not overwritten', async () => {
    const seen = { 'src/a.sv': sha256('module a;\n// older\nendmodule\n') };
    expect(codes(await applyToWorkspace({ workspace: root, diff: PATCH, seen }))).toEqual(['PATCH_STALE']);
    expect(
      (await applyToWorkspace({ workspace: root, diff: PATCH, seen: { 'src/a.sv': sha256(text('src/a.sv')) } })).ok,
    ).toBe(true);
  });

  it('keeps CR LF, bytes of other encodings and a missing last newline', async () => {
    const gbk = Buffer.concat([
      Buffer.from('// '),
      Buffer.from([0xbc, 0xc6, 0xca, 0xfd]),
      Buffer.from('\r\nwire a;\r\nwire b;'),
    ]);
    put('src/c.sv', gbk);
    await applyToWorkspace({
      workspace: root,
      diff: '--- a/src/c.sv\n+++ b/src/c.sv\n@@ -2,2 +2,2 @@\n wire a;\n-wire b;\n+wire c;\n',
    });
    expect(readFileSync(at('src/c.sv'))).toEqual(Buffer.concat([gbk.subarray(0, -2), Buffer.from('c;')]));
  });

  it('a missing workspace has its own code', async () => {
    await expect(applyToWorkspace({ workspace: at('none'), diff: PATCH })).rejects.toMatchObject({
      code: 'WORKSPACE_NOT_FOUND',
    });
  });
});

describe('what the disk can hide', () => {
  const create = (file: string): string => `--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+x\n`;
  const modify = (file: string): string => `--- a/${file}\n+++ b/${file}\n@@ -1 +1 @@\n-secret\n+x\n`;
  let outside: string;
  beforeEach(() => {
    outside = realpathSync(mkdtempSync(path.join(tmpdir(), 'genrtl-outside-')));
    writeFileSync(path.join(outside, 'secret'), 'secret\n');
  });
  afterEach(() => rmSync(outside, { recursive: true, force: true }));

  it('symbolic links to files and folders are refused wherever they lead', async () => {
    symlinkSync(path.join(outside, 'secret'), at('src/link'));
    symlinkSync(outside, at('src/folder'));
    symlinkSync('a.sv', at('src/inner'));
    symlinkSync(path.join(outside, 'none'), at('src/dangling'));
    put('real/f', 'secret\n');
    symlinkSync('real', at('alias'));
    for (const diff of [
      modify('src/link'),
      modify('src/folder/secret'),
      create('src/folder/new'),
      create('src/dangling'),
      modify('src/inner'),
      modify('alias/f'),
      create('src/folder/deep/er/new'),
      '--- a/src/link\n+++ /dev/null\n@@ -1 +0,0 @@\n-secret\n',
    ]) {
      expect(codes(await applyToWorkspace({ workspace: root, diff })), diff).toEqual(['PATCH_SYMLINK']);
    }
    expect(readdirSync(outside)).toEqual(['secret']);
    expect(readFileSync(path.join(outside, 'secret'), 'utf8')).toBe('secret\n');
  });

  it('a workspace that is itself reached through a link works', async () => {
    symlinkSync(root, path.join(outside, 'ws'));
    expect((await applyToWorkspace({ workspace: path.join(outside, 'ws'), diff: PATCH })).ok).toBe(true);
    expect(text('src/a.sv')).toContain('new');
  });

  it('sealed tests are refused by path, by real path, and below a sealed folder', async () => {
    put('accept/t1.sv', 'secret\n');
    symlinkSync(at('accept'), path.join(outside, 'tests'));
    for (const sealed of [[at('accept')], [path.join(outside, 'tests')], [at('accept/t1.sv')], [root]]) {
      expect(codes(await applyToWorkspace({ workspace: root, diff: modify('accept/t1.sv'), sealed }))).toEqual([
        'PATCH_SEALED',
      ]);
    }
    expect(
      codes(await applyToWorkspace({ workspace: root, diff: create('accept/include/h.sv'), sealed: [at('accept')] })),
    ).toEqual(['PATCH_SEALED']);
    expect((await applyToWorkspace({ workspace: root, diff: modify('accept/t1.sv'), sealed: [at('acc')] })).ok).toBe(
      true,
    );
  });

  it('devices, pipes, folders, binaries and big files are refused without being read', async () => {
    put('bin', Buffer.from([1, 0, 2]));
    put('big', Buffer.alloc(3_000_000, 0x61));
    expect(codes(await applyToWorkspace({ workspace: root, diff: modify('bin') }))).toEqual(['PATCH_BINARY']);
    expect(codes(await applyToWorkspace({ workspace: root, diff: modify('big') }))).toEqual(['PATCH_FILE_TOO_LARGE']);
    expect(codes(await applyToWorkspace({ workspace: root, diff: modify('src') }))).toEqual(['PATCH_PATH_INVALID']);
    expect(codes(await applyToWorkspace({ workspace: root, diff: create('src/a.sv/x') }))).toEqual([
      'PATCH_PATH_INVALID',
    ]);
  });

  it('a hard link is cut, so that its other name keeps its bytes', async () => {
    linkSync(path.join(outside, 'secret'), at('src/hard'));
    expect((await applyToWorkspace({ workspace: root, diff: modify('src/hard') })).ok).toBe(true);
    expect(readFileSync(path.join(outside, 'secret'), 'utf8')).toBe('secret\n');
  });
});

describe('undo', () => {
  it('restores bytes and modes of all files that the job touched, and only those; twice is as once', async () => {
    put('src/mine.sv', 'mine\n');
    const before = tree();
    await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    await applyToWorkspace({
      workspace: root,
      diff: '--- a/src/a.sv\n+++ b/src/a.sv\n@@ -2 +2 @@\n-// new\n+// newer\n',
      undoJob: 'job_1',
    });
    put('src/mine.sv', 'edited\n');
    expect(await undoneFiles(root, 'job_1')).toEqual([
      { path: 'src/a.sv', text: 'module a;\n// old\nendmodule\n' },
      { path: 'src/gone.sv', text: 'gone\n' },
      { path: 'tb/deep/t.sv', text: null },
    ]);
    expect(await undoJob(root, 'job_1')).toEqual(['src/a.sv', 'src/gone.sv', 'tb/deep/t.sv']);
    expect(tree()).toEqual({ ...before, 'src/mine.sv': tree()['src/mine.sv'] });
    expect(text('src/mine.sv')).toBe('edited\n');
    expect(await undoJob(root, 'job_1')).toEqual([]);
  });

  it('restores a mode that alone was changed', async () => {
    await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    await undoJob(root, 'job_1');
    chmodSync(at('src/a.sv'), 0o777);
    expect(await undoJob(root, 'job_1')).toEqual(['src/a.sv']);
    expect(statSync(at('src/a.sv')).mode & 0o777).toBe(0o640);
  });

  it('refuses when the person edited a file since, names it, and writes nothing unless forced', async () => {
    await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    put('src/a.sv', 'module a; // by hand\nendmodule\n');
    const before = tree();
    await expect(undoJob(root, 'job_1')).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      details: { files: ['src/a.sv'] },
    });
    expect(tree()).toEqual(before);
    expect(await undoJob(root, 'job_1', { force: true })).toEqual(['src/a.sv', 'src/gone.sv', 'tb/deep/t.sv']);
    expect(text('src/a.sv')).toContain('// old');
  });

  it('a job that touched nothing has nothing to undo, an id that is no id is refused', async () => {
    expect(await undoJob(root, 'job_9')).toEqual([]);
    await expect(undoJob(root, '../../etc')).rejects.toThrow();
  });

  it('after an undo the same patch applies again', async () => {
    await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    await undoJob(root, 'job_1');
    expect((await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' })).ok).toBe(true);
    expect(text('src/a.sv')).toContain('// new');
  });
});

describe('a job resumed right after its patch', () => {
  it('finds the patch applied and writes nothing', async () => {
    await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    const again = await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
    expect(again).toMatchObject({
      ok: true,
      files: [{ path: 'src/a.sv' }, { path: 'src/gone.sv' }, { path: 'tb/deep/t.sv' }],
    });
    expect(codes(await applyToWorkspace({ workspace: root, diff: PATCH }))).toContain('PATCH_EXISTS');
  });
});

describe('recovery', () => {
  it('does nothing where nothing happened', async () => {
    const before = tree();
    await recoverPatch(root);
    expect(tree()).toEqual(before);
    expect(existsSync(at('.genRTL'))).toBe(false);
  });

  it('a damaged journal is an error, not a guess', async () => {
    put('.genRTL/patch-journal.json', '{"schema_version":1,"entries":[{"path":"../x"');
    await expect(recoverPatch(root)).rejects.toMatchObject({ code: 'STATE_UNREADABLE' });
  });
});
