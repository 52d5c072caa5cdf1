// The explorer's file operations, find in files, large files in parts, drafts.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GenrtlError } from '@genrtl/contracts';
import { trashedFrom, useTestTrash } from '../../test/trash-place.ts';
import type { AnswerMessage } from '../workers/worker-client.ts';
import { Drafts } from './drafts.ts';
import { makeEntry, renameEntry, trashEntry } from './file-operations.ts';
import { FileSearch } from './file-search.ts';
import { HEAD_BYTES, PART_BYTES, continued, readPart } from './large-text.ts';
import { listFiles } from './list-files.ts';

let base: string;
let root: string;
beforeAll(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'genrtl-file-operations-'));
  root = path.join(base, 'workspace');
  await mkdir(path.join(root, 'src'), { recursive: true });
  await mkdir(path.join(root, '.genRTL/vendor/cbb'), { recursive: true });
  await writeFile(path.join(root, 'src/top.sv'), 'module top;\n  wire a; // FIFO\nendmodule\n');
  await writeFile(path.join(root, '.genRTL/vendor/cbb/x.sv'), 'module fifo;\nendmodule\n');
  await symlink(base, path.join(root, 'out'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('file operations', () => {
  test('make, rename and trash; what was trashed lies in the trash with its place', async () => {
    useTestTrash();
    await makeEntry(root, 'tb/new/tb_top.sv', 'file');
    await makeEntry(root, 'doc', 'directory');
    await expect(makeEntry(root, 'doc', 'directory')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await expect(renameEntry(root, 'tb/new/tb_top.sv', 'src/top.sv')).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await renameEntry(root, 'tb/new/tb_top.sv', 'tb/tb_top.sv');
    await writeFile(path.join(root, 'tb/tb_top.sv'), 'kept');
    await trashEntry(root, 'tb/tb_top.sv');
    expect(existsSync(path.join(root, 'tb/tb_top.sv'))).toBe(false);
    expect(await trashedFrom(path.join(root, 'tb/tb_top.sv'))).toEqual(['kept']);
  });
  test.each(['.genRTL/vendor/cbb/x.sv', '.GENRTL/state.json', '.git/config', ''])(
    '%j is out of reach',
    async (locked) => {
      for (const act of [
        () => trashEntry(root, locked),
        () => renameEntry(root, locked, 'y.sv'),
        () => renameEntry(root, 'src/top.sv', locked || '.git/x'),
        () => makeEntry(root, `${locked}/n.sv`.replace(/^\//, '.git/'), 'file'),
      ]) {
        await expect(act()).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
      }
    },
  );
  test.each(['../x', '/etc/x', 'out/x', 'a/../../x', 'x\0y', 'a:b', 'end.', ''])(
    'the name %j is refused',
    async (name) => {
      await expect(makeEntry(root, name, 'file')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    },
  );
  test('a folder does not move into itself', async () => {
    await expect(renameEntry(root, 'src', 'src/inner')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('find in files', () => {
  const search = new FileSearch();
  afterAll(() => search.close());
  const ask = (text: string, change: object = {}) =>
    search.search(root, { text, regex: false, match_case: false, whole_word: false, include: '', ...change });
  test('finds line and column, with case, words and names as asked', async () => {
    const { matches } = await ask('fifo');
    expect(matches.map(({ path: file, line, column }) => `${file}:${line}:${column}`)).toEqual([
      '.genRTL/vendor/cbb/x.sv:1:8',
      'src/top.sv:2:14',
    ]);
    expect(matches[1]).toMatchObject({ text: '  wire a; // FIFO', start: 13, end: 17 });
    expect((await ask('fifo', { match_case: true })).matches).toHaveLength(1);
    expect((await ask('fif', { whole_word: true })).matches).toHaveLength(0);
    expect((await ask('fifo', { include: 'src/' })).matches).toHaveLength(1);
    expect((await ask('^end\\w+', { regex: true, include: '*.sv' })).matches).toHaveLength(2);
  });
  test('makes the texts of a replacement: as written, with groups, without what is locked', async () => {
    const query = { text: 'fifo', regex: false, match_case: false, whole_word: false, include: '' };
    const { files, places, locked } = await search.replace(root, query, '$&$1');
    expect(files).toEqual([
      { path: 'src/top.sv', before: expect.any(String) as string, text: 'module top;\n  wire a; // $&$1\nendmodule\n' },
    ]);
    expect({ places, locked }).toEqual({ places: 1, locked: ['.genRTL/vendor/cbb/x.sv'] });
    const groups = await search.replace(root, { ...query, text: '(wire) (a)', regex: true }, '$2 $1');
    expect(groups.files[0]?.text).toContain('  a wire; // FIFO');
  });
  test('a pattern that is none is refused', async () => {
    await expect(ask('(', { regex: true })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });
  test('the next search ends the one before: at its next file, or with its worker where it never comes to one', async () => {
    const hurried = new FileSearch();
    hurried.prepare();
    await writeFile(path.join(root, 'evil.txt'), `${'a'.repeat(40)}!`);
    const query = { text: 'endmodule', regex: false, match_case: false, whole_word: false, include: '' };
    const endless = { ...query, text: '^(a+)+$', regex: true, include: 'evil' };
    const code = (one: PromiseSettledResult<unknown>): unknown =>
      one.status === 'rejected' ? (one.reason as GenrtlError).code : 'found';
    const together = await Promise.allSettled([query, query, query].map((one) => hurried.search(root, one)));
    expect(together.map(code)).toEqual(['CANCELLED', 'CANCELLED', 'found']);
    const stuck = hurried.search(root, endless);
    const given = expect(stuck).rejects.toMatchObject({ code: 'CANCELLED' });
    await sleep(100);
    expect((await hurried.search(root, query)).matches).toHaveLength(2);
    await given;
    await hurried.close();
  });
  test('a search that was overtaken leaves its worker to the next', async () => {
    const worker = new Worker(new URL('./search-worker.ts', import.meta.url));
    const query = { text: 'endmodule', regex: false, match_case: false, whole_word: false, include: '' };
    const newest = new Int32Array(new SharedArrayBuffer(4));
    newest[0] = 2;
    const answers: AnswerMessage[] = [];
    worker.on('message', (answer: AnswerMessage) => answers.push(answer));
    for (const mine of [1, 2]) worker.postMessage({ id: mine, name: 'search', args: [root, query, { newest, mine }] });
    await vi.waitFor(() => expect(answers).toHaveLength(2), 20_000);
    expect(answers.find(({ id }) => id === 1)).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
    expect(answers.find(({ id }) => id === 2)).toMatchObject({ ok: true });
    await worker.terminate();
  });
  test('one that never ends is stopped, and the next search works', async () => {
    const impatient = new FileSearch(500);
    await writeFile(path.join(root, 'evil.txt'), `${'a'.repeat(40)}!`);
    const endless = { text: '^(a+)+$', regex: true, match_case: false, whole_word: false, include: 'evil' };
    await expect(impatient.search(root, endless)).rejects.toMatchObject({ code: 'SEARCH_TIMEOUT' });
    const next = { ...endless, text: 'endmodule', include: '' };
    expect((await impatient.search(root, next)).matches).toHaveLength(2);
    await impatient.close();
  });
});

test('5,000 files are listed without the run records', async () => {
  const many = path.join(base, 'many');
  for (let folder = 0; folder < 50; folder += 1) {
    await mkdir(path.join(many, `d${folder}`), { recursive: true });
    await Promise.all(Array.from({ length: 100 }, (_, at) => writeFile(path.join(many, `d${folder}/f${at}.v`), '')));
  }
  await mkdir(path.join(many, '.genRTL/runs/x'), { recursive: true });
  await writeFile(path.join(many, '.genRTL/runs/x/log'), '');
  expect(await listFiles(many)).toMatchObject({ files: { length: 5000 }, truncated: false });
  expect(await listFiles(many, 100)).toMatchObject({ files: { length: 100 }, truncated: true });
});

describe('a large file in parts', () => {
  test('parts join to the text, cut between characters; the hash comes last', async () => {
    const text = '芯片 assign y = a;\n'.repeat(80_000);
    await writeFile(path.join(root, 'big.v'), text);
    let joined = '';
    let stamp: string | null = null;
    let sha256: string | null = null;
    for (let offset = 0; sha256 === null; ) {
      const part = await readPart(root, 'big.v', offset, stamp);
      joined += part.text;
      ({ sha256, stamp, next_offset: offset } = part);
    }
    expect(joined).toBe(text);
    // the same, each part asked for without knowing what the one before it said
    const { part_bytes: step, next_offset: head, size_bytes: size } = await readPart(root, 'big.v', 0, stamp);
    expect([step, head]).toEqual([PART_BYTES, HEAD_BYTES]);
    const offsets = [0, ...Array.from({ length: Math.ceil((size - head) / step) }, (_, at) => head + at * step)];
    expect(
      (await Promise.all(offsets.map((offset) => readPart(root, 'big.v', offset, stamp))))
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    await utimes(path.join(root, 'big.v'), 1, 1);
    await expect(readPart(root, 'big.v', PART_BYTES, stamp)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  });
  test('a character that is cut belongs to the part in which it begins', () => {
    const bytes = Buffer.from('aé芯😀');
    expect(Array.from({ length: bytes.length + 1 }, (_, from) => continued(bytes.subarray(from)))).toEqual([
      0, 0, 1, 0, 2, 1, 0, 3, 2, 1, 0,
    ]);
  });
});

test('drafts of a workspace survive, the newest wins, a damaged one hides no other', async () => {
  const drafts = new Drafts(path.join(base, 'home'));
  const draft = (text: string, file = 'src/top.sv') => ({
    path: file,
    text,
    base_sha256: null,
    saved_at: '2026-01-01T00:00:00Z',
  });
  await Promise.all([
    drafts.write(root, draft('one')),
    drafts.write(root, draft('two')),
    drafts.write(root, draft('other', 'tb/x.sv')),
  ]);
  const folder = path.join(base, 'home/drafts');
  await writeFile(path.join(folder, (await readdir(folder))[0] ?? '', 'damaged.json'), '{');
  expect((await new Drafts(path.join(base, 'home')).list(root)).map(({ path: file, text }) => [file, text])).toEqual([
    ['src/top.sv', 'two'],
    ['tb/x.sv', 'other'],
  ]);
  await drafts.drop(root, 'src/top.sv');
  expect(await drafts.list(root)).toHaveLength(1);
  expect(await drafts.list('/elsewhere')).toEqual([]);
});
