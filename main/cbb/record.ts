// What lies where for an installed package: its folder, and beside it the record of the hash of each of its files.
import path from 'node:path';
import { CbbId, Semver, Sha256 } from '@genrtl/contracts';
import { packageFolder } from '@genrtl/core/cbb/vendor-path.ts';
import { z } from 'zod';
import { readJson, writeJson } from '@genrtl/disk/records.ts';

export interface PackageId {
  readonly cbb_id: string;
  readonly version: string;
}

export const PackageRecord = z.object({
  schema_version: z.literal(1),
  cbb_id: CbbId,
  version: Semver,
  /** of the archive that it came from */
  sha256: Sha256,
  receipt_id: z.string(),
  /** sorted by path */
  files: z.array(z.object({ path: z.string(), size: z.number().int(), sha256: Sha256 })),
});
export type PackageRecord = z.infer<typeof PackageRecord>;

function recordFile(root: string, id: PackageId): string {
  return path.join(root, `${packageFolder(id)}.files.json`);
}

/** Null when there is none. Throws STATE_UNREADABLE for a damaged one. */
export async function readRecord(root: string, id: PackageId): Promise<PackageRecord | null> {
  return readJson(recordFile(root, id), PackageRecord);
}

export async function writeRecord(root: string, record: PackageRecord): Promise<void> {
  await writeJson(recordFile(root, record), record);
}
