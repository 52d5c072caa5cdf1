// The entries of `.genRTL/genRTL.lock.json`. Every receipt stays; of several versions of a package the last entry is
// the active one.
import type { Lockfile, LockfileEntry } from '@genrtl/contracts';
import { writeJson } from '@genrtl/disk/records.ts';
import { workspacePaths } from '../workspace/paths.ts';
import { readLockfile } from '../workspace/read-lockfile.ts';
import { workspaceId } from '../workspace/state-store.ts';
import type { PackageId } from './record.ts';

const writing = new Map<string, Promise<void>>();

/** The entry of each package whose version is in use, in the order of the lockfile. */
export async function activeEntries(root: string): Promise<LockfileEntry[]> {
  const entries = (await readLockfile(workspacePaths(root)))?.installed ?? [];
  const last = new Map(entries.map((entry) => [entry.cbb_id, entry]));
  return entries.filter((entry) => last.get(entry.cbb_id) === entry);
}

export async function findEntry(root: string, id: PackageId): Promise<LockfileEntry | null> {
  const entries = (await readLockfile(workspacePaths(root)))?.installed ?? [];
  return entries.find((entry) => isSame(entry, id)) ?? null;
}

/** Writes the entry as the active one of its package; leaves the file alone when it says so already. */
export async function activate(root: string, entry: LockfileEntry): Promise<void> {
  // read, change, write: one after the other within this process; the writer lock keeps other processes out
  const previous = writing.get(root) ?? Promise.resolve();
  const next = previous.catch(() => undefined).then(() => merge(root, entry));
  writing.set(root, next);
  await next.finally(() => {
    if (writing.get(root) === next) writing.delete(root);
  });
}

async function merge(root: string, entry: LockfileEntry): Promise<void> {
  const paths = workspacePaths(root);
  const workspace_id = await workspaceId(paths);
  const before = (await readLockfile(paths))?.installed ?? [];
  const others = before.filter((each) => !isSame(each, entry));
  const isActive = before.findLast((each) => each.cbb_id === entry.cbb_id)?.version === entry.version;
  const at = isActive ? before.findIndex((each) => isSame(each, entry)) : others.length;
  const after: Lockfile = { lockfile_version: 1, workspace_id, installed: others.toSpliced(at, 0, entry) };
  if (JSON.stringify(after.installed) !== JSON.stringify(before)) await writeJson(paths.lockfile, after);
}

function isSame(a: PackageId, b: PackageId): boolean {
  return a.cbb_id === b.cbb_id && a.version === b.version;
}
