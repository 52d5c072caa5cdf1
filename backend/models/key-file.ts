// A key in a file, as secret stores of clusters mount it: read again when the file changes, so that a key is rotated
// without a restart. A file that is empty or gone keeps the earlier key.
import { readFileSync, statSync } from 'node:fs';
import { GenrtlError } from '@genrtl/contracts';

const LOOK_MS = 1_000;
const MAX_BYTES = 16 << 10;

export class KeyFile {
  readonly #path: string;
  readonly #now: () => number;
  readonly #keys: string[] = [];
  #seen = '';
  #looked = -Infinity;

  /** USAGE when there is no key in it at the start. */
  constructor(variable: string, path: string, now: () => number = () => performance.now()) {
    this.#path = path;
    this.#now = now;
    this.#look();
    if (this.#keys.length === 0)
      throw new GenrtlError('USAGE', `${variable} names a file that holds no key.`, {
        hint: 'The file holds the key and nothing else; this process must be able to read it.',
      });
  }

  get key(): string {
    if (this.#now() - this.#looked >= LOOK_MS) this.#look();
    return this.#keys.at(-1) ?? '';
  }

  /** Every key of this process's life: calls under way still carry earlier ones. */
  get all(): readonly string[] {
    return this.#keys;
  }

  #look(): void {
    this.#looked = this.#now();
    try {
      const { mtimeMs, size, ino } = statSync(this.#path);
      const seen = `${mtimeMs} ${size} ${ino}`;
      if (seen === this.#seen || size > MAX_BYTES) return;
      const text = readFileSync(this.#path, 'utf8').trim();
      this.#seen = seen;
      // a line break would make a second header
      if (text !== '' && !/[\r\n\0]/.test(text) && text !== this.#keys.at(-1)) this.#keys.push(text);
    } catch {
      // Half-way through a rotation the file may be gone for a moment.
    }
  }
}

/** The key of a variable, or of the file that its `_FILE` form names; the variable itself wins. */
export function keySource(
  variable: string,
  key: string | null,
  file: string | null,
): { readonly key: string | null; readonly keys: readonly string[] } {
  if (key !== null || file === null) return { key, keys: key === null ? [] : [key] };
  const source = new KeyFile(`${variable}_FILE`, file);
  return {
    get key() {
      return source.key;
    },
    get keys() {
      return source.all;
    },
  };
}
