// Content-addressed objects: what goes in is named by its sha256 and never changes. The interface fits S3 as it fits a
// folder.
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GenrtlError } from '@genrtl/contracts';

export interface StoredObject {
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface ObjectStore {
  /**
   * Stores what the source yields. REQUEST_INVALID when its hash is not `expected` or it is longer than the limit; then
   * nothing is stored. Storing the same content again is fine.
   */
  put(
    source: AsyncIterable<Uint8Array>,
    options: { readonly expected?: string; readonly limitBytes?: number },
  ): Promise<StoredObject>;
  /** Size in bytes, or null when there is no such object. */
  size(sha256: string): Promise<number | null>;
  /** The whole object, its hash checked. NOT_FOUND when it is missing or damaged. */
  read(sha256: string): Promise<Buffer>;
  /**
   * True when it is gone, also when it was before. False for one that was stored within that time: an upload stores it
   * first and names it then.
   */
  remove(sha256: string, options: { readonly olderThanMs: number }): Promise<boolean>;
  /** Resolves when objects can be stored now; for health. */
  check(): Promise<void>;
  /** A stream of the object's bytes. NOT_FOUND when it is missing. */
  open(sha256: string): Promise<{ readonly sizeBytes: number; readonly stream: Readable }>;
}

const HASH = /^[0-9a-f]{64}$/;

/** REQUEST_INVALID for what is no name of an object. */
export function requireHash(sha256: string): void {
  if (!HASH.test(sha256))
    throw new GenrtlError('REQUEST_INVALID', 'An object is named by the lowercase hex of its sha256');
}

/** NOT_FOUND when the bytes are not those that were stored. */
export function requireWhole(sha256: string, bytes: Uint8Array): void {
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new GenrtlError('NOT_FOUND', `The object ${sha256} is damaged in the store`, { hint: 'Send it again.' });
}
