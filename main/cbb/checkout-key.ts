// One key a purchase, whoever asks for it.
import { sha256 } from '@genrtl/disk/records.ts';

/** Idempotency key of a purchase: the same whatever the attempt. */
export function checkoutKey(jobId: string, cbbId: string, version: string, workspaceId: string): string {
  return sha256(`${jobId}|${cbbId}|${version}|${workspaceId}`);
}
