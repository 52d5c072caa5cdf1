// What the workspace's own file says beside the person's settings: limits, and waivers with their reasons.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readSettings, readWorkspaceWaivers } from './effective.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'genrtl-effective-'));
  await mkdir(path.join(root, '.genRTL'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (content: unknown): Promise<void> =>
  writeFile(path.join(root, '.genRTL/settings.json'), JSON.stringify(content));
const settings = () => readSettings({ GENRTL_HOME: path.join(root, 'home') }, root);

it('the floor of a bench is 0.6 unless the workspace says otherwise', async () => {
  expect((await settings()).min_strength).toBe(0.6);
  expect(await readWorkspaceWaivers(root)).toEqual([]);
  await write({ min_strength: 0.9 });
  expect((await settings()).min_strength).toBe(0.9);
});

it('waivers are texts or objects', async () => {
  const waiver = { kind: 'output', name: 'spare', reason: 'not bonded out' };
  await write({ waive: ['output:spare=not bonded out', waiver] });
  expect(await readWorkspaceWaivers(root)).toEqual([waiver, waiver]);
});

it('a waiver without reason is refused with its place', async () => {
  await write({ waive: ['output:spare='] });
  await expect(readWorkspaceWaivers(root)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('waive.0') as string,
  });
  await expect(settings()).rejects.toMatchObject({ code: 'USAGE' });
});

it('the project file says so for everybody, the workspace’s own file before it', async () => {
  await writeFile(
    path.join(root, 'genrtl.yaml'),
    'version: 1\nmin_strength: 0.7\nwaive: ["stub:x=constant by design", { kind: output, name: spare, reason: later }]\n',
  );
  expect((await settings()).min_strength).toBe(0.7);
  await write({ min_strength: 0.9, waive: ['output:spare=not bonded out'] });
  expect((await settings()).min_strength).toBe(0.9);
  expect(await readWorkspaceWaivers(root)).toEqual([
    { kind: 'output', name: 'spare', reason: 'not bonded out' },
    { kind: 'stub', name: 'x', reason: 'constant by design' },
    { kind: 'output', name: 'spare', reason: 'later' },
  ]);
});
