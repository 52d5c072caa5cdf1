// Which places of a machine a confined run must not see: homes, keys, sockets, other people's scratch, genRTL's own
// data.
import { accessSync, constants, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface HiddenPlaces {
  /** empty and read-only inside */
  readonly folders: readonly string[];
  /** empty and read-only inside */
  readonly files: readonly string[];
  /** empty, writable, in memory, gone with the run */
  readonly scratch: readonly string[];
  /** the person's home; one of `scratch` */
  readonly home: string | null;
}

/** Hidden whatever they hold now: they may hold more when the next run starts. */
const VOLATILE = ['/home', '/root', '/run', '/media', '/var'];
/** Hidden from those who could read them, which is mostly root. */
const FOLDERS = [
  '/boot',
  '/etc/docker',
  '/etc/kubernetes',
  '/etc/NetworkManager/system-connections',
  '/etc/ssh',
  '/etc/ssl/private',
  '/etc/sudoers.d',
  '/etc/wireguard',
  '/sys/kernel',
  '/sys/firmware',
];
const FILES = [
  '/etc/gshadow',
  '/etc/gshadow-',
  '/etc/krb5.keytab',
  '/etc/security/opasswd',
  '/etc/shadow',
  '/etc/shadow-',
  '/etc/sudoers',
];
const SCRATCH = ['/tmp', '/var/tmp'];

/** Never hidden as a whole and never the folder of a workspace: without them nothing starts. */
const SYSTEM = [
  '/bin',
  '/dev',
  '/etc',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/nix',
  '/opt',
  '/proc',
  '/sbin',
  '/snap',
  '/sys',
  '/usr',
  '/var',
];

/** `inner` is `outer` or lies below it; both absolute and normal. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || outer === '/' || inner.startsWith(`${outer}/`);
}

export const isSystem = (folder: string): boolean =>
  folder === '/' || SYSTEM.some((one) => isWithin(one, folder) || folder === one);

/** The real path, or null when there is nothing. */
export function real(file: string): string | null {
  try {
    return realpathSync.native(file);
  } catch {
    return null;
  }
}

const known = new Map<string, HiddenPlaces>();

/** Looked up once for each set of the variables that it reads. */
export function hiddenPlaces(env: Environment): HiddenPlaces {
  const names = [
    'HOME',
    'GENRTL_HOME',
    'XDG_RUNTIME_DIR',
    'TMPDIR',
    'SSH_AUTH_SOCK',
    'XDG_CONFIG_HOME',
    'XDG_DATA_HOME',
  ];
  const key = JSON.stringify(names.map((name) => env[name]));
  const before = known.get(key);
  if (before !== undefined) return before;
  const places = lookUp(env);
  known.set(key, places);
  return places;
}

function lookUp(env: Environment): HiddenPlaces {
  const homes = [env['HOME'], homedir()].flatMap((home) => (home === undefined || home === '' ? [] : [real(home)]));
  const home = homes.find((one): one is string => one !== null && !isSystem(one)) ?? null;
  const scratch = folders([...SCRATCH, env['TMPDIR'], ...homes]);
  const hidden = folders([
    ...VOLATILE,
    ...FOLDERS.filter(holdsSomething),
    env['XDG_RUNTIME_DIR'],
    env['XDG_CONFIG_HOME'],
    env['XDG_DATA_HOME'],
    env['GENRTL_HOME'],
    env['SSH_AUTH_SOCK'] === undefined ? undefined : path.dirname(env['SSH_AUTH_SOCK']),
    ...homes.map((one) => (one === null ? undefined : otherHomes(one))),
  ]).filter((folder) => !scratch.includes(folder));
  return { folders: hidden, files: FILES.filter(isReadable), scratch, home };
}

/** Where homes lie side by side, hide them all: `/export/home`, `/Users`, `/nfs/users`. */
function otherHomes(home: string): string | undefined {
  const parent = path.dirname(home);
  return /home|users|people|staff/i.test(path.basename(parent)) ? parent : undefined;
}

/** Real folders that exist and may be hidden, each once. */
function folders(candidates: readonly (string | null | undefined)[]): string[] {
  const found = new Set<string>();
  for (const candidate of candidates) {
    if (candidate === undefined || candidate === null || !path.isAbsolute(candidate)) continue;
    const folder = real(candidate);
    if (folder === null || (isSystem(folder) && folder !== '/var')) continue;
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) found.add(folder);
  }
  return [...found];
}

function holdsSomething(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0;
  } catch {
    return false;
  }
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
