// kill -9 in the middle of an installation: the next one ends in the same files, and nothing half-made is ever taken
// for whole.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { installDelivery, listInstalled, verifyVendor } from './index.ts';
import { sample } from './fixtures/sample-package.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-cbb-crash-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const one = sample('cbb_a');
const folder = (): string => path.join(root, '.genRTL/vendor/cbb/cbb_a');

async function killedAt(point: string): Promise<NodeJS.Signals | null> {
  const archive = path.join(root, 'archive.tar.gz');
  writeFileSync(archive, one.archive);
  const running = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'fixtures/crash-child.ts'), root, point, archive, JSON.stringify(one.delivery)],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return new Promise((resolve) => running.once('exit', (_code, signal) => resolve(signal)));
}

it.each(['downloaded', 'unpacked', 'recorded', 'locked'])('killed at %s', async (point) => {
  expect(await killedAt(point)).toBe('SIGKILL');
  const listed = await listInstalled(root);
  expect(listed.map((each) => each.intact)).toEqual(point === 'locked' ? [true] : []);
  await installDelivery({ workspace: root, ...one });
  expect(await verifyVendor(root)).toEqual({ checked: 1, problems: [] });
  expect(readdirSync(folder()).sort()).toEqual(['1.0.0', '1.0.0.files.json']);
});

it('killed while restoring: the damage is still known, and the next attempt restores', async () => {
  await installDelivery({ workspace: root, ...one });
  rmSync(path.join(folder(), '1.0.0'), { recursive: true });
  expect(await killedAt('unpacked')).toBe('SIGKILL');
  await installDelivery({ workspace: root, ...one });
  expect(await verifyVendor(root)).toEqual({ checked: 1, problems: [] });
  expect(readFileSync(path.join(folder(), '1.0.0/rtl/cbb_a.sv'), 'utf8')).toContain('module cbb_a');
});
