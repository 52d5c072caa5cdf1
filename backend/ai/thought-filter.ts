// Streams an answer without the thoughts that some models print before it.

const OPENERS = ['<think>', '<thinking>', '<thought>', '<reasoning>'];
/** Thoughts longer than this without an end are no thoughts. */
const MAX_THOUGHT_CHARS = 400_000;

export class ThoughtFilter {
  #state: 'start' | 'inside' | 'after' | 'answer' = 'start';
  #held = '';
  #closer = '';

  /** What of the text so far may be shown. */
  add(piece: string): string {
    if (this.#state === 'answer') return piece;
    this.#held += piece;
    if (this.#state === 'start') {
      const head = this.#held.trimStart().toLowerCase();
      const opener = OPENERS.find((mark) => head.startsWith(mark));
      if (opener === undefined) {
        if (OPENERS.some((mark) => mark.startsWith(head))) return '';
        return this.#release();
      }
      this.#state = 'inside';
      this.#closer = opener.replace('<', '</');
    }
    const end = this.#state === 'inside' ? this.#held.toLowerCase().indexOf(this.#closer) : -1;
    if (end >= 0) {
      this.#held = this.#held.slice(end + this.#closer.length);
      this.#state = 'after';
    }
    if (this.#state === 'after') {
      // The line ends between thoughts and answer are neither's.
      this.#held = this.#held.trimStart();
      return this.#held === '' ? '' : this.#release();
    }
    return this.#held.length > MAX_THOUGHT_CHARS ? this.#release() : '';
  }

  /** What is left when the answer has ended. */
  end(): string {
    return this.#release();
  }

  #release(): string {
    const text = this.#held;
    this.#held = '';
    this.#state = 'answer';
    return text;
  }
}
