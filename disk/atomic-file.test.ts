import { spawnSync } from 'node:child_process';
import fs, {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { replaceFile, sweepTemporaries } from './atomic-file.ts';

let root: string;
const at = (name: string): string => path.join(root, name);
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-atomic-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('makes and replaces files of any size, and leaves nothing beside them', async () => {
  await replaceFile(at('a'), 'one');
  await replaceFile(at('a'), 'zwei – ö');
  const large = Buffer.alloc(3_000_000, 7);
  await replaceFile(at('b'), large);
  expect(readFileSync(at('a'), 'utf8')).toBe('zwei – ö');
  expect(readFileSync(at('b')).equals(large)).toBe(true);
  expect(readdirSync(root).sort()).toEqual(['a', 'b']);
});

it('lands writes of one file in their order, also after one that failed', async () => {
  const sizes = [200_000, 10, 100_000, 20, 70_000, 5];
  await Promise.all(sizes.map((size) => replaceFile(at('a'), 'x'.repeat(size))));
  expect(statSync(at('a')).size).toBe(5);
  const failed = replaceFile(at('missing/a'), 'x');
  const next = replaceFile(at('missing/a'), 'x');
  await expect(failed).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(next).rejects.toMatchObject({ code: 'ENOENT' });
});

it('keeps the mode of a file that is there, takes one that is given, and goes behind links', async () => {
  writeFileSync(at('script'), 'old');
  chmodSync(at('script'), 0o751);
  symlinkSync('script', at('link'));
  await replaceFile(at('link'), 'new');
  expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(at('script'), 'utf8')).toBe('new');
  expect(statSync(at('script')).mode & 0o777).toBe(0o751);
  await replaceFile(at('secret'), 'x', 0o600);
  expect(statSync(at('secret')).mode & 0o777).toBe(0o600);
});

it('leaves the old file and no other when the new one cannot take its place', async () => {
  await expect(replaceFile(root, 'x')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(readdirSync(path.dirname(root)).filter((name) => name.startsWith(`${path.basename(root)}.`))).toEqual([]);
});

it('sweeps what killed processes left: by name, age and owner, and nothing else', async () => {
  const dead = spawnSync('true').pid.toString(36);
  const own = process.pid.toString(36);
  const old = new Date(Date.now() - 3_600_000);
  const left = [`state.json.~${dead}-0123abcd`, `a.sv.~${dead}-89abcdef`];
  const kept = [`young.~${dead}-0123abcd`, `mine.~${own}-0123abcd`, 'core.deadbeef', 'top.sv~', 'state.json'];
  for (const name of [...left, ...kept]) {
    writeFileSync(at(name), '');
    if (!name.startsWith('young')) utimesSync(at(name), old, old);
  }
  expect(sweepTemporaries(root).sort()).toEqual([...left].sort());
  expect(readdirSync(root).sort()).toEqual([...kept].sort());
  expect(sweepTemporaries(at('no folder'))).toEqual([]);
});

it('a process killed in the middle leaves the old file, and what it left is swept later', () => {
  writeFileSync(at('a'), 'old');
  const module = path.join(import.meta.dirname, 'atomic-file.ts');
  const script = `const { replaceFile } = await import(${JSON.stringify(module)});
const pending = replaceFile(${JSON.stringify(at('a'))}, 'x'.repeat(3_000_000)); process.kill(process.pid, 'SIGKILL'); await pending;`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL');
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  expect(readdirSync(root).length).toBe(2);
  expect(sweepTemporaries(root)).toEqual([]);
  expect(sweepTemporaries(root, Date.now() + 3_600_000).length).toBe(1);
  expect(readdirSync(root)).toEqual(['a']);
});

it('is on the disk when it returns: first the data, then the name, then the folder that holds the name', async () => {
  const steps: string[] = [];
  const real = { fsync: fs.fsync, renameSync: fs.renameSync };
  const open = (fd: number): string => readlinkSync(`/proc/self/fd/${fd}`);
  try {
    fs.fsync = Object.assign(
      (fd: number, done: (error: NodeJS.ErrnoException | null) => void) => {
        steps.push(`sync ${path.basename(open(fd)).replace(/~.*/, '~')}`);
        real.fsync(fd, done);
      },
      { __promisify__: real.fsync.__promisify__ },
    );
    fs.renameSync = (from, to) => {
      steps.push(`rename to ${path.basename(String(to))}`);
      real.renameSync(from, to);
    };
    syncBuiltinESMExports();
    vi.resetModules();
    const fresh = await import('./atomic-file.ts');
    await fresh.replaceFile(at('state.json'), 'new');
    await fresh.replaceFile(at('large'), 'x'.repeat(100_000));
  } finally {
    Object.assign(fs, real);
    syncBuiltinESMExports();
    vi.resetModules();
  }
  const folder = `sync ${path.basename(root)}`;
  expect(steps).toEqual([
    'sync state.json.~',
    'rename to state.json',
    folder,
    'sync large.~',
    'rename to large',
    folder,
  ]);
});
