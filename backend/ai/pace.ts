// One clock for everything that waits a moment to go out together: a timer for all, and none while nothing waits.

export class Pace {
  readonly everyMs: number;
  #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;

  constructor(everyMs: number) {
    this.everyMs = everyMs;
  }

  /** Called once, within the time; asking again meanwhile changes nothing. */
  later(act: () => void): void {
    this.#waiting.add(act);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const due = this.#waiting;
      this.#waiting = new Set();
      for (const act of due) act();
    }, this.everyMs);
  }
}
