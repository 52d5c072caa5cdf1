// PostgreSQL refuses to run as root: as root the server runs as the system user `postgres`, made when missing.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GenrtlError } from '@genrtl/contracts';

const run = promisify(execFile);
const APPEAR_MS = 3000;
const LOOK_MS = 100;

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run the server as, or null to run it as ourselves. */
export async function serverUser(uid = process.getuid?.()): Promise<SystemUser | null> {
  if (uid !== 0) return null;
  const known = await lookUp('postgres');
  if (known !== null) return known;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch (cause) {
    // Two backends may start at once on a fresh machine: the other one may have made it, or holds the lock of the user
    // files.
    const made = await appearing('postgres');
    if (made !== null) return made;
    throw new GenrtlError('BACKEND_START_FAILED', 'The system user "postgres" is missing and could not be created', {
      cause,
      hint: 'Create the user, run genRTL as a normal user, or set DATABASE_URL to a PostgreSQL server.',
    });
  }
  const made = await lookUp('postgres');
  if (made === null)
    throw new GenrtlError('BACKEND_START_FAILED', 'The system user "postgres" was created but cannot be found');
  return made;
}

async function appearing(name: string): Promise<SystemUser | null> {
  for (let waited = 0; waited < APPEAR_MS; waited += LOOK_MS) {
    const user = await lookUp(name);
    if (user !== null) return user;
    await delay(LOOK_MS);
  }
  return null;
}

async function lookUp(name: string): Promise<SystemUser | null> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const line of passwd.split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name && uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  // Users of a directory service are not in the file.
  try {
    const { stdout } = await run('id', ['-u', name]);
    const group = await run('id', ['-g', name]);
    return { uid: Number(stdout.trim()), gid: Number(group.stdout.trim()) };
  } catch {
    return null;
  }
}

/**
 * Argument prefix to run initdb under, as root for the given user. initdb probes the server through a shell that
 * writes to
 * /dev/null; some containers leave that writable for root only. There initdb, and only initdb, gets the one capability
 * that passes over file modes. As a normal user nothing can be done, so the person is told.
 */
export async function initdbPrefix(user: SystemUser | null): Promise<{ prefix: string[]; switchesUser: boolean }> {
  const mode = await stat('/dev/null').then(
    (info) => info.mode,
    () => 0o666,
  );
  if ((mode & 0o002) !== 0 || process.platform !== 'linux') return { prefix: [], switchesUser: false };
  if (user === null) {
    if (await hasCapabilityToOverrideModes()) return { prefix: [], switchesUser: false };
    throw new GenrtlError('BACKEND_START_FAILED', '/dev/null is not writable for this user, and PostgreSQL needs it', {
      hint: 'Ask the administrator for `chmod 666 /dev/null`, or set DATABASE_URL to a PostgreSQL server.',
    });
  }
  const one = '-all,+dac_override';
  return {
    switchesUser: true,
    prefix: [
      'setpriv',
      `--reuid=${user.uid}`,
      `--regid=${user.gid}`,
      '--clear-groups',
      `--inh-caps=${one}`,
      `--ambient-caps=${one}`,
      `--bounding-set=${one}`,
    ],
  };
}

async function hasCapabilityToOverrideModes(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1];
  return effective !== undefined && (BigInt(`0x${effective}`) & 2n) !== 0n;
}
