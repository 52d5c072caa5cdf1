// What a run's steps did: hashes of input and output, times, retries; the texts themselves only where the flow, a
// failure or the configuration asks for them, and the run may be kept. Each step is a span.
import { hash } from 'node:crypto';
import { GenrtlError, type ErrorBody } from '@genrtl/contracts';
import { flowId, type Flow, type Step } from '../flows/flow.ts';
import type { ObjectStore } from '../objects/index.ts';
import type { Log } from '../processes/log.ts';
import { tracedStep } from '../telemetry/flow-steps.ts';
import type { FlowStepRow, RunArtifact, RunKey } from './repository/steps.ts';
import type { StepWriter } from './step-writer.ts';

const jsonOf = (value: unknown): string => JSON.stringify(value ?? null);
const hashOf = (json: string): string => hash('sha256', json);

/** Values that steps hand on are never changed: what is told of them is made when the run is over. */
interface Recorded {
  readonly row: Omit<FlowStepRow, 'payloadRef' | 'inputHash' | 'outputHash'>;
  readonly input: unknown;
  readonly output: unknown;
}

export interface StepServices {
  readonly objects: Pick<ObjectStore, 'put'>;
  readonly steps: Pick<StepWriter, 'add'>;
  readonly log: Log;
}

/** A run of either runner as its steps see it. */
export interface SteppedRun {
  readonly key: RunKey;
  readonly flow: Pick<Flow, 'name' | 'version' | 'keepsPayloads'>;
  /** of the run, under which the steps are recorded */
  readonly attempt: number;
  /** attempts that were replaced so far */
  readonly replaced: () => number;
  readonly signal: AbortSignal;
  /** false: nothing of its text is stored */
  readonly retained: boolean;
  /** inputs and outputs are kept whatever becomes of it */
  readonly payloads: boolean;
}

export class StepRecorder {
  readonly #run: SteppedRun;
  readonly #services: StepServices;
  readonly #recorded: Recorded[] = [];
  #failed = false;

  constructor(services: StepServices, run: SteppedRun) {
    this.#services = services;
    this.#run = run;
  }

  async record<T>(step: Step, input: unknown, work: () => Promise<T>, skipped = false): Promise<T> {
    const { key, flow, attempt, replaced, signal } = this.#run;
    const startedAt = new Date();
    const before = replaced();
    const add = (status: FlowStepRow['status'], output: unknown, error: ErrorBody | null): void => {
      this.#failed ||= status === 'failed';
      this.#recorded.push({
        input,
        output,
        row: {
          attempt,
          name: step.name,
          type: step.type,
          status,
          deterministic: step.deterministic,
          retryable: step.retryable,
          resumable: step.resumable,
          error,
          retries: replaced() - before,
          startedAt,
          endedAt: new Date(),
        },
      });
    };
    const statusOf = (threw: boolean): FlowStepRow['status'] => {
      if (threw) return signal.aborted ? 'cancelled' : 'failed';
      return skipped ? 'skipped' : 'succeeded';
    };
    return tracedStep({ runId: key.runId, flow: flowId(flow), step, statusOf }, async () => {
      try {
        const output = await work();
        add(statusOf(false), output, null);
        return output;
      } catch (error) {
        add(statusOf(true), null, GenrtlError.of(error).toBody());
        throw error;
      }
    });
  }

  #keeps(): boolean {
    const { flow, payloads, retained } = this.#run;
    if (!retained) return false;
    return payloads || flow.keepsPayloads === 'always' || (flow.keepsPayloads === 'failure' && this.#failed);
  }

  /** Behind, with those of other runs. A trace is worth no failure. */
  async store(): Promise<void> {
    const { key } = this.#run;
    const { steps, log } = this.#services;
    try {
      const artifacts = this.#keeps() ? await this.#keepPayloads() : [];
      const refs = new Map(artifacts.map(({ step, objectRef }) => [step, objectRef]));
      const rows = this.#recorded.map(({ row, input, output }) => ({
        ...row,
        inputHash: hashOf(jsonOf(input)),
        outputHash: row.error === null ? hashOf(jsonOf(output)) : null,
        payloadRef: refs.get(row.name) ?? null,
      }));
      steps.add(key, { rows, artifacts });
    } catch (error) {
      log.warn('steps were not recorded', { run_id: key.runId, error: String(error) });
    }
  }

  async #keepPayloads(): Promise<RunArtifact[]> {
    const artifacts: RunArtifact[] = [];
    for (const { row, input, output } of this.#recorded) {
      const given = row.error === null ? jsonOf(output) : 'null';
      const payload = `{"input":${jsonOf(input)},"output":${given},"error":${jsonOf(row.error)}}`;
      const { sha256, sizeBytes } = await this.#services.objects.put(bytesOf(payload), {});
      artifacts.push({ attempt: row.attempt, step: row.name, kind: 'payload', objectRef: sha256, size: sizeBytes });
    }
    return artifacts;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
