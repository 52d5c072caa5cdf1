// Circuit breakers, one a target (a server's model): a target that keeps failing is left alone for a while, then tried
// with one call. What counts is the whole answer, so a stream that breaks off in the middle is a failure, and one that
// its reader gave up is none.
import { GenrtlError } from '@genrtl/contracts';
import type { ErrorCode, ModelView } from '@genrtl/contracts';

export interface BreakerOptions {
  /** milliseconds of a monotonic clock */
  readonly now?: () => number;
  readonly random?: () => number;
}

/** For metrics and the pages of operators. */
export interface BreakerState {
  readonly provider: ModelView['provider'];
  /** host and port; never a path, which may hold a secret */
  readonly server: string;
  readonly model: string;
  readonly state: 'closed' | 'open' | 'half_open';
  /** milliseconds since it entered this state */
  readonly forMs: number;
  /** failures among the outcomes that still count */
  readonly failures: number;
  /** how often it opened since the process began */
  readonly opened: number;
}

/** One admitted call. Exactly one of these is called, once, when the whole answer is over. */
export interface Pass {
  /** the target answered, were it with a refusal */
  answered(): void;
  failed(reason: string): void;
  /** nothing was learned of the target: the caller gave up, or the fault was ours */
  abandoned(): void;
}

const WINDOW_MS = 60_000;
const MOST_OUTCOMES = 20;
const MIN_FAILURES = 5;
const FAILURE_SHARE = 0.5;
const FIRST_OPEN_MS = 10_000;
const LONGEST_OPEN_MS = 120_000;
const JITTER = 0.2;

/** Failures of a server; everything else that it says is an answer. */
const FAILURES = new Set<ErrorCode>(['MODEL_UNAVAILABLE', 'MODEL_TIMEOUT', 'MODEL_TRUNCATED', 'MODEL_MALFORMED']);
const ANSWERS = new Set<ErrorCode>([
  'MODEL_RATE_LIMITED',
  'MODEL_AUTH',
  'MODEL_REFUSED',
  'MODEL_UNKNOWN',
  'MODEL_CONTEXT_EXCEEDED',
]);

export class Breaker {
  readonly title: string;
  readonly #now: () => number;
  readonly #random: () => number;
  #outcomes: { readonly at: number; readonly failed: boolean }[] = [];
  #state: BreakerState['state'] = 'closed';
  #since: number;
  #until = 0;
  #openings = 0;
  #opened = 0;
  #probing = false;
  #reason = '';
  /** grows with every change of state: an answer to a call of an earlier state says nothing of this one */
  #epoch = 0;

  constructor(title: string, { now = () => performance.now(), random = Math.random }: BreakerOptions = {}) {
    this.title = title;
    this.#now = now;
    this.#random = random;
    this.#since = now();
  }

