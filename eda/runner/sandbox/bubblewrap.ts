// The command line of bubblewrap (0.8 of Debian 12 and later) for a view and its bounds.
import type { Bounds } from './policy.ts';
import type { Mount, View } from './view.ts';

/** What was found to work on this machine. */
export interface Bubblewrap {
  readonly path: string;
  readonly version: string;
  /** no further user namespaces inside; not in 0.7 and before, nor where bubblewrap is setuid */
  readonly disablesUserNamespaces: boolean;
  /** sets what each process may use; util-linux */
  readonly prlimit: string;
  /** the kernel counts processes for each sandbox: not for root, and not before Linux 5.14 */
  readonly countsProcesses: boolean;
}

/** The file descriptor that the filter program comes through. Until it is there bubblewrap starts nothing. */
export const FILTER_FD = 3;
/** JSON lines come from here: `child-pid`, and `exit-code` only if the sandbox was made and the command started. */
export const STATUS_FD = 4;

/** A held command waits for a line from here. */
export const HOLD_FD = 5;

/**
 * Waits for its line, then becomes the command, which is none of the shell's words. At the end of the file instead, when
 * nobody is left to say it, there is no command: bubblewrap's own `--block-fd` goes on then, and before its processes end
 * with their parent.
 */
const HOLD: readonly string[] = ['/bin/sh', '-c', `read -r line <&${HOLD_FD} && exec "$@" ${HOLD_FD}<&-`, 'sh'];

function mountArguments(mount: Mount, bounds: Bounds): string[] {
  switch (mount.kind) {
    case 'hide':
      return ['--tmpfs', mount.at];
    case 'blank':
      return ['--ro-bind', '/dev/null', mount.at];
    case 'scratch':
      return ['--perms', '1777', '--size', String(bounds.scratchBytes), '--tmpfs', mount.at];
    case 'read':
      // gone since it was looked at: then the run does not see it either
      return ['--ro-bind-try', mount.from, mount.at];
    case 'write':
      return ['--bind', mount.from, mount.at];
    case 'link':
      return ['--symlink', mount.to, mount.at];
  }
}

/**
 * Everything is a namespace of its own (user, mount, PID, IPC, UTS, cgroup, and network unless it is needed); no
 * capability is left; /proc, /dev and the temporary folders are new; the kernel's settings cannot be written, which
 * root's user id would otherwise allow.
 */
export function bubblewrapArguments(
  tool: Bubblewrap,
  view: View,
  network: boolean,
  bounds: Bounds,
  /** filter and status come through file descriptors */
  supervised = true,
  held = false,
): string[] {
  return [
    '--unshare-all',
    ...(network ? ['--share-net'] : []),
    '--unshare-user',
    ...(tool.disablesUserNamespaces ? ['--disable-userns'] : []),
    '--cap-drop',
    'ALL',
    '--die-with-parent',
    '--new-session',
    '--proc',
    '/proc',
    '--ro-bind',
    '/proc/sys',
    '/proc/sys',
    '--dev',
    '/dev',
    '--size',
    String(bounds.scratchBytes),
    '--tmpfs',
    '/dev/shm',
    ...view.mounts.flatMap((mount) => mountArguments(mount, bounds)),
    ...view.mounts.flatMap((mount) => (mount.kind === 'hide' ? ['--remount-ro', mount.at] : [])),
    '--remount-ro',
    '/dev',
    '--remount-ro',
    '/',
    '--chdir',
    view.cwd,
    ...(supervised ? ['--seccomp', String(FILTER_FD), '--json-status-fd', String(STATUS_FD)] : []),
    '--',
    ...(held ? HOLD : []),
    tool.prlimit,
    '--core=0',
    // SIGXCPU at the first, which tells why; SIGKILL for those that live on
    `--cpu=${bounds.cpuSeconds}:${bounds.cpuSeconds + 5}`,
    `--data=${bounds.memoryBytes}`,
    `--fsize=${bounds.fileBytes}`,
    ...(tool.countsProcesses ? [`--nproc=${bounds.processes}`] : []),
  ];
}
