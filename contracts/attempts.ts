// How an attempt of a durable request ends. One table for both sides: the client asks it whether the next request is a
// new one, the server whether a repeated key gets the old result, the ledger who pays for what was produced.

interface AttemptEndSpec {
  /**
   * true: the key keeps this result for ever, and whoever asks again does so under a new attempt and key. false: the
   * same bytes are sent again under the same key, and the run goes on where it stopped.
   */
  readonly closes: boolean;
  /** what the upstream model had produced by then is paid by the person; otherwise it is the platform's loss */
  readonly charged: boolean;
  /** the next attempt of the same step takes over the answers that this one had paid, where it asks the same */
  readonly keepsAnswers: boolean;
}

const end = (closes: boolean, charged: boolean, keepsAnswers: boolean): AttemptEndSpec => ({
  closes,
  charged,
  keepsAnswers,
});

export const ATTEMPT_ENDS = {
  /** a result, or a refusal of the answers themselves: asking the same again would be a new question */
  answered: end(true, true, false),
  /** the run broke through no fault of its answers: a model server, the disk, a fault of ours */
  failed: end(true, false, true),
  /** turned down before execution, for now: not signed in, too many requests, no price */
  refused: end(false, false, true),
  /** these bytes can never be accepted: no key was bound to them */
  rejected: end(true, false, true),
  /** the next call did not fit below the cap, or needs consent before it is billed in addition */
  budget: end(false, false, true),
  /** ended by the person; what the model had written until then is theirs */
  cancelled: end(false, true, true),
  /** nobody knows what became of it: the connection broke, a process died */
  lost: end(false, false, true),
} as const satisfies Record<string, AttemptEndSpec>;
export type AttemptEnd = keyof typeof ATTEMPT_ENDS;

/** Ends of one call of an upstream model; the rest are ends of whole requests. */
export type CallEnd = Extract<AttemptEnd, 'answered' | 'failed' | 'cancelled' | 'lost'>;

/** Codes by which a request ends before anything was executed, other than `refused`. */
const BEFORE: Readonly<Record<string, AttemptEnd>> = {
  REQUEST_INVALID: 'rejected',
  REQUEST_TOO_LARGE: 'rejected',
  IDEMPOTENCY_MISMATCH: 'rejected',
  // blobs that this server never got, or a run that it no longer knows
  NOT_FOUND: 'rejected',
  BACKEND_UNAVAILABLE: 'lost',
  BACKEND_START_FAILED: 'lost',
  INTERNAL: 'lost',
};

/** How an error of the request itself (no run, or none that is known) ends the attempt. */
export function endBeforeRun(code: string): AttemptEnd {
  return stoppedBy(code) ?? BEFORE[code] ?? 'refused';
}

/** How a run ended, by the code of its error; null for one with a result. */
export function endOfRun(code: string | null): AttemptEnd {
  if (code === null) return 'answered';
  return stoppedBy(code) ?? (INTERRUPTING.has(code) || code.startsWith('MODEL_') ? 'failed' : 'answered');
}

/** Every code of an error that says nothing about the answers of a run. */
const INTERRUPTING: ReadonlySet<string> = new Set([
  'INTERNAL',
  'BACKEND_UNAVAILABLE',
  'BACKEND_START_FAILED',
  'RATE_LIMITED',
  'DISK_FULL',
  'UNAUTHORIZED',
]);

function stoppedBy(code: string): AttemptEnd | null {
  if (code === 'BUDGET_EXCEEDED' || code === 'ON_DEMAND_CONSENT') return 'budget';
  return code === 'CANCELLED' ? 'cancelled' : null;
}
