// Streamed model text on its way into run events: gathered for a moment, so that one event holds many tokens.

const GATHER_MS = 40;
/** The stream is held back while more than this waits to be written. */
const HIGH_WATER_CHARS = 64 * 1024;

export class TokenWriter {
  readonly #write: (text: string) => Promise<unknown>;
  #text = '';
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  #failed = false;

  constructor(write: (text: string) => Promise<unknown>) {
    this.#write = write;
  }

  /** Returns a promise when the stream should wait. */
  readonly push = (text: string): void | Promise<void> => {
    this.#text += text;
    if (this.#text.length > HIGH_WATER_CHARS) return this.flush();
    this.#timer ??= setTimeout(() => {
      void this.flush();
    }, GATHER_MS);
  };

  /** Writes what was gathered. Live text is a convenience: when it cannot be written the call itself goes on. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // Half a surrogate pair waits for its other half.
    const cut = /[\uD800-\uDBFF]$/.test(this.#text) ? this.#text.length - 1 : this.#text.length;
    const text = this.#text.slice(0, cut);
    this.#text = this.#text.slice(cut);
    if (text !== '' && !this.#failed) {
      this.#writing = this.#writing
        .then(() => this.#write(text))
        .catch(() => {
          this.#failed = true;
        });
    }
    await this.#writing;
  }
}
