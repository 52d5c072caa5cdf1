// Watches over one run: its limits, its cancelling, its wait for a licence. Says once why the run must stop.
import type { ResourceBound } from '@genrtl/contracts';
import type { RunLimits } from './types.ts';

export type StopReason = 'cancelled' | 'timeout' | 'idle_timeout' | 'output_limit' | 'license_wait' | 'resource_limit';

export class Supervisor {
  reason: StopReason | null = null;
  /** which bound a `resource_limit` is */
  reached: ResourceBound | null = null;
  readonly #limits: RunLimits;
  readonly #signal: AbortSignal | undefined;
  #onStop: ((reason: StopReason) => void) | null = null;
  #remainingMs: number;
  #resumedAt = 0;
  #total: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;
  #licence: NodeJS.Timeout | null = null;
  #bytes = 0;

  constructor(limits: RunLimits, signal: AbortSignal | undefined) {
    this.#limits = limits;
    this.#signal = signal;
    this.#remainingMs = limits.timeoutMs;
    if (signal?.aborted === true) this.reason = 'cancelled';
    signal?.addEventListener('abort', this.#abort);
    this.#resume();
  }

  /** Calls back at once when there is a reason already. */
  onStop(callback: ((reason: StopReason) => void) | null): void {
    this.#onStop = callback;
    if (this.reason !== null) callback?.(this.reason);
  }

  output(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.outputBytes) this.#stop('output_limit');
    this.#idle?.refresh();
  }

  bound(reached: ResourceBound): void {
    if (this.reason !== null) return;
    this.reached = reached;
    this.#stop('resource_limit');
  }

  /** While a run queues for a licence only the licence limit counts. */
  licence(state: 'waiting' | 'granted'): void {
    if (state === 'waiting' && this.#licence === null) {
      this.#pause();
      this.#licence = setTimeout(() => this.#stop('license_wait'), this.#limits.licenceWaitMs);
    } else if (state === 'granted' && this.#licence !== null) {
      clearTimeout(this.#licence);
      this.#licence = null;
      this.#resume();
    }
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#pause();
    if (this.#licence !== null) clearTimeout(this.#licence);
  }

  readonly #abort = (): void => this.#stop('cancelled');

  #stop(reason: StopReason): void {
    if (this.reason !== null) return;
    this.reason = reason;
    this.#onStop?.(reason);
  }

  #resume(): void {
    this.#resumedAt = performance.now();
    this.#total = setTimeout(() => this.#stop('timeout'), Math.max(0, this.#remainingMs));
    const idleMs = this.#limits.idleTimeoutMs;
    if (idleMs !== null) this.#idle = setTimeout(() => this.#stop('idle_timeout'), idleMs);
  }

  #pause(): void {
    if (this.#total !== null) {
      this.#remainingMs -= performance.now() - this.#resumedAt;
      clearTimeout(this.#total);
      this.#total = null;
    }
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
  }
}
