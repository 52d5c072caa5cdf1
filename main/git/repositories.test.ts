// Real repositories in folders of their own, the real git.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { GitRepositoryView } from '@genrtl/contracts/git.ts';
import { OpenWorkspaces } from '../workspace/open-workspaces.ts';
import { gitHandlers } from '../ipc/handlers/git.ts';
import { trashedFrom, useTestTrash } from '../../test/trash-place.ts';
import { Repositories } from './repositories.ts';

let base: string;
let root: string;
let ran: string;
let repositories: Repositories;
let calls: ReturnType<typeof gitHandlers>;
let env: NodeJS.ProcessEnv;
const changed = vi.fn();

beforeAll(() => {
  base = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'genrtl-git-')));
  useTestTrash();
  env = {
    PATH: process.env['PATH'],
    HOME: base,
    GENRTL_HOME: path.join(base, 'genrtl'),
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: 'pipe', env });
const file = (name: string): string => path.join(root, name);
const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), text);
};
const read = (name: string): string => readFileSync(file(name), 'utf8');
const nothing = { trust: null };

beforeEach(async () => {
  const made = path.join(base, `ws ${Math.random().toString(36).slice(2)}`);
  mkdirSync(made);
  root = realpathSync(made);
  ran = path.join(base, `ran-${path.basename(root)}`);
  repositories = new Repositories(env, changed);
  const workspaces = new OpenWorkspaces();
  await workspaces.open(root);
  calls = gitHandlers(repositories, workspaces, env);
  return () => repositories.close();
});

async function committed(files: Readonly<Record<string, string>>): Promise<void> {
  git('init', '-q', '-b', 'main');
  for (const [name, text] of Object.entries(files)) write(name, text);
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
}
async function status(): Promise<GitRepositoryView> {
  const view = await calls['git.status']({ workspace: root });
  if (view.state !== 'repository') throw new Error(`state ${view.state}`);
  return view;
}
const entries = async (): Promise<string[]> =>
  (await status()).entries.map(
    ({ path: name, staged, unstaged, from }) =>
      `${name} ${staged ?? '-'} ${unstaged ?? '-'}${from === null ? '' : ` from ${from}`}`,
  );

test('no git, no repository and a repository that git refuses are each said', async () => {
  expect(await calls['git.status']({ workspace: root })).toEqual({ state: 'no_repository' });
  const workspaces = new OpenWorkspaces();
  await workspaces.open(root);
  const without = gitHandlers(new Repositories({ ...env, PATH: base }, changed), workspaces, { ...env, PATH: base });
  expect(await without['git.status']({ workspace: root })).toEqual({ state: 'no_git' });
  await expect(without['git.log']({ workspace: root, path: null })).rejects.toMatchObject({ code: 'GIT_MISSING' });
  await calls['git.init']({ workspace: root });
  expect(await status()).toMatchObject({ commit: null, entries: [], root });
  writeFileSync(file('.git/config'), '[core\n');
  expect(await calls['git.status']({ workspace: root })).toMatchObject({ state: 'refused' });
});

test('every kind of change is told, with any name, relative to a workspace below the root too', async () => {
  await committed({ 'a.sv': 'a\n', 'b.sv': 'b\n', 'c.sv': 'c\n', 'long enough.sv': 'one\ntwo\nthree\nfour\n' });
  write('a.sv', 'a2\n');
  git('add', 'a.sv');
  write('a.sv', 'a3\n');
  rmSync(file('b.sv'));
  git('mv', 'long enough.sv', 'new\nname\t.sv');
  write('src/deep/x.sv', 'x\n');
  write('-n.sv', 'y\n');
  git('rm', '-q', '--cached', 'c.sv');
  expect(await entries()).toEqual([
    'a.sv modified modified',
    'b.sv - deleted',
    'c.sv deleted -',
    'new\nname\t.sv renamed - from long enough.sv',
    '-n.sv - untracked',
    'c.sv - untracked',
    'src - untracked',
  ]);
  const workspaces = new OpenWorkspaces();
  const below = await workspaces.open(file('src'));
  const view = await gitHandlers(repositories, workspaces, env)['git.status']({ workspace: below });
  // all of it is untracked, and what is staged above goes into a commit as well
  expect(view).toMatchObject({ root, staged_elsewhere: 4, entries: [{ path: '', kind: 'folder' }] });
});

