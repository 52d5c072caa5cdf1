// A lock that the kernel holds for a process: it ends with the process, however that dies, and no pid, host name or
// clock is asked. Linux: flock(2), taken by a helper on a descriptor that it inherits; the lock belongs to the open
// file, which stays open here. macOS and Windows: the open itself takes the lock.
import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { statSync, unlinkSync, writeSync, type BigIntStats } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';

export interface KernelLock {
  /** false once somebody took the lock over, or removed its file: this process must not write any more */
  held(): boolean;
  /** Text for whoever finds the lock taken; it decides nothing. */
  describe(text: string): void;
  release(): void;
}

/** Where tests end the process. */
export type LockPoint = 'opened' | 'locked' | 'described' | 'unlinked';

export interface LockOptions {
  /** how long another holder is waited for */
  readonly waitMs?: number;
  /** takes the lock from whoever has it, and goes on without one where the file system has none */
  readonly takeOver?: boolean;
  readonly signal?: AbortSignal;
  readonly passing?: (point: LockPoint) => void;
}

/** O_EXLOCK of macOS; of libuv on Windows, where nobody else can open the file then. */
const EXCLUSIVE_OPEN: Partial<Record<NodeJS.Platform, number>> = {
  darwin: 0x20 | constants.O_NONBLOCK,
  win32: 0x10000000,
};
const BUSY = new Set(['EAGAIN', 'EWOULDBLOCK', 'EBUSY', 'EPERM']);
const POLL_MS = 50;

/**
 * The lock of a file, which is made when missing; null when another process has it. Throws LOCK_UNAVAILABLE where the
 * system or the file system has no such locks, and errors of the file system as they come.
 */
export async function takeKernelLock(file: string, options: LockOptions = {}): Promise<KernelLock | null> {
  mkdirSync(path.dirname(file), { recursive: true });
  for (;;) {
    const lock = await tryLock(file, options).catch((error: unknown) => {
      if (options.takeOver === true && GenrtlError.of(error).code === 'LOCK_UNAVAILABLE') return replaceFile(file);
      throw error;
    });
    if (lock === 'replaced meanwhile') continue;
    if (lock !== null || options.takeOver !== true) return lock;
    return replaceFile(file);
  }
}

async function tryLock(file: string, options: LockOptions): Promise<KernelLock | null | 'replaced meanwhile'> {
  const passing = options.passing ?? (() => undefined);
  const fd = await openLocked(file, options);
  if (fd === null) return null;
  passing('locked');
  const lock = lockOn(file, fd, passing);
  if (lock.held()) return lock;
  closeSync(fd);
  return 'replaced meanwhile';
}

/** An open descriptor that carries the lock; null when another process has it. */
async function openLocked(file: string, { waitMs = 0, signal, passing }: LockOptions): Promise<number | null> {
  const flags = constants.O_RDWR | constants.O_CREAT;
  const exclusive = EXCLUSIVE_OPEN[process.platform];
  if (exclusive === undefined) {
    const fd = openSync(file, flags, 0o600);
    passing?.('opened');
    try {
      if (await flock(fd, waitMs, signal)) return fd;
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
    return null;
  }
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      return openSync(file, flags | exclusive, 0o600);
    } catch (error) {
      if (!BUSY.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      if (waited >= waitMs || signal?.aborted === true) return null;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

/** flock of util-linux or busybox, else of Perl: one of them is part of every Linux. */
const HELPERS: readonly (readonly [command: string, args: (waitSeconds: number) => string[]])[] = [
  ['flock', (wait) => (wait > 0 ? ['-w', String(wait), '3'] : ['-n', '3'])],
  [
    'perl',
    (wait) => [
      '-MErrno=EWOULDBLOCK',
      '-e',
      'open(my $f, "+<&=", 3) or die "$!"; for (my $w = $ARGV[0]; ; $w -= 0.05) { exit 0 if flock($f, 6); die "$!" if $! != EWOULDBLOCK; exit 1 if $w <= 0; select(undef, undef, undef, 0.05) }',
      String(wait),
    ],
  ],
];

/** Where systems keep them; the person's own PATH may lead anywhere. */
const HELPER_PATH = '/usr/bin:/bin:/usr/local/bin:/usr/sbin:/sbin:/run/current-system/sw/bin';

/** True when the descriptor's file is locked now, false when it belongs to another. */
async function flock(fd: number, waitMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  for (const [command, args] of HELPERS) {
    const answer = await runHelper(command, args(waitMs / 1000), fd, signal);
    if (answer === 'missing') continue;
    if (answer.code === 0) return true;
    if (answer.code === 1 || signal?.aborted === true) return false;
    throw new GenrtlError('LOCK_UNAVAILABLE', 'The file system of this folder cannot lock files.', {
      details: { reason: answer.said.trim().slice(0, 200) },
    });
  }
  throw new GenrtlError('LOCK_UNAVAILABLE', 'This system has no program that locks files.', {
    hint: 'Install util-linux (the program flock).',
  });
}

function runHelper(
  command: string,
  args: string[],
  fd: number,
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; said: string } | 'missing'> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe', fd],
      env: { PATH: process.env['GENRTL_TEST_LOCK_PATH'] ?? HELPER_PATH, LC_ALL: 'C' },
      ...(signal === undefined ? {} : { signal }),
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 1000);
    });
    child.on('error', (error) => {
      if (error.name !== 'AbortError') resolve('missing');
    });
    child.on('close', (code) => resolve({ code, said }));
  });
}

/** Puts a file of one's own in the lock's place: whoever had the old one finds that on the next look. */
async function replaceFile(file: string): Promise<KernelLock | null> {
  const mine = `${file}.${randomBytes(4).toString('hex')}`;
  const fd = await openLocked(mine, {}).catch((error: unknown) => {
    if (GenrtlError.of(error).code !== 'LOCK_UNAVAILABLE') throw error;
    // Nothing can be locked here: the file says who works, and that is all.
    return openSync(mine, constants.O_RDWR | constants.O_CREAT, 0o600);
  });
  if (fd === null) return null;
  try {
    renameSync(mine, file);
  } catch (error) {
    closeSync(fd);
    rmSync(mine, { force: true });
    throw error;
  }
  return lockOn(file, fd, () => undefined);
}

function lockOn(file: string, fd: number, passing: (point: LockPoint) => void): KernelLock {
  const identity = fstatSync(fd, { bigint: true });
  const held = (): boolean => {
    const now: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
    return now !== undefined && now.ino === identity.ino && now.dev === identity.dev;
  };
  let open = true;
  return {
    held: () => open && held(),
    describe: (text) => {
      ftruncateSync(fd, 0);
      writeSync(fd, text, 0);
      passing('described');
    },
    release: () => {
      if (!open) return;
      open = false;
      // While it is held still: who waits for this file finds another in its place, or none, and tries again.
      try {
        if (held()) unlinkSync(file);
      } catch {
        // a read-only folder keeps it, which locks nobody out
      }
      passing('unlinked');
      closeSync(fd);
    },
  };
}

/** What the lock's holder wrote of itself; empty when there is none, or nothing can be read. */
export function lockDescription(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
