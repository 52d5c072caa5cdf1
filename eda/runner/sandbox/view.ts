// What a confined run sees of the file system: a list of mounts on an empty root. Whatever is not mounted is not there.
// Paths inside are the paths outside, so that logs, arguments and records read the same.
import { readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { hiddenPlaces, isSystem, isWithin, real } from './places.ts';
import type { Environment } from './places.ts';

/** In the order in which they are made: parents before what lies in them. */
export type Mount =
  /** empty and read-only */
  | { readonly kind: 'hide'; readonly at: string }
  /** reads as an empty file */
  | { readonly kind: 'blank'; readonly at: string }
  /** empty, writable, in memory */
  | { readonly kind: 'scratch'; readonly at: string }
  /** `from` as it is, or for writing; both absolute and real */
  | { readonly kind: 'read' | 'write'; readonly at: string; readonly from: string }
  /** a name outside that leads to `to` */
  | { readonly kind: 'link'; readonly at: string; readonly to: string };

export interface ViewRequest {
  /** absolute; the tools' working directory */
  readonly workspace: string;
  /**
   * The workspace may be written (`in_place`) or not (`read_only`), or it may not but the run works in another folder
   * (absolute, exists) that leads to its entries, so that what it writes where it works lands there
   */
  readonly root: { readonly worksIn: string } | 'in_place' | 'read_only';
  /** absolute; exist */
  readonly writable: readonly string[];
  /** absolute files below a writable folder that stay as they are */
  readonly fixed: readonly string[];
  /** absolute; visible although they lie in a hidden place; what does not exist is left out */
  readonly readable: readonly string[];
  /** absolute; hidden beside the machine's usual places */
  readonly hidden: readonly string[];
  /** the whole of /sys instead of the processors alone: licences may hang on the devices of a machine */
  readonly devices: boolean;
  readonly env: Environment;
}

export interface View {
  readonly mounts: readonly Mount[];
  /** the working directory by its real path */
  readonly cwd: string;
  readonly home: string | null;
}

/** The workspace cannot be told from the system: its root is `/`, `/usr` or the like. */
export class TooWide extends Error {}

/** Throws TooWide, and ENOENT for a workspace or writable folder that is not there. */
export function planView(request: ViewRequest): View {
  const workspace = real(request.workspace);
  if (workspace === null || isSystem(workspace)) throw new TooWide(request.workspace);
  const places = hiddenPlaces(request.env);
  const plan = new Map<string, Mount>();
  const put = (mount: Mount): void => {
    plan.set(mount.at, mount);
  };
  for (const mount of wholeSystem(places.folders, request.devices)) put(mount);
  for (const at of places.folders) put({ kind: 'hide', at });
  for (const at of places.files) put({ kind: 'blank', at });
  // beside a workspace lie others
  const siblings = path.dirname(workspace);
  if (!isSystem(siblings) && !plan.has(siblings)) put({ kind: 'hide', at: siblings });
  for (const folder of request.hidden) {
    const at = real(folder);
    if (at !== null && !isSystem(at) && !isWithin(workspace, at)) put({ kind: 'hide', at });
  }
  for (const at of places.scratch) put({ kind: 'scratch', at });

  const reveal = (given: string, kind: 'read' | 'write'): void => {
    const at = real(given);
    if (at === null || at === '/') return;
    // a hidden place as a whole stays hidden, whoever asks
    if (kind === 'write' || !(places.folders.includes(at) || places.scratch.includes(at))) put({ kind, at, from: at });
  };
  for (const file of request.readable) reveal(file, 'read');
  const own = request.writable.some((folder) => real(folder) === workspace);
  let cwd = workspace;
  if (!own) {
    put({ kind: request.root === 'in_place' ? 'write' : 'read', at: workspace, from: workspace });
    hideDotEntries(workspace, put);
  }
  if (typeof request.root === 'object') {
    cwd = real(request.root.worksIn) ?? request.root.worksIn;
    leadTo(workspace, cwd, shownDotEntries(workspace, request.readable));
  }
  for (const folder of request.writable) reveal(folder, 'write');
  for (const file of request.fixed) reveal(file, 'read');

  const mounts = pruned(plan);
  for (const given of [request.workspace, ...request.writable, ...request.readable, ...request.fixed]) {
    const to = real(given);
    const at = path.resolve(given);
    if (to !== null && to !== at && isCovered(at, mounts)) mounts.push({ kind: 'link', at, to });
  }
  return { mounts, cwd, home: places.home };
}

/** New for each run, by bubblewrap. */
const MADE = ['/proc', '/dev', '/sys'];
const PROCESSORS = '/sys/devices/system/cpu';

/** The folders at the root but for those that are hidden, each as it is; what an installation needs may be in any. */
function wholeSystem(hidden: readonly string[], devices: boolean): Mount[] {
  const mounts: Mount[] = [];
  for (const entry of readdirSync('/', { withFileTypes: true })) {
    const at = `/${entry.name}`;
    if (entry.isSymbolicLink()) mounts.push({ kind: 'link', at, to: readlinkSync(at) });
    else if (entry.isDirectory() && !MADE.includes(at) && !hidden.includes(at))
      mounts.push({ kind: 'read', at, from: at });
  }
  const system = devices ? '/sys' : PROCESSORS;
  return [...mounts, { kind: 'read', at: system, from: system }];
}

/**
 * `.git`, `.env` and genRTL's own data stay out, packages come in. A link is followed inside, and shows what that
 * shows.
 */
function hideDotEntries(workspace: string, put: (mount: Mount) => void): void {
  for (const entry of readdirSync(workspace, { withFileTypes: true })) {
    if (!entry.name.startsWith('.')) continue;
    const at = path.join(workspace, entry.name);
    if (entry.isDirectory()) put({ kind: 'hide', at });
    else if (entry.isFile()) put({ kind: 'blank', at });
  }
  const vendor = path.join(workspace, '.genRTL', 'vendor');
  if (real(vendor) === vendor) put({ kind: 'read', at: vendor, from: vendor });
}

/**
 * Links in `folder` to the entries of the workspace that a run sees. Not mounts: the kernel takes milliseconds to let a
 * folder go that something was mounted on. The sweep behind the run takes the links away.
 */
function leadTo(workspace: string, folder: string, shown: ReadonlySet<string>): void {
  for (const name of readdirSync(workspace)) {
    if (name.startsWith('.') && name !== '.genRTL' && !shown.has(name)) continue;
    const link = path.join(folder, name);
    rmSync(link, { recursive: true, force: true });
    symlinkSync(path.join(workspace, name), link);
  }
}

/** Dot entries of the workspace of which something is to be seen. */
function shownDotEntries(workspace: string, readable: readonly string[]): ReadonlySet<string> {
  const places = readable.map((place) => real(place)).filter((place) => place !== null && isWithin(place, workspace));
  return new Set(places.map((place) => path.relative(workspace, place ?? '').split(path.sep)[0] ?? ''));
}

/** Parents first; without those that change nothing. */
function pruned(plan: ReadonlyMap<string, Mount>): Mount[] {
  const kept: Mount[] = [];
  const sorted = [...plan.values()].sort((a, b) => depth(a.at) - depth(b.at) || (a.at < b.at ? -1 : 1));
  for (const mount of sorted) {
    const over = coverOf(mount.at, kept);
    if (isEmpty(over) && (mount.kind === 'blank' || mount.kind === 'hide')) continue;
    if (mount.kind === 'read' && mount.from === mount.at && over?.kind === 'read' && over.from === over.at) continue;
    kept.push(mount);
  }
  return kept;
}

const depth = (at: string): number => at.split('/').length;

/** The mount that decides what stands at a path; null: the root itself, which holds nothing. */
function coverOf(at: string, mounts: readonly Mount[]): Mount | null {
  let over: Mount | null = null;
  for (const mount of mounts) if (isWithin(at, mount.at)) over = mount;
  return over;
}

const isEmpty = (over: Mount | null): boolean => over === null || over.kind === 'hide' || over.kind === 'scratch';

/** Nothing of the outside shows through at this path. */
function isCovered(at: string, mounts: readonly Mount[]): boolean {
  const over = coverOf(at, mounts);
  return isEmpty(over) && over?.at !== at;
}