test('branch, upstream and what is going on are told; conflicts are', async () => {
  await committed({ 'a.sv': 'a\n' });
  git('switch', '-q', '-c', 'other');
  write('a.sv', 'other\n');
  git('commit', '-q', '-am', 'other');
  git('switch', '-q', 'main');
  git('branch', '-q', '-u', 'other');
  write('a.sv', 'mine\n');
  git('commit', '-q', '-am', 'mine');
  expect(await status()).toMatchObject({ branch: 'main', upstream: 'other', ahead: 1, behind: 1, doing: null });
  expect(() => git('merge', '-q', 'other')).toThrow();
  expect(await status()).toMatchObject({ doing: 'merge' });
  expect(await entries()).toEqual(['a.sv - conflict']);
  await expect(calls['git.discard']({ workspace: root, ...nothing, paths: ['a.sv'] })).rejects.toThrow('in conflict');
  git('merge', '--abort');
  git('checkout', '-q', '--detach');
  expect(await status()).toMatchObject({ branch: null });
});

test('texts of HEAD, index, disk and of commits; what is no text says why', async () => {
  await committed({
    'a.sv': 'one\n',
    'bin.hex': 'x\0y',
    'lfs.bin': 'version https://git-lfs.github.com/spec/v1\noid\n',
  });
  write('a.sv', 'two\n');
  git('add', 'a.sv');
  write('a.sv', 'three\n');
  const at = async (place: string, name = 'a.sv'): Promise<unknown> => {
    const { text, why } = await calls['git.text']({ workspace: root, path: name, at: place });
    return text ?? why;
  };
  expect([await at('head'), await at('index'), await at('disk')]).toEqual(['one\n', 'two\n', 'three\n']);
  expect([await at('head', 'none.sv'), await at('index', 'none.sv'), await at('disk', 'none.sv')]).toEqual([
    'absent',
    'absent',
    'absent',
  ]);
  expect([await at('head', 'bin.hex'), await at('disk', 'bin.hex')]).toEqual(['binary', 'binary']);
  expect(await at('head', 'lfs.bin')).toBe('filtered');
  write('a.sv', `${'x'.repeat(4_000_100)}\n`);
  git('commit', '-q', '-am', 'large');
  expect([await at('head'), await at('disk')]).toEqual(['too_large', 'too_large']);
  const { commits } = await calls['git.log']({ workspace: root, path: 'a.sv' });
  expect(commits.map(({ subject }) => subject)).toEqual(['large', 'first']);
  const last = commits.at(-1)?.hash ?? '';
  expect([await at(last), await at(`${last}^`)]).toEqual(['one\n', 'absent']);
  await expect(at('head', '../outside')).rejects.toThrow('outside the workspace');
});

test('stage, commit, unstage: what only the index held is still an object', async () => {
  await committed({ 'a.sv': 'a\n', 'b.sv': 'b\n' });
  write('a.sv', 'staged\n');
  rmSync(file('b.sv'));
  write('*.sv', 'a star is a name\n');
  await calls['git.stage']({ workspace: root, ...nothing, paths: ['a.sv', 'b.sv', '*.sv'] });
  write('a.sv', 'disk\n');
  expect(await entries()).toEqual(['*.sv added -', 'a.sv modified modified', 'b.sv deleted -']);
  const { kept } = await calls['git.unstage']({ workspace: root, ...nothing, paths: ['a.sv', '*.sv'] });
  expect(kept.map(({ path: name }) => name)).toEqual(['a.sv']);
  expect(git('cat-file', 'blob', kept[0]?.object ?? '')).toBe('staged\n');
  expect(read('a.sv')).toBe('disk\n');
  expect(await entries()).toEqual(['a.sv - modified', 'b.sv deleted -', '*.sv - untracked']);
  const { hash } = await calls['git.commit']({ workspace: root, ...nothing, message: '# 1: fewer files\n\nA body.' });
  expect(git('log', '-1', '--format=%H %B').trim()).toBe(`${hash} # 1: fewer files\n\nA body.`);
  await expect(calls['git.commit']({ workspace: root, ...nothing, message: 'x' })).rejects.toMatchObject({
    code: 'GIT_FAILED',
  });
  await expect(calls['git.stage']({ workspace: root, ...nothing, paths: ['../x'] })).rejects.toThrow('outside');
});

test('the first commit: staged and unstaged without a HEAD', async () => {
  git('init', '-q');
  write('a.sv', 'a\n');
  await calls['git.stage']({ workspace: root, ...nothing, paths: [''] });
  expect(await entries()).toEqual(['a.sv added -']);
  await calls['git.unstage']({ workspace: root, ...nothing, paths: [''] });
  expect(await entries()).toEqual(['a.sv - untracked']);
  expect((await calls['git.log']({ workspace: root, path: null })).commits).toEqual([]);
});

