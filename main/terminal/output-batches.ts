// Output of one program on its way to the page: a pseudo-terminal gives it in pieces of a few KB, and a message for
// each would cost more than its text.

/**
 * Wait after a message during which further output is gathered; what comes after a pause, such as an echoed key, goes
 * at once.
 */
export const BATCH_MS = 4;
/** Characters that go without waiting: small enough that the page draws them well within a frame. */
export const BATCH_CHARS = 32 * 1024;

export class OutputBatches {
  readonly #send: (data: string) => void;
  #gathered = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (data: string) => void) {
    this.#send = send;
  }

  add(data: string): void {
    this.#gathered += data;
    if (this.#timer === undefined || this.#gathered.length >= BATCH_CHARS) this.flush();
  }

  /** Sends what is gathered now, in the order it came. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#gathered === '') return;
    const data = this.#gathered;
    this.#gathered = '';
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, BATCH_MS);
    this.#send(data);
  }
}
