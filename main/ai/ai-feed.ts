// Paces the events of a run for those who draw them: the first token at once, later ones gathered, nothing overtaken.
// Secrets that were taken out of the request are put back here.
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import { textRestorer } from './restore-text.ts';

/** Two frames of a screen. */
const GATHER_MS = 32;

type TextEvent = Extract<AiEvent, { type: 'token' | 'reduce:token' }>;

export class AiFeed {
  readonly #originals: ReadonlyMap<string, string>;
  readonly #send: (event: AiEvent) => void;
  #restorer;
  #pending: TextEvent | null = null;
  #timer: NodeJS.Timeout | undefined;
  #begun = false;

  constructor(originals: ReadonlyMap<string, string>, send: (event: AiEvent) => void) {
    this.#originals = originals;
    this.#send = send;
    this.#restorer = textRestorer(originals);
  }

  accept(event: AiEvent): void {
    if (event.type === 'token' || event.type === 'reduce:token') {
      this.#gather({ ...event, text: this.#restorer.feed(event.text) });
      return;
    }
    this.#flush();
    if (event.type === 'step' && event.phase === 'start') {
      this.#restorer = textRestorer(this.#originals);
      this.#begun = false;
    }
    if (event.type === 'patch') {
      const whole = textRestorer(this.#originals);
      this.#send({ ...event, text: whole.feed(event.text) + whole.rest() });
    } else this.#send(event);
  }

  #gather(event: TextEvent): void {
    if (this.#pending !== null && this.#pending.type !== event.type) this.#flush();
    this.#pending = { ...event, text: (this.#pending?.text ?? '') + event.text };
    if (!this.#begun) {
      this.#begun = true;
      this.#sendPending();
    } else this.#timer ??= setTimeout(() => this.#sendPending(), GATHER_MS);
  }

  /** What waits, with what was kept back: it turned out to be no stand-in. */
  #flush(): void {
    const rest = this.#restorer.rest();
    if (this.#pending !== null) this.#pending = { ...this.#pending, text: this.#pending.text + rest };
    else if (rest !== '' && this.#last !== null) this.#pending = { ...this.#last, text: rest };
    this.#sendPending();
  }

  #last: TextEvent | null = null;

  #sendPending(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) return;
    this.#last = pending;
    if (pending.text !== '') this.#send(pending);
  }
}
