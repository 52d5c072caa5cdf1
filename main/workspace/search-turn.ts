// Whose turn it is in the search worker, in memory that both threads see: a search that was overtaken ends at its next
// file, and the worker stays for the newer one.
import { GenrtlError } from '@genrtl/contracts/errors.ts';

export interface Turn {
  /** one number: the newest search's */
  readonly newest: Int32Array<SharedArrayBuffer>;
  readonly mine: number;
}

export const overtaken = (): GenrtlError => new GenrtlError('CANCELLED', 'A newer search took over.');
