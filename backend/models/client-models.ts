// Whose models a run is answered by: each client of an embedded backend brings its own settings and keys with its
// lease. They stay in memory, go with the lease, and are never those of whoever happened to start the backend.
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError, type ModelEnvironment } from '@genrtl/contracts';
import type { ModelRouter } from './model.ts';
import { COMPOSER, modelId } from './routing.ts';

/** What jobs need to know of it. */
export interface RunModels {
  /**
   * The models of a request made under a lease; without one those of the backend itself. Throws BACKEND_UNAVAILABLE.
   */
  routerOf(leaseId: string | null): ModelRouter;
  /** From now on the run is answered by the models of this lease's client. */
  bind(runId: string, leaseId: string | null): void;
  /** Waits for a client where a restart has left the run without one. Throws BACKEND_UNAVAILABLE, CANCELLED. */
  routerFor(
    run: { readonly run_id: string; readonly request: { readonly model: string | null } },
    signal: AbortSignal,
  ): Promise<ModelRouter>;
  forget(runId: string): void;
  /** runs that wait for a client: they keep no backend alive */
  readonly waiting: number;
}

/** One router for everybody: a hosted backend, whose operator sets the models. */
export function sharedModels(router: ModelRouter): RunModels {
  return {
    routerOf: () => router,
    bind: () => undefined,
    routerFor: async () => router,
    forget: () => undefined,
    waiting: 0,
  };
}

/** A run that nobody comes back for is given up after this; its paid answers serve the next attempt. */
const CLIENT_WAIT_MS = 60_000;
const LOOK_MS = 50;

export class ClientModels implements RunModels {
  readonly #base: ModelRouter;
  readonly #build: (env: ModelEnvironment) => ModelRouter;
  readonly #waitMs: number;
  readonly #leases = new Map<string, { readonly text: string; readonly router: () => ModelRouter }>();
  readonly #runs = new Map<string, () => ModelRouter>();
  #waiting = 0;

  constructor(base: ModelRouter, build: (env: ModelEnvironment) => ModelRouter, waitMs = CLIENT_WAIT_MS) {
    this.#base = base;
    this.#build = build;
    this.#waitMs = waitMs;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** With the lease, and with each renewal. What cannot be read is told to the request that needs it. */
  open(leaseId: string, env: ModelEnvironment | undefined): void {
    const text = env === undefined ? '' : JSON.stringify(env);
    if (this.#leases.get(leaseId)?.text === text) return;
    let built: ModelRouter | null = env === undefined ? this.#base : null;
    this.#leases.set(leaseId, { text, router: () => (built ??= this.#build(env ?? {})) });
  }

  /** Forgets the settings of leases that are no more. Runs under way keep what they were begun with. */
  keepOnly(isOpen: (leaseId: string) => boolean): void {
    for (const id of this.#leases.keys()) if (!isOpen(id)) this.#leases.delete(id);
  }

  routerOf(leaseId: string | null): ModelRouter {
    return this.#source(leaseId)();
  }

  #source(leaseId: string | null): () => ModelRouter {
    if (leaseId === null) return () => this.#base;
    const lease = this.#leases.get(leaseId);
    if (lease === undefined)
      throw new GenrtlError('BACKEND_UNAVAILABLE', 'The lease of this request has ended', {
        hint: 'Repeat the request under a lease that is open.',
      });
    return lease.router;
  }

  bind(runId: string, leaseId: string | null): void {
    this.#runs.set(runId, this.#source(leaseId));
  }

  async routerFor(
    run: { readonly run_id: string; readonly request: { readonly model: string | null } },
    signal: AbortSignal,
  ): Promise<ModelRouter> {
    const bound = this.#runs.get(run.run_id);
    if (bound !== undefined) return bound();
    if (run.request.model === modelId(COMPOSER)) return this.#base;
    this.#waiting += 1;
    try {
      for (let waited = 0; waited < this.#waitMs; waited += LOOK_MS) {
        await delay(LOOK_MS, undefined, { signal, ref: false }).catch(() => {
          throw new GenrtlError('CANCELLED', 'Cancelled');
        });
        const come = this.#runs.get(run.run_id);
        if (come !== undefined) return come();
      }
    } finally {
      this.#waiting -= 1;
    }
    throw new GenrtlError('BACKEND_UNAVAILABLE', 'The client whose models answer this job has not come back', {
      hint: 'Resume the job.',
    });
  }

  forget(runId: string): void {
    this.#runs.delete(runId);
  }
}
