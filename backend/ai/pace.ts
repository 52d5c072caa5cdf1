// One clock for everything that waits a moment to go out together: a timer for all, and none while nothing waits. What is
// due goes out some at a time, and what came from outside meanwhile is seen to in between: a hundred writes in one go
// would be the longest wait that a run has which begins just then.

const AT_ONCE = 16;

interface PaceTimes {
  readonly leastMs: number;
  /** when very many wait, it becomes longer, up to this */
  readonly mostMs: number;
  /** for each that waits */
  readonly eachMs: number;
}

export class Pace {
  readonly #times: PaceTimes;
  #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;
  /** acts of the last round */
  #due = 0;

  constructor(times: PaceTimes) {
    this.#times = times;
  }

  get everyMs(): number {
    const { leastMs, mostMs, eachMs } = this.#times;
    return Math.min(mostMs, Math.max(leastMs, this.#due * eachMs));
  }

  /** Called once, within the time; asking again meanwhile changes nothing. */
  later(act: () => void): void {
    this.#waiting.add(act);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const due = [...this.#waiting];
      this.#waiting = new Set();
      this.#due = due.length;
      next(due, 0);
    }, this.everyMs);
  }
}

function next(due: readonly (() => void)[], from: number): void {
  for (const act of due.slice(from, from + AT_ONCE)) act();
  if (from + AT_ONCE < due.length) setImmediate(next, due, from + AT_ONCE);
}