test('a discard puts what it takes away into the trash, and can be taken back', async () => {
  await committed({ 'a.sv': 'a\n', 'gone.sv': 'gone\n' });
  write('a.sv', 'hours of work\n');
  write('new.sv', 'new work\n');
  rmSync(file('gone.sv'));
  const { undo, files } = await calls['git.discard']({
    workspace: root,
    ...nothing,
    paths: ['a.sv', 'new.sv', 'gone.sv'],
  });
  expect(files).toEqual(['a.sv', 'gone.sv', 'new.sv']);
  expect([read('a.sv'), read('gone.sv'), existsSync(file('new.sv'))]).toEqual(['a\n', 'gone\n', false]);
  expect([await trashedFrom(file('a.sv')), await trashedFrom(file('new.sv'))]).toEqual([
    ['hours of work\n'],
    ['new work\n'],
  ]);
  await calls['git.undo_discard']({ workspace: root, undo: undo ?? '' });
  expect([read('a.sv'), read('new.sv'), existsSync(file('gone.sv'))]).toEqual(['hours of work\n', 'new work\n', false]);
  // what was typed after a discard is not overwritten by taking it back
  const again = await calls['git.discard']({ workspace: root, ...nothing, paths: ['a.sv'] });
  write('a.sv', 'typed since\n');
  await expect(calls['git.undo_discard']({ workspace: root, undo: again.undo ?? '' })).rejects.toMatchObject({
    code: 'FILE_CHANGED',
  });
  expect(read('a.sv')).toBe('typed since\n');
});

test('branches are made and switched; git’s refusal to overwrite changes comes in its words', async () => {
  await committed({ 'a.sv': 'a\n' });
  await calls['git.switch']({ workspace: root, ...nothing, branch: 'fix/a', create: true });
  write('a.sv', 'b\n');
  git('commit', '-q', '-am', 'b');
  write('a.sv', 'unsaved to git\n');
  await expect(
    calls['git.switch']({ workspace: root, ...nothing, branch: 'main', create: false }),
  ).rejects.toMatchObject({ code: 'GIT_FAILED', message: expect.stringContaining('a.sv') as string });
  expect(read('a.sv')).toBe('unsaved to git\n');
  const { branches } = await calls['git.branches']({ workspace: root });
  expect(branches).toEqual([
    { name: 'fix/a', current: true, subject: 'b' },
    { name: 'main', current: false, subject: 'first' },
  ]);
  for (const branch of ['-f', '@{-1}', 'a b', 'x..y'])
    await expect(calls['git.switch']({ workspace: root, ...nothing, branch, create: true })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
});

test('a lock of another git is said, and told by the status', async () => {
  await committed({ 'a.sv': 'a\n' });
  write('a.sv', 'b\n');
  writeFileSync(file('.git/index.lock'), '');
  expect(await status()).toMatchObject({ locked: true });
  await expect(calls['git.stage']({ workspace: root, ...nothing, paths: ['a.sv'] })).rejects.toMatchObject({
    code: 'GIT_LOCKED',
  });
});

test('looking at a stranger’s repository runs nothing that it names', async () => {
  await committed({ 'a.sv': 'a\n', '.gitattributes': '* filter=evil diff=evil\n' });
  const evil = `touch '${ran}'; cat`;
  for (const [key, value] of [
    ['core.fsmonitor', evil],
    ['core.pager', evil],
    ['core.sshCommand', evil],
    ['filter.evil.clean', evil],
    ['filter.evil.smudge', evil],
    ['filter.evil.process', evil],
    ['filter.evil.required', 'true'],
    ['diff.external', evil],
    ['diff.evil.textconv', evil],
    ['diff.evil.command', evil],
    ['log.showSignature', 'true'],
    ['gpg.program', evil],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.url', `ext::sh -c "${evil}"`],
    ['remote.origin.promisor', 'true'],
    ['protocol.ext.allow', 'always'],
  ] as const)
    git('config', key, value);
  for (const hook of ['post-index-change', 'pre-commit', 'post-checkout', 'reference-transaction']) {
    writeFileSync(file(`.git/hooks/${hook}`), `#!/bin/sh\ntouch '${ran}'\n`);
    chmodSync(file(`.git/hooks/${hook}`), 0o755);
  }
  // as long as before, so that git has to read it
  write('a.sv', 'b\n');
  expect(await entries()).toEqual(['a.sv - modified']);
  for (const at of ['head', 'index', 'disk', 'a'.repeat(40)])
    await calls['git.text']({ workspace: root, path: 'a.sv', at }).catch(() => undefined);
  await calls['git.log']({ workspace: root, path: 'a.sv' });
  await calls['git.branches']({ workspace: root });
  const blob = git('rev-parse', 'HEAD:a.sv').trim();
  rmSync(file(`.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`));
  await calls['git.text']({ workspace: root, path: 'a.sv', at: 'head' }).catch(() => undefined);
  expect(existsSync(ran)).toBe(false);
  // a change would run them: each is named, and nothing happens before a person trusts them
  const refused: unknown = await calls['git.stage']({ workspace: root, ...nothing, paths: ['a.sv'] }).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: 'GIT_UNTRUSTED' });
  const { programs, key } = (refused as { details: { programs: { name: string }[]; key: string } }).details;
  expect(programs.map(({ name }) => name).sort()).toEqual([
    `filter.evil.clean=${evil}`,
    `filter.evil.process=${evil}`,
    `filter.evil.smudge=${evil}`,
    `gpg.program=${evil}`,
    'post-checkout',
    'post-index-change',
    'pre-commit',
    'reference-transaction',
  ]);
  await expect(calls['git.commit']({ workspace: root, trust: 'not the key', message: 'x' })).rejects.toMatchObject({
    code: 'GIT_UNTRUSTED',
  });
  expect(existsSync(ran)).toBe(false);
  git('config', '--unset', 'filter.evil.process');
  const other = await calls['git.stage']({ workspace: root, trust: key, paths: ['a.sv'] }).catch(
    (error: unknown) => error,
  );
  // what changed since it was looked at is another one
  expect(other).toMatchObject({ code: 'GIT_UNTRUSTED' });
  expect(existsSync(ran)).toBe(false);
});

