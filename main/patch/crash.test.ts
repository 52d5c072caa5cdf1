// kill -9 at every point of a patch and of an undo: afterwards all files are new or all are old, never a mixture.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVERYTHING, representatives } from '../../test/representatives.ts';
import { applyToWorkspace, recoverPatch, undoJob } from './index.ts';

let root: string;
const NAMES = ['a', 'b', 'c', 'made'];
const PATCH =
  `${['a', 'b'].map((name) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-old\n+new\n`).join('')}` +
  '--- a/c\n+++ /dev/null\n@@ -1 +0,0 @@\n-old\n--- /dev/null\n+++ b/made\n@@ -0,0 +1 @@\n+new\n';
const OLD = { a: 'old\n', b: 'old\n', c: 'old\n', made: null };
const NEW = { a: 'new\n', b: 'new\n', c: null, made: 'new\n' };

function now(): Record<string, string | null> {
  return Object.fromEntries(
    NAMES.map((name) => [name, existsSync(path.join(root, name)) ? readFileSync(path.join(root, name), 'utf8') : null]),
  );
}

async function child(args: readonly string[], killAfterMs?: number): Promise<NodeJS.Signals | null> {
  const running = spawn(process.execPath, [path.join(import.meta.dirname, 'fixtures/crash-child.ts'), root, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (killAfterMs !== undefined)
    running.stdout.once('data', () => setTimeout(() => running.kill('SIGKILL'), killAfterMs));
  return new Promise((resolve) => running.once('exit', (_code, by) => resolve(by)));
}

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'genrtl-crash-'));
  for (const name of ['a', 'b', 'c']) writeFileSync(path.join(root, name), 'old\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const POINTS = ['staged', 'journaled', 'written:0', 'written:1', 'written:2', 'written:3', 'read_back', 'committed'];

describe('killed while applying', () => {
  it.each(representatives(POINTS, ['journaled', 'written:1', 'committed']))(
    'at %s: recovery ends whole, the job goes on, undo still works',
    async (point) => {
      expect(await child([point, PATCH])).toBe('SIGKILL');
      await recoverPatch(root);
      expect(now()).toEqual(point === 'staged' ? OLD : NEW);
      const again = await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
      expect(again.ok).toBe(true);
      expect(now()).toEqual(NEW);
      expect(readdirSync(path.join(root, '.genRTL'))).toEqual(['undo']);
      await undoJob(root, 'job_1');
      expect(now()).toEqual(OLD);
    },
  );

  it('a file that someone edited in between stops the recovery by name; keeping it finishes the others', async () => {
    expect(await child(['written:0', PATCH])).toBe('SIGKILL');
    writeFileSync(path.join(root, 'b'), 'by hand\n');
    const before = now();
    await expect(recoverPatch(root)).rejects.toMatchObject({ code: 'FILE_CHANGED', details: { files: ['b'] } });
    await expect(applyToWorkspace({ workspace: root, diff: PATCH })).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    expect(now()).toEqual(before);
    await recoverPatch(root, { changed: 'keep' });
    expect(now()).toEqual({ ...NEW, b: 'by hand\n' });
  });

  it('a text put back by hand after it was written is not overwritten', async () => {
    expect(await child(['written:0', PATCH])).toBe('SIGKILL');
    writeFileSync(path.join(root, 'a'), 'old\n');
    await expect(recoverPatch(root)).rejects.toMatchObject({ code: 'FILE_CHANGED', details: { files: ['a'] } });
  });
});

describe('killed while undoing', () => {
  it.each(representatives(['staged', 'journaled', 'written:1', 'read_back', 'committed'], ['written:1']))(
    'at %s: undo again ends in the old files',
    async (point) => {
      await applyToWorkspace({ workspace: root, diff: PATCH, undoJob: 'job_1' });
      expect(await child([point, '', 'undo'])).toBe('SIGKILL');
      await undoJob(root, 'job_1');
      expect(now()).toEqual(OLD);
    },
  );
});

it('killed at any time while patching to and fro, the files agree', async () => {
  for (let round = 0; round < (EVERYTHING ? 8 : 3); round += 1) {
    expect(await child(['', '', 'flip'], round * 17)).toBe('SIGKILL');
    await recoverPatch(root);
    const { a, b, c } = now();
    expect(new Set([a, b, c]).size).toBe(1);
    expect(readdirSync(root).sort()).toEqual(['.genRTL', 'a', 'b', 'c']);
    for (const name of ['a', 'b', 'c']) writeFileSync(path.join(root, name), 'old\n');
  }
});
