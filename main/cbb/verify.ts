// Are the installed packages still what was delivered? Asked before every tool run, so answered from memory where that
// is safe.
import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { filesBelow } from '@genrtl/disk/files-below.ts';
import { GenrtlError } from '@genrtl/contracts';
import type { LockfileEntry } from '@genrtl/contracts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { sha256 } from '@genrtl/disk/records.ts';
import { activeEntries } from './lockfile.ts';
import { readRecord } from './record.ts';
import { packageFolder } from '@genrtl/core/cbb/vendor-path.ts';
import type { PackageId } from './record.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export interface VendorProblem extends PackageId {
  readonly message: string;
}

export interface VendorReport {
  /** number of packages looked at */
  readonly checked: number;
  readonly problems: readonly VendorProblem[];
}

/** Looks at every active package: each file's hash, no file missing, none added. */
export async function verifyVendor(workspace: string): Promise<VendorReport> {
  const root = await realRoot(workspace);
  const entries = await activeEntries(root);
  const problems = await Promise.all(
    entries.map(async (entry): Promise<VendorProblem | null> => {
      const message = await damageOf(root, entry);
      return message === null ? null : { cbb_id: entry.cbb_id, version: entry.version, message };
    }),
  );
  return { checked: entries.length, problems: problems.filter((problem) => problem !== null) };
}

/** Throws VENDOR_DAMAGED naming packages and files; `details.packages` lists the damaged ones. */
export async function assertVendorIntact(workspace: string): Promise<void> {
  const { problems } = await verifyVendor(workspace);
  const [first] = problems;
  if (first === undefined) return;
  throw new GenrtlError(
    'VENDOR_DAMAGED',
    problems.map((each) => `${each.cbb_id} ${each.version}: ${each.message}`).join('; '),
    {
      details: { packages: problems.map(({ cbb_id, version }) => ({ cbb_id, version })) },
    },
  );
}

/** Null when the package is whole; otherwise what is wrong with it, at most three files named. */
export async function damageOf(
  root: string,
  entry: Pick<LockfileEntry, 'cbb_id' | 'version' | 'sha256'>,
): Promise<string | null> {
  const record = await readRecord(root, entry).catch(() => null);
  if (record === null) return 'the record of its files is missing or damaged';
  if (record.sha256 !== entry.sha256) return 'the record of its files belongs to another archive';
  const folder = path.join(root, packageFolder(entry));
  const present = await listFiles(folder);
  if (present === null) return 'its folder is missing';
  const recorded = new Set(record.files.map((file) => file.path));
  const findings = present.filter((file) => !recorded.has(file)).map((file) => `${file} was added`);
  await Promise.all(
    record.files.map(async (file) => {
      const state = await stateOf(path.join(folder, file.path), file);
      if (state !== 'same') findings.push(`${file.path} ${state === 'missing' ? 'is missing' : 'was changed'}`);
    }),
  );
  if (findings.length === 0) return null;
  const more = findings.length > 3 ? ` and ${findings.length - 3} more` : '';
  return findings.sort().slice(0, 3).join(', ') + more;
}

/** Files below a folder, links counted as files; null when it is no folder. */
async function listFiles(folder: string): Promise<string[] | null> {
  if (
    !(await lstat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    ))
  )
    return null;
  return (await filesBelow(folder)).map((file) => file.path);
}

/**
 * Hashes seen in this process, by file. The change time cannot be set back by a program, so an equal one means equal
 * bytes.
 */
const known = new Map<string, { readonly stamp: string; readonly sha256: string }>();

/** Changes within one tick of the file system's clock look alike, so a stamp counts only once it is older than this. */
const SETTLED_MS = 2000;

async function stateOf(
  file: string,
  expected: { size: number; sha256: string },
): Promise<'same' | 'changed' | 'missing'> {
  const before = await lstat(file, { bigint: true }).catch(() => null);
  if (before === null) return 'missing';
  if (!before.isFile() || before.size !== BigInt(expected.size)) return 'changed';
  const cached = known.get(file);
  if (cached?.stamp === stampOf(before)) return cached.sha256 === expected.sha256 ? 'same' : 'changed';
  const bytes = await readRegular(file).catch(() => null);
  if (bytes === null) return 'missing';
  const hash = sha256(bytes);
  if (Date.now() - Number(before.ctimeMs) > SETTLED_MS) known.set(file, { stamp: stampOf(before), sha256: hash });
  return hash === expected.sha256 ? 'same' : 'changed';
}

function stampOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}