test('hooks are respected once they are trusted, and their refusal is told', async () => {
  await committed({ 'a.sv': 'a\n' });
  const hook = file('.git/hooks/pre-commit');
  writeFileSync(hook, '#!/bin/sh\necho "no TODO in RTL" >&2\nexit 1\n');
  chmodSync(hook, 0o755);
  write('a.sv', 'TODO\n');
  const refused: unknown = await calls['git.stage']({ workspace: root, ...nothing, paths: ['a.sv'] }).catch(
    (error: unknown) => error,
  );
  const { key } = (refused as { details: { key: string } }).details;
  await calls['git.stage']({ workspace: root, trust: key, paths: ['a.sv'] });
  // trusted from now on
  await expect(calls['git.commit']({ workspace: root, ...nothing, message: 'x' })).rejects.toMatchObject({
    code: 'GIT_FAILED',
    message: expect.stringContaining('no TODO in RTL') as string,
  });
  writeFileSync(hook, `#!/bin/sh\ntouch '${ran}'\n`);
  await expect(calls['git.commit']({ workspace: root, ...nothing, message: 'x' })).rejects.toMatchObject({
    code: 'GIT_UNTRUSTED',
  });
  expect(existsSync(ran)).toBe(false);
});

test('a hook that does not end is stopped, with what it started', async () => {
  await committed({ 'a.sv': 'a\n' });
  writeFileSync(file('.git/hooks/pre-commit'), `#!/bin/sh\ntouch '${ran}'\nsleep 600\n`);
  chmodSync(file('.git/hooks/pre-commit'), 0o755);
  write('a.sv', 'b\n');
  git('add', 'a.sv');
  const refused: unknown = await calls['git.commit']({ workspace: root, ...nothing, message: 'x' }).catch(
    (error: unknown) => error,
  );
  const { key } = (refused as { details: { key: string } }).details;
  const committing = calls['git.commit']({ workspace: root, trust: key, message: 'x' });
  const ended = expect(committing).rejects.toMatchObject({ code: 'CANCELLED' });
  await vi.waitFor(() => expect(existsSync(ran)).toBe(true), { timeout: 10_000 });
  await calls['git.stop']({ workspace: root });
  await ended;
});

test('a file tree that looks like a bare repository is none', async () => {
  execFileSync('git', ['init', '-q', '--bare', root], { env });
  git('--git-dir', root, 'config', 'core.fsmonitor', `touch '${ran}'`);
  expect((await calls['git.status']({ workspace: root })).state).not.toBe('repository');
  expect(existsSync(ran)).toBe(false);
});

test('many changes are bounded, and a burst of questions is one look', async () => {
  await committed({ 'a.sv': 'a\n' });
  for (let at = 0; at < 5100; at += 1) writeFileSync(file(`f${at}.v`), '');
  const views = await Promise.all(Array.from({ length: 20 }, () => status()));
  expect(views[0]?.entries.length).toBe(5000);
  expect(views[0]?.truncated).toBe(true);
  // the first sees its own look, all others share the next
  expect(new Set(views).size).toBe(2);
  await expect(calls['git.discard']({ workspace: root, ...nothing, paths: [''] })).rejects.toThrow('more changes');
});

test('changes by another git are told', async () => {
  await committed({ 'a.sv': 'a\n' });
  await status();
  changed.mockClear();
  write('a.sv', 'b\n');
  git('commit', '-q', '-am', 'from the terminal');
  await vi.waitFor(() => expect(changed).toHaveBeenCalledWith(root), { timeout: 10_000 });
});