  /** Why the target would not be tried now, or null. Changes nothing. */
  refusal(): GenrtlError | null {
    const now = this.#now();
    if (this.#state === 'closed' || (now >= this.#until && !this.#probing)) return null;
    const waitMs = this.#probing ? FIRST_OPEN_MS : Math.ceil(this.#until - now);
    const when = this.#probing ? 'one call tries it now' : `it is tried again in ${Math.ceil(waitMs / 1000)} s`;
    return new GenrtlError('MODEL_UNAVAILABLE', `${this.title} was not tried: ${this.#reason}; ${when}.`, {
      details: { not_tried: true, retry_after_ms: waitMs },
    });
  }

  /** Throws MODEL_UNAVAILABLE with `details.not_tried` while the target is left alone. */
  enter(): Pass {
    const refusal = this.refusal();
    if (refusal !== null) throw refusal;
    if (this.#state === 'open') this.#enter('half_open');
    const probe = this.#state === 'half_open';
    if (probe) this.#probing = true;
    const epoch = this.#epoch;
    const once = (act: () => void) => () => {
      if (this.#epoch !== epoch) return;
      if (probe) this.#probing = false;
      act();
    };
    let reason = '';
    const fail = once(() => {
      this.#fail(reason);
    });
    return {
      answered: once(() => {
        if (probe) this.#close();
        else this.#note(false);
      }),
      failed: (why) => {
        reason = why;
        fail();
      },
      abandoned: once(() => undefined),
    };
  }

  get snapshot(): Pick<BreakerState, 'state' | 'forMs' | 'failures' | 'opened'> {
    this.#forgetOld();
    return {
      state: this.#state,
      forMs: Math.round(this.#now() - this.#since),
      failures: this.#outcomes.filter(({ failed }) => failed).length,
      opened: this.#opened,
    };
  }

  #fail(reason: string): void {
    this.#note(true);
    const failures = this.#outcomes.filter(({ failed }) => failed).length;
    const over = failures >= MIN_FAILURES && failures >= this.#outcomes.length * FAILURE_SHARE;
    if (this.#state !== 'half_open' && !over) return;
    this.#reason = this.#state === 'half_open' ? `it still fails (${reason})` : `it keeps failing (${reason})`;
    const openMs = Math.min(FIRST_OPEN_MS * 2 ** this.#openings, LONGEST_OPEN_MS);
    this.#openings += 1;
    this.#opened += 1;
    this.#enter('open');
    this.#until = this.#since + openMs * (1 - JITTER / 2 + this.#random() * JITTER);
  }

  #close(): void {
    this.#openings = 0;
    this.#outcomes = [];
    this.#enter('closed');
  }

  #enter(state: BreakerState['state']): void {
    this.#state = state;
    this.#since = this.#now();
    this.#epoch += 1;
  }

  #note(failed: boolean): void {
    this.#forgetOld();
    this.#outcomes.push({ at: this.#now(), failed });
  }

  #forgetOld(): void {
    const oldest = this.#now() - WINDOW_MS;
    this.#outcomes = this.#outcomes.filter(({ at }) => at > oldest).slice(-MOST_OUTCOMES);
  }
}

export interface Target {
  readonly provider: ModelView['provider'];
  readonly baseUrl: string;
  readonly model: string;
}

/** The breakers of a process, shared by all its routers. */
export class BreakerBoard {
  readonly #options: BreakerOptions;
  readonly #breakers = new Map<string, { readonly target: Target; readonly breaker: Breaker }>();

  constructor(options: BreakerOptions = {}) {
    this.#options = options;
  }

  of(target: Target): Breaker {
    const key = `${target.provider} ${target.baseUrl} ${target.model}`;
    const known = this.#breakers.get(key);
    if (known !== undefined) return known.breaker;
    const breaker = new Breaker(`${target.provider}/${target.model}`, this.#options);
    this.#breakers.set(key, { target, breaker });
    if (this.#breakers.size > MOST_TARGETS) this.#breakers.delete(this.#breakers.keys().next().value ?? '');
    return breaker;
  }

  states(): BreakerState[] {
    return [...this.#breakers.values()].map(({ target: { provider, baseUrl, model }, breaker }) => ({
      provider,
      server: new URL(baseUrl).host,
      model,
      ...breaker.snapshot,
    }));
  }
}

/** Names of models come from requests. */
const MOST_TARGETS = 1_000;

/** Runs one call under its breaker; what it threw is thrown on. */
export async function guarded<T>(breaker: Breaker | null, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  if (breaker === null) return call();
  const pass = breaker.enter();
  try {
    const value = await call();
    if (signal.aborted) pass.abandoned();
    else pass.answered();
    return value;
  } catch (error) {
    if (signal.aborted || !(error instanceof GenrtlError)) pass.abandoned();
    else if (isFailure(error)) pass.failed(error.code);
    else if (ANSWERS.has(error.code) || FAILURES.has(error.code)) pass.answered();
    else pass.abandoned();
    throw error;
  }
}

/** An answer that is whole as far as it goes, or holds no text, comes from a server that works. */
function isFailure(error: GenrtlError): boolean {
  return (
    FAILURES.has(error.code) &&
    error.details?.['output_limit'] !== true &&
    typeof error.details?.['answer'] !== 'string'
  );
}
