// Fetches a delivery and proves that it is what the registry signed: size, sha256, Ed25519 signature.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import type { Delivery } from '@genrtl/contracts';
import { LIMITS } from './archive.ts';

/** Opens a download URL; its errors (an expired link, no connection) pass through. */
export type FetchDelivery = (url: string) => Promise<AsyncIterable<Uint8Array>>;

/**
 * The archive's bytes, held in memory (packages are small and bounded). Throws CBB_ARCHIVE_INVALID for an absurd size,
 * CBB_HASH_MISMATCH for a damaged or truncated download, CBB_SIGNATURE_INVALID.
 */
export async function download(delivery: Delivery, fetch: FetchDelivery): Promise<Buffer> {
  if (delivery.size_bytes > LIMITS.archiveBytes) {
    throw new GenrtlError(
      'CBB_ARCHIVE_INVALID',
      `The package archive has ${delivery.size_bytes} bytes, the limit is ${LIMITS.archiveBytes}.`,
    );
  }
  const name = `${delivery.cbb_id} ${delivery.version}`;
  const chunks: Uint8Array[] = [];
  let size = 0;
  // leaving the loop early destroys the stream
  for await (const chunk of await fetch(delivery.download_url)) {
    size += chunk.byteLength;
    if (size > delivery.size_bytes) break;
    chunks.push(chunk);
  }
  if (size !== delivery.size_bytes) {
    throw new GenrtlError(
      'CBB_HASH_MISMATCH',
      `The download of ${name} ${size > delivery.size_bytes ? 'is longer than' : 'ended before'} the ${delivery.size_bytes} bytes announced.`,
    );
  }
  const archive = Buffer.concat(chunks);
  const hash = createHash('sha256').update(archive).digest('hex');
  if (hash !== delivery.sha256)
    throw new GenrtlError(
      'CBB_HASH_MISMATCH',
      `The download of ${name} has sha256 ${hash}, expected ${delivery.sha256}.`,
    );
  if (!isSigned(archive, delivery))
    throw new GenrtlError('CBB_SIGNATURE_INVALID', `The signature of ${name} does not fit.`);
  return archive;
}

function isSigned(archive: Buffer, delivery: Delivery): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(delivery.public_key, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, archive, key, Buffer.from(delivery.signature, 'base64'));
  } catch {
    return false;
  }
}
