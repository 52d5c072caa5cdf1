// Installs what was bought: download, proof, unpacking, lockfile. Every step may be repeated and may be killed.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Delivery, GenrtlError } from '@genrtl/contracts';
import type { LockfileEntry } from '@genrtl/contracts';
import { realRoot } from '@genrtl/disk/real-root.ts';
import { asDiskError, sha256 } from '@genrtl/disk/records.ts';
import { readPackage } from './archive.ts';
import { download } from './download.ts';
import type { FetchDelivery } from './download.ts';
import { activate, findEntry } from './lockfile.ts';
import { writeRecord } from './record.ts';
import { packageFolder } from '@genrtl/core/cbb/vendor-path.ts';
import { replaceTree } from './vendor-tree.ts';
import { damageOf } from './verify.ts';

export interface InstallRequest {
  readonly workspace: string;
  readonly delivery: Delivery;
  /** what the lockfile keeps of the purchase */
  readonly receipt: { readonly receipt_id: string; readonly price_usd: string };
  readonly fetch: FetchDelivery;
  /** base64 SPKI of the publishing keys to accept; without it the delivery's own key is believed */
  readonly trustedKeys?: readonly string[];
  /** moments between which a crash must lose nothing; tests die at each */
  readonly onPoint?: (point: 'downloaded' | 'unpacked' | 'recorded' | 'locked') => void;
}

export type InstallState = 'installed' | 'restored' | 'intact';

/**
 * Idempotent: a package that is installed and whole is not downloaded again. Throws CBB_HASH_MISMATCH,
 * CBB_SIGNATURE_INVALID, CBB_ARCHIVE_INVALID (then nothing is written), DISK_FULL, WORKSPACE_READ_ONLY,
 * and whatever `fetch` throws.
 */
export async function installDelivery(request: InstallRequest): Promise<InstallState> {
  const root = await realRoot(request.workspace);
  const delivery = checkedDelivery(request.delivery);
  const folder = path.join(root, packageFolder(delivery));
  const locked = await findEntry(root, delivery);
  if (locked !== null && locked.sha256 !== delivery.sha256) {
    throw new GenrtlError(
      'CBB_HASH_MISMATCH',
      `${delivery.cbb_id} ${delivery.version} is installed with another sha256 than the one delivered; a published version never changes.`,
    );
  }
  if (locked !== null && (await damageOf(root, delivery)) === null) {
    await activate(root, { ...locked, ...paidBy(request) });
    return 'intact';
  }
  if (request.trustedKeys && !request.trustedKeys.includes(delivery.public_key)) {
    throw new GenrtlError(
      'CBB_SIGNATURE_INVALID',
      `${delivery.cbb_id} ${delivery.version} is signed with an unknown key.`,
    );
  }
  const archive = await download(delivery, request.fetch);
  request.onPoint?.('downloaded');
  const { manifest, files } = await readPackage(archive, delivery);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await replaceTree(folder, files);
    request.onPoint?.('unpacked');
    await writeRecord(root, {
      schema_version: 1,
      cbb_id: delivery.cbb_id,
      version: delivery.version,
      sha256: delivery.sha256,
      receipt_id: request.receipt.receipt_id,
      files: files.map((file) => ({ path: file.path, size: file.bytes.length, sha256: sha256(file.bytes) })),
    });
    request.onPoint?.('recorded');
    const entry: LockfileEntry = {
      cbb_id: delivery.cbb_id,
      version: delivery.version,
      sha256: delivery.sha256,
      installed_at: new Date().toISOString(),
      verified_with: manifest.verification.tools.map(({ name, version }) => ({ tool: name, version, passed: true })),
      ...locked,
      ...paidBy(request),
    };
    await activate(root, entry);
    request.onPoint?.('locked');
  } catch (error) {
    throw asDiskError(error, folder);
  }
  return locked === null ? 'installed' : 'restored';
}

/** The receipt that entitles now: one that was bought again takes the place of one that nobody knows. */
function paidBy({ receipt }: InstallRequest): Pick<LockfileEntry, 'receipt_id' | 'price_usd'> {
  return { receipt_id: receipt.receipt_id, price_usd: receipt.price_usd };
}

function checkedDelivery(raw: Delivery): Delivery {
  const parsed = Delivery.safeParse(raw);
  if (!parsed.success)
    throw new GenrtlError('CBB_ARCHIVE_INVALID', 'The registry’s delivery is not what it should be.', {
      cause: parsed.error,
    });
  return parsed.data;
}
