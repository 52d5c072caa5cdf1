// Long questions let others in: an edit or a new question need not wait, and an edit ends what it makes void.
import { setImmediate } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts/errors.ts';

const SLICE_MS = 12;

export class Breath {
  readonly #isVoid: () => boolean;
  #since = performance.now();

  /** `isVoid`: whether the answer is of no use any more. */
  constructor(isVoid: () => boolean) {
    this.#isVoid = isVoid;
  }

  /** To be called between pieces of work. Throws CANCELLED when the answer is of no use any more. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return;
    await setImmediate();
    this.#since = performance.now();
    if (this.#isVoid()) throw new GenrtlError('CANCELLED', 'The text was changed meanwhile.');
  }
}
