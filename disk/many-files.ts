// Reads many small files one after the other. A disk that answers at once is asked in this thread, in short slices of
// the event loop: handing each call to another thread costs five times the work. One that lets wait is asked as usual.
import { statSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readLookedAtSync, readRegular } from './regular-file.ts';

/** Milliseconds of one turn of the event loop. */
const SLICE_MS = 8;
/** So many files tell whether the disk answers at once; most of them, since any may wait for the processor. */
const TRIED = 8;
const AT_ONCE_MS = 1;
/** Larger ones are read elsewhere at all times. */
const SMALL_BYTES = 1024 * 1024;

interface Looked {
  readonly info: Stats;
  /** null: not wanted */
  readonly bytes: Buffer | null;
}

/** One reader for one row of files. */
export class ManyFiles {
  #asked = 0;
  #slow = 0;
  #turn = performance.now();

  /** The disk lets wait: asking for several files together is faster. */
  get waits(): boolean {
    return this.#asked >= TRIED && this.#slow * 2 > this.#asked;
  }

  /** What the file is, and its bytes where they are wanted. Throws NOT_A_FILE, and the system's own errors. */
  async read(file: string, wanted: (info: Stats) => boolean = () => true): Promise<Looked> {
    if (this.waits) {
      const info = await stat(file);
      return { info, bytes: wanted(info) ? await readRegular(file) : null };
    }
    if (performance.now() - this.#turn > SLICE_MS) {
      await nextTurn();
      this.#turn = performance.now();
    }
    const now = this.readNow(file, wanted);
    if (now !== null) return now;
    const info = await stat(file);
    return { info, bytes: await readRegular(file) };
  }

  /** The same at once; null where that would take too long: then `read` it. */
  readNow(file: string, wanted: (info: Stats) => boolean): Looked | null {
    const begun = performance.now();
    if (this.waits || begun - this.#turn > SLICE_MS) return null;
    const info = statSync(file);
    const now = wanted(info);
    if (now && info.size > SMALL_BYTES) return null;
    const bytes = now ? readLookedAtSync(file, info) : null;
    this.#asked += 1;
    if (performance.now() - begun > AT_ONCE_MS) this.#slow += 1;
    return { info, bytes };
  }
}
