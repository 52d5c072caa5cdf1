// Who may write is the kernel's word: deaths at every point, zombies, other process namespaces, changed host names,
// file systems without hard links or without locks, and what a taken-over owner notices.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs, { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { takeKernelLock, type LockPoint } from './kernel-lock.ts';
import { isRunning } from './process-life.ts';
import { acquireWriterLock, writerAlive } from './writer-lock.ts';

const scratch = mkdtempSync(path.join(os.tmpdir(), 'genrtl-lock-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const fresh = (): string => path.join(mkdtempSync(path.join(scratch, 'w-')), '.genRTL', 'writer.lock');
const LOCK_MODULE = path.join(import.meta.dirname, 'writer-lock.ts');

/** What a process of its own runs: takes the lock, says so and sleeps; or dies at a point of taking or releasing it. */
function script(file: string, dieAt: LockPoint | null = null): string {
  return `const {acquireWriterLock}=await import(${JSON.stringify(LOCK_MODULE)});
const lock=await acquireWriterLock(${JSON.stringify(file)},{passing:(point)=>{if(point===${JSON.stringify(dieAt)})process.kill(process.pid,'SIGKILL')}});
console.log('held');${dieAt === null ? 'setInterval(()=>{},1e6)' : 'await lock.release()'}`;
}

async function holder(file: string, wrapper: string[] = []): Promise<ChildProcess> {
  const [command, ...args] = [...wrapper, process.execPath, '--input-type=module', '-e', script(file)];
  const child = spawn(command ?? '', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error(`it ended: ${said}`)));
  });
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

const busy = (file: string): Promise<unknown> =>
  expect(acquireWriterLock(file)).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });

/** The lock can be had at once and leaves nothing behind. */
async function expectFree(file: string): Promise<void> {
  const lock = await acquireWriterLock(file);
  await lock.release();
  expect(readdirSync(path.dirname(file))).toEqual([]);
}

it('gives the lock to one and names the owner to the other', async () => {
  const file = fresh();
  const lock = await acquireWriterLock(file);
  await expect(acquireWriterLock(file)).rejects.toMatchObject({
    code: 'WORKSPACE_BUSY',
    message: expect.stringContaining(`Process ${process.pid} on ${os.hostname()}`) as string,
  });
  expect(await writerAlive(file)).toBe(true);
  await lock.release();
  expect(await writerAlive(file)).toBe(false);
  await expectFree(file);
});

describe('a dead owner', () => {
  it('killed while it worked: the lock is free at once', async () => {
    const file = fresh();
    const child = await holder(file);
    await busy(file);
    expect(await writerAlive(file)).toBe(true);
    await killed(child);
    expect(await writerAlive(file)).toBe(false);
    await expectFree(file);
  });

  it.each(['opened', 'locked', 'described', 'unlinked'] satisfies LockPoint[])(
    'killed when it had just %s the file: the lock is free at once',
    async (point) => {
      const file = fresh();
      const child = spawnSync(process.execPath, ['--input-type=module', '-e', script(file, point)]);
      expect(child.signal).toBe('SIGKILL');
      await expectFree(file);
    },
  );

  it('that its parent has not collected counts as dead', async () => {
    const file = fresh();
    // The shell starts the owner and never waits for it.
    const parent = spawn(
      'bash',
      [
        '-c',
        'exec 3>&1; "$@" >&3 & echo $! >&3; exec sleep 600',
        'x',
        process.execPath,
        '--input-type=module',
        '-e',
        script(file),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      let said = '';
      await new Promise<void>((resolve) => {
        parent.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString();
          if (said.includes('held')) resolve();
        });
      });
      const pid = Number(/\d+/.exec(said)?.[0]);
      await busy(file);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
      expect(isRunning(pid)).toBe(false);
      await expectFree(file);
    } finally {
      await killed(parent);
    }
  });

  it('lets exactly one of many successors in', async () => {
    const file = fresh();
    await killed(await holder(file));
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => acquireWriterLock(file)));
    expect(results.filter((result) => result.status === 'fulfilled').length).toBe(1);
  });
});

