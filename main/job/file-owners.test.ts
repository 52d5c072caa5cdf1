// Whose a file is, told on real files, real undo records and a real repository.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { GenrtlError, type JobSettings } from '@genrtl/contracts';
import { applyToWorkspace, undoJob } from '../patch/index.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { fileOwners, filesOfPatch, letChange, type MayChange } from './file-owners.ts';

const SETTINGS = { accept_file_changes: false } as JobSettings;
const create = (file: string, text: string): string => `--- /dev/null\n+++ b/${file}\n@@ -0,0 +1,1 @@\n+${text}\n`;
const replace = (file: string, from: string, to: string): string =>
  `--- a/${file}\n+++ b/${file}\n@@ -1,1 +1,1 @@\n-${from}\n+${to}\n`;

let base: string;
let root: string;
beforeAll(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'genrtl-owners-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(async () => {
  root = mkdtempSync(path.join(base, 'ws-'));
  await mkdir(path.join(root, 'src'));
});

const write = (file: string, text: string): Promise<void> => writeFile(path.join(root, file), text);
const apply = async (job: string, diff: string): Promise<void> => {
  expect(await applyToWorkspace({ workspace: root, diff, undoJob: job })).toMatchObject({ ok: true });
};
const ownerOf = async (file: string): Promise<string> =>
  (await fileOwners(workspacePaths(root), [file], process.env))[0]?.owner ?? '';
const asking = (change: Partial<MayChange> = {}): MayChange => ({
  paths: workspacePaths(root),
  jobId: 'job_now',
  settings: SETTINGS,
  env: process.env,
  approval: 'none',
  facts: { may_change: undefined, only_files: undefined },
  ...change,
});
const refusedBy = async (files: string[], change: Partial<MayChange> = {}): Promise<string | undefined> =>
  (await letChange(asking(change), files)).refused?.code;

test('a file that a job made is genrtl’s until somebody touches it, and is so again after an undo', async () => {
  await apply('job_1', create('src/a.sv', 'one'));
  expect(await ownerOf('src/a.sv')).toBe('genrtl');
  await apply('job_2', replace('src/a.sv', 'one', 'two'));
  expect(await ownerOf('src/a.sv')).toBe('genrtl');
  await undoJob(root, 'job_2');
  expect(await ownerOf('src/a.sv')).toBe('genrtl');
  await write('src/a.sv', 'one // and mine\n');
  expect(await ownerOf('src/a.sv')).toBe('person');
});

test('a file of the person’s stays the person’s, whatever a job changed in it', async () => {
  await write('src/top.sv', 'by hand\n');
  await apply('job_1', replace('src/top.sv', 'by hand', 'by a job'));
  expect(await ownerOf('src/top.sv')).toBe('person');
  expect(await ownerOf('src/none.sv')).toBe('nobody');
});

test('what is no plain file, or lies outside, is never genrtl’s', async () => {
  await symlink('/etc/hostname', path.join(root, 'src/link.sv'));
  const owners = await fileOwners(workspacePaths(root), ['src/link.sv', 'src', '../x', '/etc/hostname'], process.env);
  expect(owners.map(({ owner, sha256 }) => [owner, sha256])).toEqual(Array.from({ length: 4 }, () => ['person', null]));
});

test('git says what it tracks, below the root of its repository too, and runs nothing that the repository names', async () => {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: base, encoding: 'utf8', stdio: 'pipe' });
  await write('src/old.sv', 'x\n');
  await write('src/-new file.sv', 'y\n');
  expect((await fileOwners(workspacePaths(root), ['src/old.sv'], process.env))[0]?.tracked).toBeNull();
  git('init', '-q');
  git('add', path.join(root, 'src/old.sv'));
  git('config', 'core.fsmonitor', `touch ${path.join(base, 'ran')}`);
  const owners = await fileOwners(workspacePaths(root), ['src/old.sv', 'src/-new file.sv', 'src/none.sv'], process.env);
  expect(owners.map(({ tracked }) => tracked)).toEqual([true, false, false]);
  await expect(readFile(path.join(base, 'ran'))).rejects.toThrow('ENOENT');
  rmSync(path.join(base, '.git'), { recursive: true });
});

test('a job asks before it changes the person’s file, and only before the text that was let go changes', async () => {
  await write('src/top.sv', 'by hand\n');
  expect(await refusedBy(['src/top.sv', 'src/new.sv'])).toBe('FILE_OWNED');
  expect(await refusedBy(['src/new.sv'])).toBeUndefined();
  expect(await refusedBy(['src/top.sv'], { settings: { ...SETTINGS, accept_file_changes: true } })).toBeUndefined();
  const { may_change } = await letChange(asking({ approval: 'gate' }), ['src/top.sv']);
  const facts = { may_change, only_files: undefined };
  expect(await refusedBy(['src/top.sv'], { facts })).toBeUndefined();
  // what the job itself made of it may be repaired without another word
  await apply('job_now', replace('src/top.sv', 'by hand', 'by the job'));
  expect(await refusedBy(['src/top.sv'], { facts })).toBeUndefined();
  expect(await refusedBy(['src/top.sv'], { facts, jobId: 'job_later' })).toBe('FILE_OWNED');
  await write('src/top.sv', 'by hand again\n');
  expect(await refusedBy(['src/top.sv'], { facts })).toBe('FILE_OWNED');
  // mending a finding in a file was the person's own wish
  expect(await refusedBy(['src/top.sv'], { facts: { ...facts, only_files: ['src/top.sv'] } })).toBeUndefined();
});

test('a deletion and a move ask as a change does', async () => {
  await write('src/a.sv', 'mine\n');
  const deletion = '--- a/src/a.sv\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-mine\n';
  const move = 'diff --git a/src/a.sv b/src/b.sv\nrename from src/a.sv\nrename to src/b.sv\n';
  for (const diff of [deletion, move]) expect(await refusedBy(filesOfPatch(diff))).toBe('FILE_OWNED');
  const refused = (await letChange(asking(), ['src/a.sv'])).refused;
  expect(refused).toBeInstanceOf(GenrtlError);
  expect(refused?.details).toEqual({ files: [{ path: 'src/a.sv', owner: 'person', tracked: null }] });
});
