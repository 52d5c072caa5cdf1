// Parts of the process that need no database: log, lease book, lock, fault injection, readers of system files.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dieAt } from '../death-points.ts';
import { LeaseBook } from './lease-book.ts';
import { Lifetime } from './lifetime.ts';
import { openLog, scrub } from './log.ts';
import { canEnter } from './postgres-binaries.ts';
import { readPostmasterFile } from './postmaster.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'genrtl-parts-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('log', () => {
  it('scrubs tokens, keys, passwords in URLs and private keys', () => {
    const dirty =
      'Bearer abcdefghijkl sk-proj-1234567890 postgresql://genrtl:hunter2@127.0.0.1/db -----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY----- ok';
    const clean = scrub(dirty);
    for (const secret of ['abcdefghijkl', '1234567890', 'hunter2', 'xx']) expect(clean).not.toContain(secret);
    expect(clean).toMatch(/ ok$/);
  });

  it('is private, scrubbed, and cut down to its last part', async () => {
    const file = join(folder, 'backend.log');
    const log = openLog(file);
    log.error('failed', { url: 'http://u:secret@h/' });
    expect(await readFile(file, 'utf8')).not.toContain('secret');
    expect((await stat(file)).mode & 0o077).toBe(0);
    await writeFile(file, `${'x'.repeat(99)}\n`.repeat(100_000));
    log.info('last line');
    await log.bound();
    const text = await readFile(file, 'utf8');
    expect(text.length).toBeLessThan(1_100_000);
    expect(text).toMatch(/last line/);
    log.info('after the cut');
    expect(await readFile(file, 'utf8')).toMatch(/after the cut/);
  });
});

describe('lease book', () => {
  it('tells when nobody is left, by end or by time, and takes nobody once closed', () => {
    let now = 0;
    let empty = 0;
    const book = new LeaseBook(
      () => {
        empty += 1;
      },
      () => now,
    );
    book.open('a', 1000);
    book.open('b', 5000);
    now = 2000;
    book.expire();
    expect([book.size, empty]).toEqual([1, 0]);
    expect(book.end('unknown')).toBe(1);
    expect(book.end('b')).toBe(0);
    expect(empty).toBe(1);
    book.close();
    expect(book.open('c', 1000)).toBe(0);
  });
});

describe('lifetime', () => {
  it('a process that was stopped for longer than a lease gives its clients their time back', async () => {
    let stopped = 0;
    const lifetime = new Lifetime({
      embedded: true,
      stop: () => {
        stopped += 1;
      },
    });
    lifetime.begin(() => 0);
    try {
      lifetime.leases?.open('client', 1500);
      await delay(600);
      // As after SIGSTOP or a suspended machine: no timer ran, then all are due at once.
      const until = performance.now() + 2500;
      while (performance.now() < until);
      await delay(50);
      expect([lifetime.leases?.size, stopped]).toEqual([1, 0]);
      await expect.poll(() => stopped, { timeout: 3000 }).toBeGreaterThan(0);
    } finally {
      lifetime.end();
    }
  });
});

it('fault injection is inert without its variable, and at other points', () => {
  dieAt('before_settle');
  process.env['GENRTL_TEST_DIE_AT'] = 'after_settle';
  try {
    dieAt('before_settle');
  } finally {
    delete process.env['GENRTL_TEST_DIE_AT'];
  }
});

it('a half-written or foreign postmaster.pid is no server', async () => {
  expect(await readPostmasterFile(folder)).toBeNull();
  for (const [text, expected] of [
    ['', null],
    ['abc\n', null],
    ['-5\n', null],
    ['77\n/data\n1\n5433\n', { pid: 77, port: 5433, status: null }],
  ] as const) {
    await writeFile(join(folder, 'postmaster.pid'), text);
    expect(await readPostmasterFile(folder)).toEqual(expected);
  }
});

it('whether another user can enter a folder is read from every folder above it', async () => {
  const nobody = { uid: 65534, gid: 65534 };
  expect(await canEnter('/usr/bin', nobody)).toBe(true);
  // mkdtemp makes 0700 folders.
  expect(await canEnter(folder, nobody)).toBe(false);
});