const unshares = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;
describe.skipIf(!unshares)('an owner in another namespace (needs the right to make one)', () => {
  it('of processes: it is seen from here, and when it is killed the lock is free', async () => {
    const file = fresh();
    const child = await holder(file, ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']);
    await expect(acquireWriterLock(file)).rejects.toMatchObject({
      code: 'WORKSPACE_BUSY',
      message: expect.stringMatching(/^Process \d+ on .*\(in a container\)/) as string,
    });
    await killed(child);
    // the namespace ends with its first process
    await expect.poll(() => writerAlive(file)).toBe(false);
    await expectFree(file);
  });

  it('of processes: from inside it sees the owner outside', async () => {
    const file = fresh();
    const lock = await acquireWriterLock(file);
    const inside = spawnSync('unshare', [
      '--pid',
      '--fork',
      '--mount-proc',
      process.execPath,
      '--input-type=module',
      '-e',
      `const {acquireWriterLock}=await import(${JSON.stringify(LOCK_MODULE)});await acquireWriterLock(${JSON.stringify(file)}).catch((error)=>console.log(error.code))`,
    ]);
    expect(inside.stdout.toString().trim()).toBe('WORKSPACE_BUSY');
    await lock.release();
  });

  it('of host names: a machine that was renamed knows its own', async () => {
    const file = fresh();
    const child = await holder(file, ['unshare', '--uts', 'sh', '-c', 'hostname renamed && exec "$@"', 'x']);
    await expect(acquireWriterLock(file)).rejects.toMatchObject({
      message: expect.stringContaining('on renamed,') as string,
    });
    await killed(child);
    await expectFree(file);
  });
});

describe('file systems', () => {
  it('without hard links, and with a lock file that an earlier version or a crash left', async () => {
    const real = { link: fs.link, linkSync: fs.linkSync, promises: fs.promises.link };
    const refuse = (): never => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
    };
    Object.assign(fs, { link: refuse, linkSync: refuse });
    fs.promises.link = refuse;
    syncBuiltinESMExports();
    try {
      const file = fresh();
      mkdirSync(path.dirname(file), { recursive: true });
      for (const left of [
        '',
        '{"host":"',
        '{"host":"elsewhere","boot_id":"b","pid":1,"process_start":"1","token":"t"}',
      ]) {
        writeFileSync(file, left);
        const lock = await acquireWriterLock(file);
        await busy(file);
        await lock.release();
      }
    } finally {
      Object.assign(fs, { link: real.link, linkSync: real.linkSync });
      fs.promises.link = real.promises;
      syncBuiltinESMExports();
    }
  });

  it('without locks: a clear refusal, and a way out for who knows to be alone', async () => {
    const tools = mkdtempSync(path.join(scratch, 'tools-'));
    // util-linux says this where the file system answers ENOLCK
    writeFileSync(path.join(tools, 'flock'), '#!/bin/sh\necho "flock: 3: No locks available" >&2\nexit 71\n', {
      mode: 0o755,
    });
    const file = fresh();
    const before = process.env['GENRTL_TEST_LOCK_PATH'];
    process.env['GENRTL_TEST_LOCK_PATH'] = tools;
    try {
      await expect(acquireWriterLock(file)).rejects.toMatchObject({
        code: 'LOCK_UNAVAILABLE',
        hint: expect.stringContaining('--take-over') as string,
      });
      const lock = await acquireWriterLock(file, { takeOver: true });
      lock.requireHeld();
      await lock.release();
      expect(existsSync(file)).toBe(false);
    } finally {
      if (before === undefined) delete process.env['GENRTL_TEST_LOCK_PATH'];
    }
  });

  it('without the program flock: Perl takes the same lock', async () => {
    const tools = mkdtempSync(path.join(scratch, 'perl-'));
    writeFileSync(path.join(tools, 'perl'), '#!/bin/sh\nexec /usr/bin/perl "$@"\n', { mode: 0o755 });
    const file = fresh();
    const lock = await acquireWriterLock(file);
    process.env['GENRTL_TEST_LOCK_PATH'] = tools;
    try {
      await busy(file);
      await lock.release();
      const own = await acquireWriterLock(file);
      delete process.env['GENRTL_TEST_LOCK_PATH'];
      await busy(file);
      await own.release();
    } finally {
      delete process.env['GENRTL_TEST_LOCK_PATH'];
    }
  });
});

describe('taking over', () => {
  it('an owner out of reach loses the lock and notices before it writes', async () => {
    const file = fresh();
    const first = await acquireWriterLock(file);
    const second = await acquireWriterLock(file, { takeOver: true });
    expect(() => first.requireHeld()).toThrow(expect.objectContaining({ code: 'WORKSPACE_TAKEN_OVER' }) as Error);
    second.requireHeld();
    await busy(file);
    // the loser's release frees nothing
    await first.release();
    await busy(file);
    await second.release();
    await expectFree(file);
  });

  it('a free lock is simply taken', async () => {
    const file = fresh();
    const lock = await acquireWriterLock(file, { takeOver: true });
    await busy(file);
    await lock.release();
  });
});

it('waits for one that lets go in time, and can be told to stop waiting', async () => {
  const file = fresh();
  const first = await acquireWriterLock(file);
  setTimeout(() => void first.release(), 100);
  const second = await takeKernelLock(file, { waitMs: 20_000 });
  expect(second?.held()).toBe(true);
  const enough = new AbortController();
  const third = takeKernelLock(file, { waitMs: 60_000, signal: enough.signal });
  setTimeout(() => enough.abort(), 50);
  expect(await third).toBeNull();
  second?.release();
});
