// What a run's steps did: hashes of input and output, times, retries; the texts themselves only where the flow, a
// failure or the configuration asks for them, and the run may be kept. Each step is a span.
import { createHash } from 'node:crypto';
import { GenrtlError, type ErrorBody } from '@genrtl/contracts';
import { flowId, type Step } from '../flows/flow.ts';
import { tracedStep } from '../telemetry/flow-steps.ts';
import type { AdmittedRun } from './admitted-run.ts';
import type { FlowStepRow, RunArtifact } from './repository/steps.ts';
import type { AiServices } from './services.ts';

const jsonOf = (value: unknown): string => JSON.stringify(value ?? null);
const hashOf = (json: string): string => createHash('sha256').update(json).digest('hex');

interface Recorded {
  readonly row: Omit<FlowStepRow, 'payloadRef'>;
  readonly payload: string | null;
}

export class StepRecorder {
  readonly #run: AdmittedRun;
  readonly #services: AiServices;
  readonly #recorded: Recorded[] = [];
  #failed = false;

  constructor(services: AiServices, run: AdmittedRun) {
    this.#services = services;
    this.#run = run;
  }

  async record<T>(step: Step, input: unknown, work: () => Promise<T>, skipped = false): Promise<T> {
    const { live, flow } = this.#run;
    const startedAt = new Date();
    const before = live.attempt;
    const inputJson = jsonOf(input);
    const add = (status: FlowStepRow['status'], output: unknown, error: ErrorBody | null): void => {
      const given = error === null ? jsonOf(output) : null;
      this.#failed ||= status === 'failed';
      this.#recorded.push({
        payload: this.#mayKeep() ? `{"input":${inputJson},"output":${given ?? 'null'},"error":${jsonOf(error)}}` : null,
        row: {
          attempt: live.parts.attempt,
          name: step.name,
          type: step.type,
          status,
          deterministic: step.deterministic,
          retryable: step.retryable,
          resumable: step.resumable,
          inputHash: hashOf(inputJson),
          outputHash: given === null ? null : hashOf(given),
          error,
          retries: live.attempt - before,
          startedAt,
          endedAt: new Date(),
        },
      });
    };
    const statusOf = (threw: boolean): FlowStepRow['status'] => {
      if (threw) return live.signal.aborted ? 'cancelled' : 'failed';
      return skipped ? 'skipped' : 'succeeded';
    };
    return tracedStep({ runId: live.parts.runId, flow: flowId(flow), step, statusOf }, async () => {
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

  #mayKeep(): boolean {
    const { live, flow, features } = this.#run;
    return live.parts.retained && (features.payloads || flow.keepsPayloads !== 'never');
  }

  #keeps(): boolean {
    const { flow, features } = this.#run;
    return features.payloads || flow.keepsPayloads === 'always' || (flow.keepsPayloads === 'failure' && this.#failed);
  }

  /** Behind, with those of other runs. A trace is worth no failure. */
  async store(): Promise<void> {
    const { parts } = this.#run.live;
    const { steps, log } = this.#services;
    try {
      const artifacts = this.#keeps() ? await this.#keepPayloads() : [];
      const refs = new Map(artifacts.map(({ step, objectRef }) => [step, objectRef]));
      const rows = this.#recorded.map(({ row }) => ({ ...row, payloadRef: refs.get(row.name) ?? null }));
      steps.add(parts, { rows, artifacts });
    } catch (error) {
      log.warn('steps were not recorded', { run_id: parts.runId, error: String(error) });
    }
  }

  async #keepPayloads(): Promise<RunArtifact[]> {
    const artifacts: RunArtifact[] = [];
    for (const { row, payload } of this.#recorded) {
      if (payload === null) continue;
      const { sha256, sizeBytes } = await this.#services.objects.put(bytesOf(payload), {});
      artifacts.push({ attempt: row.attempt, step: row.name, kind: 'payload', objectRef: sha256, size: sizeBytes });
    }
    return artifacts;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, 'utf8');
}
