// A PATH as it is found on real machines: entries that are files, loops, unreadable, too long, or relative.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listTools } from '../toolbox.ts';
import { findExecutable } from './executable.ts';

const root = mkdtempSync(join(tmpdir(), 'genrtl-path-'));
const good = join(root, 'good');
const PATHS = ['loop', 'file', 'closed', 'x'.repeat(300), '', 'nowhere'].map((name) =>
  name === '' ? '' : join(root, name),
);

beforeAll(() => {
  symlinkSync(join(root, 'loop'), join(root, 'loop'));
  writeFileSync(join(root, 'file'), '');
  mkdirSync(join(root, 'closed'), { mode: 0o000 });
  mkdirSync(good);
  // a folder, a loop and a file without the right to run, all of the tool's name
  mkdirSync(join(root, 'folders/yosys'), { recursive: true });
  mkdirSync(join(root, 'loops'));
  symlinkSync(join(root, 'loops/yosys'), join(root, 'loops/yosys'));
  mkdirSync(join(root, 'plain'));
  writeFileSync(join(root, 'plain/yosys'), '', { mode: 0o644 });
  writeFileSync(join(good, 'yosys'), '#!/bin/sh\n', { mode: 0o755 });
});
afterAll(() => {
  chmodSync(join(root, 'closed'), 0o700);
  rmSync(root, { recursive: true, force: true });
});

it('an unreadable or looping entry of the PATH is passed over', async () => {
  const named = ['folders', 'loops', 'plain'].map((name) => join(root, name));
  expect(findExecutable('yosys', { PATH: [...PATHS, ...named, good].join(':') })).toBe(join(good, 'yosys'));
  expect(findExecutable('yosys', { PATH: [...PATHS, ...named].join(':') })).toBeNull();
  expect(findExecutable('yosys\0', { PATH: good })).toBeNull();
  expect((await listTools({ PATH: PATHS.join(':') })).every(({ found }) => !found)).toBe(true);
});
