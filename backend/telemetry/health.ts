// Whether the parts that a backend stands on answer, each told apart. Only what requests cannot do without decides
// whether this process is ready; a provider of models never does.
import { setTimeout as delay } from 'node:timers/promises';
import { onSignal } from './signals.ts';

export type PartState = 'up' | 'down' | 'unknown';

export interface PartHealth {
  readonly state: PartState;
  /** since when it is so, as far as this process knows */
  readonly since: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly draining: boolean;
  /** `process`, `database`, `object_store`, `sandbox` where tools run, and `provider:<name>` of each that was called */
  readonly parts: Readonly<Record<string, PartHealth>>;
}

export interface HealthProbes {
  /** reject when the part does not answer */
  readonly database: () => Promise<unknown>;
  readonly objects: () => Promise<unknown>;
  /** of processes that run tools for others; told, and nothing that requests cannot do without */
  readonly sandbox?: () => Promise<unknown>;
}

const PROBE_LIMIT_MS = 2_000;
/** Equal questions within this time get one answer: a flood of them is no load for the database. */
const BELIEVED_MS = 1_000;
/** Failures that say something of the provider, not of the request. */
const PROVIDER_FAULTS: ReadonlySet<string> = new Set([
  'MODEL_UNAVAILABLE',
  'MODEL_AUTH',
  'MODEL_RATE_LIMITED',
  'MODEL_TIMEOUT',
  'MODEL_TRUNCATED',
]);
/** One failure is an accident, three in a row are a state. */
const FAILURES_TO_BE_DOWN = 3;

export class HealthWatch {
  readonly #probes: HealthProbes;
  readonly #parts = new Map<string, PartHealth>();
  readonly #failures = new Map<string, number>();
  readonly #close: () => void;
  #draining = false;
  #asked: { readonly answer: Promise<HealthReport>; readonly at: number } | null = null;

  constructor(probes: HealthProbes) {
    this.#probes = probes;
    this.#note('process', 'up');
    this.#close = onSignal('model_call', ({ provider, outcome, code }) => {
      const name = `provider:${provider}`;
      if (outcome === 'answered') {
        this.#failures.delete(name);
        this.#note(name, 'up');
      } else if (code !== null && PROVIDER_FAULTS.has(code)) {
        const failures = (this.#failures.get(name) ?? 0) + 1;
        this.#failures.set(name, failures);
        if (failures >= FAILURES_TO_BE_DOWN) this.#note(name, 'down');
      }
    });
  }

  /** From now on this process takes no new work. */
  drain(): void {
    this.#draining = true;
    this.#asked = null;
  }

  get draining(): boolean {
    return this.#draining;
  }

  report(): Promise<HealthReport> {
    const now = performance.now();
    if (this.#asked !== null && now - this.#asked.at < BELIEVED_MS) return this.#asked.answer;
    const answer = this.#look();
    this.#asked = { answer, at: now };
    return answer;
  }

  close(): void {
    this.#close();
  }

  async #look(): Promise<HealthReport> {
    const { sandbox: probe } = this.#probes;
    const [database, objects, sandbox] = await Promise.all([
      answersInTime(this.#probes.database),
      answersInTime(this.#probes.objects),
      probe === undefined ? null : answersInTime(probe),
    ]);
    this.#note('database', database ? 'up' : 'down');
    this.#note('object_store', objects ? 'up' : 'down');
    if (sandbox !== null) this.#note('sandbox', sandbox ? 'up' : 'down');
    return {
      ready: database && objects && !this.#draining,
      draining: this.#draining,
      parts: Object.fromEntries(this.#parts),
    };
  }

  #note(part: string, state: PartState): void {
    if (this.#parts.get(part)?.state !== state) this.#parts.set(part, { state, since: new Date().toISOString() });
  }
}

async function answersInTime(probe: () => Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  try {
    return await Promise.race([
      Promise.resolve()
        .then(probe)
        .then(
          () => true,
          () => false,
        ),
      delay(PROBE_LIMIT_MS, false, { signal: late.signal, ref: false }),
    ]);
  } finally {
    late.abort();
  }
}
