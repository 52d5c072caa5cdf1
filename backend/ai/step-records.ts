// What a run's steps did: hashes of input and output, times, retries. Texts themselves are not stored here.
import { createHash } from 'node:crypto';
import { GenrtlError, type ErrorBody } from '@genrtl/contracts';
import type { Step } from '../flows/flow.ts';
import type { LiveRun } from './live-run.ts';
import { insertFlowSteps, type FlowStepRow } from './repository/steps.ts';
import type { AiServices } from './services.ts';

export const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex');

export class StepRecorder {
  readonly #live: LiveRun;
  readonly #services: AiServices;
  readonly #rows: FlowStepRow[] = [];

  constructor(live: LiveRun, services: AiServices) {
    this.#live = live;
    this.#services = services;
  }

  async record<T>(
    step: Pick<Step, 'name' | 'type' | 'deterministic' | 'retryable' | 'resumable'>,
    input: unknown,
    work: () => Promise<T>,
    skipped = false,
  ): Promise<T> {
    const startedAt = new Date();
    const before = this.#live.attempt;
    const add = (status: FlowStepRow['status'], output: unknown, error: ErrorBody | null): void => {
      this.#rows.push({
        attempt: this.#live.parts.attempt,
        name: step.name,
        type: step.type,
        status,
        deterministic: step.deterministic,
        retryable: step.retryable,
        resumable: step.resumable,
        inputHash: hashOf(input),
        outputHash: status === 'succeeded' || status === 'skipped' ? hashOf(output) : null,
        error,
        retries: this.#live.attempt - before,
        startedAt,
        endedAt: new Date(),
      });
    };
    try {
      const output = await work();
      add(skipped ? 'skipped' : 'succeeded', output, null);
      return output;
    } catch (error) {
      add(this.#live.signal.aborted ? 'cancelled' : 'failed', null, GenrtlError.of(error).toBody());
      throw error;
    }
  }

  /** A trace is worth no failure. */
  async store(): Promise<void> {
    try {
      await insertFlowSteps(this.#services.pool, this.#live.parts, this.#rows);
    } catch (error) {
      this.#services.log.warn('steps were not recorded', { run_id: this.#live.parts.runId, error: String(error) });
    }
  }
}
