// What a confined run sees of the file system: a list of mounts over the read-only whole. Paths inside are the paths
// outside, so that logs, arguments and records read the same.
import { copyFileSync, lstatSync, readdirSync, readlinkSync, rmdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { hiddenPlaces, isSystem, isWithin, real } from './places.ts';
import type { Environment } from './places.ts';

/** In the order in which they are made: parents before what lies in them. */
export type Mount =
  /** empty and read-only; `made` also where that is so already, since it must be there */
  | { readonly kind: 'hide'; readonly at: string; readonly made?: true }
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
   * What becomes of what the run writes at the workspace's root: it lands in another folder (absolute), or where it is
   * written, or nowhere
   */
  readonly root: { readonly landsIn: string } | 'in_place' | 'read_only';
  /** absolute; exist */
  readonly writable: readonly string[];
  /** absolute files below a writable folder that stay as they are */
  readonly fixed: readonly string[];
  /** absolute; visible although they lie in a hidden place; what does not exist is left out */
  readonly readable: readonly string[];
  /** absolute; hidden beside the machine's usual places */
  readonly hidden: readonly string[];
  readonly env: Environment;
}

export interface View {
  readonly mounts: readonly Mount[];
  /** the working directory by its real path */
  readonly cwd: string;
  readonly home: string | null;
  /** Takes away what stands in for the workspace's entries in `rootWrites`. */
  dispose(): void;
}

/** The workspace cannot be told from the system: its root is `/`, `/usr` or the like. */
export class TooWide extends Error {}

/** Files at a workspace's root beyond so many are copied instead of mounted, since each mount costs. */
const MAX_MOUNTED_FILES = 12;
const MAX_COPY_BYTES = 1024 * 1024;

/** Throws TooWide, and ENOENT for a workspace or writable folder that is not there. */
export function planView(request: ViewRequest): View {
  const workspace = real(request.workspace);
  if (workspace === null || isSystem(workspace)) throw new TooWide(request.workspace);
  const places = hiddenPlaces(request.env);
  const plan = new Map<string, Mount>();
  const put = (mount: Mount): void => {
    plan.set(mount.at, mount);
  };
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
  let dispose: () => void = () => undefined;
  if (request.root === 'in_place') openWorkspace(workspace, put);
  else if (!own) {
    const landsIn = request.root === 'read_only' ? null : request.root.landsIn;
    dispose = presentWorkspace(workspace, landsIn, places.folders, put);
  }
  for (const folder of request.writable) reveal(folder, 'write');
  for (const file of request.fixed) reveal(file, 'read');

  const mounts = pruned(plan);
  for (const given of [request.workspace, ...request.writable, ...request.readable, ...request.fixed]) {
    const to = real(given);
    const at = path.resolve(given);
    if (to !== null && to !== at && isCovered(at, mounts)) mounts.push({ kind: 'link', at, to });
  }
  return { mounts, cwd: workspace, home: places.home, dispose };
}

/** The workspace for writing, without its dot files, where tools of the person keep what they later run or believe. */
function openWorkspace(workspace: string, put: (mount: Mount) => void): void {
  put({ kind: 'write', at: workspace, from: workspace });
  for (const entry of readdirSync(workspace, { withFileTypes: true })) {
    if (!entry.name.startsWith('.')) continue;
    const at = path.join(workspace, entry.name);
    if (entry.isDirectory()) put({ kind: 'hide', at });
    else if (entry.isFile()) put({ kind: 'blank', at });
  }
  showVendor(workspace, put);
}

function showVendor(workspace: string, put: (mount: Mount) => void): void {
  const vendor = path.join(workspace, '.genRTL', 'vendor');
  if (real(vendor) === vendor) put({ kind: 'read', at: vendor, from: vendor });
}

/**
 * The workspace's visible entries, read-only; dot files (`.git`, `.env`) and genRTL's own data stay out, packages come
 * in. With `rootWrites` its root is writable but leads there, as benches drop dumps where they run. Returns what takes
 * the stand-ins away again.
 */
function presentWorkspace(
  workspace: string,
  rootWrites: string | null,
  hidden: readonly string[],
  put: (mount: Mount) => void,
): () => void {
  if (rootWrites === null) put({ kind: 'hide', at: workspace, made: true });
  else put({ kind: 'write', at: workspace, from: real(rootWrites) ?? rootWrites });
  const madeFolders: string[] = [];
  const madeFiles: string[] = [];
  let files = 0;
  const entries = readdirSync(workspace, { withFileTypes: true });
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const at = path.join(workspace, entry.name);
    if (entry.isSymbolicLink()) {
      // followed inside, so that it shows nothing that is hidden there
      put({ kind: 'link', at, to: readlinkSync(at) });
      madeFiles.push(entry.name);
    } else if (entry.isDirectory()) {
      if (hidden.includes(at)) continue;
      put({ kind: 'read', at, from: at });
      madeFolders.push(entry.name);
    } else if (entry.isFile()) {
      files += 1;
      madeFiles.push(entry.name);
      if (rootWrites !== null && files > MAX_MOUNTED_FILES && statSync(at).size <= MAX_COPY_BYTES)
        copyFileSync(at, path.join(rootWrites, entry.name));
      else put({ kind: 'read', at, from: at });
    }
  }
  showVendor(workspace, put);
  return () => {
    if (rootWrites === null) return;
    for (const name of madeFiles) rmSync(path.join(rootWrites, name), { force: true });
    for (const name of [...madeFolders, '.genRTL']) removeSkeleton(path.join(rootWrites, name));
  };
}

/** Folders that were made for mounts to stand on, as far as they are empty. */
function removeSkeleton(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeSkeleton(path.join(folder, entry.name));
    else if (statSync(path.join(folder, entry.name), { throwIfNoEntry: false })?.size === 0)
      rmSync(path.join(folder, entry.name), { force: true });
  }
  try {
    rmdirSync(folder);
  } catch {
    // something was written there
  }
}

/** Parents first; without those that change nothing. */
function pruned(plan: ReadonlyMap<string, Mount>): Mount[] {
  const kept: Mount[] = [];
  const sorted = [...plan.values()].sort((a, b) => depth(a.at) - depth(b.at) || (a.at < b.at ? -1 : 1));
  for (const mount of sorted) {
    const over = coverOf(mount.at, kept);
    const empty = over !== null && (over.kind === 'hide' || over.kind === 'scratch');
    if (empty && (mount.kind === 'blank' || (mount.kind === 'hide' && mount.made !== true))) continue;
    if (mount.kind === 'read' && mount.from === mount.at && (over === null || over.kind === 'read')) continue;
    kept.push(mount);
  }
  return kept;
}

const depth = (at: string): number => at.split('/').length;

/** The mount that decides what stands at a path. */
function coverOf(at: string, mounts: readonly Mount[]): Mount | null {
  let over: Mount | null = null;
  for (const mount of mounts) if (isWithin(at, mount.at)) over = mount;
  return over;
}

/** Nothing of the outside shows through at this path. */
function isCovered(at: string, mounts: readonly Mount[]): boolean {
  const over = coverOf(at, mounts);
  return over !== null && (over.kind === 'hide' || over.kind === 'scratch') && over.at !== at;
}
