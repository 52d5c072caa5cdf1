// What a flow may do, made durable: every effect is a recorded step of the run's workflow, replayed after a crash.
import { Readable } from 'node:stream';
import { DBOS } from '@dbos-inc/dbos-sdk';
import {
  GenrtlError,
  microUsd,
  parseUsd,
  type CbbManifest,
  type CloudVerifyOutput,
  type CloudVerifyRequest,
  type ErrorBody,
  type JobRequest,
  type MicroUsd,
  type ModelService,
  type Requirement,
  type Resolution,
} from '@genrtl/contracts';
import { inTransaction } from '../db/index.ts';
import { dieAt } from '../death-points.ts';
import type { Log } from '../processes/log.ts';
import { cutText, hashOfPrompt, paidAnswer, workflowIdOf } from './attempts.ts';
import type { PackageView } from '../registry/package-catalog.ts';
import { callModel, requestedModel } from './model-call.ts';
import type { Flow } from '../flows/flow.ts';
import type { FlowEvent, JobCtx } from '../flows/context.ts';
import { smallestWindow } from '../flows/asking/window.ts';
import type { ModelWindow } from '../flows/asking/window.ts';
import { CutAnswer, isOutputLimit } from '../models/cut-answer.ts';
import type { ModelAnswer, ModelPrompt } from '../models/model.ts';
import { usageOf } from '../models/progress.ts';
import { appendEvent } from './repository/events.ts';
import { recordBlob, sentBlobs, setPhase, type RunRow } from './repository/runs.ts';
import type { JobServices } from './services.ts';

/** A step's record: errors travel as values, since a recorded exception loses its class. */
type Recorded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorBody };

export class DurableCtx implements JobCtx {
  readonly request: JobRequest;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly kv = new Map<string, unknown>();
  readonly log: Log;
  readonly budget: { readonly limit: MicroUsd; spent: number };
  readonly featureFlags = {};
  readonly #services: JobServices;
  readonly #run: RunRow;
  readonly #flow: Pick<Flow, 'retry' | 'budget'>;
  /** as the run's account sees them */
  readonly #packages: PackageView;
  #ordinal = 0;
  #catalog: readonly CbbManifest[] | null = null;

  constructor(services: JobServices, run: RunRow, signal: AbortSignal) {
    this.#services = services;
    this.#run = run;
    this.#packages = services.packages.seenBy(run.account_id);
    this.#flow = services.flows.jobs[run.request.kind];
    this.request = run.request;
    this.runId = run.run_id;
    this.signal = signal;
    this.log = services.log;
    const cap = parseUsd(run.request.cap_usd);
    this.budget = { limit: microUsd(Math.min(cap, this.#flow.budget ?? cap)), spent: 0 };
  }

  /** Not recorded: a blob never changes. Only what the run's own account has sent is readable. */
  async readText(sha256: string): Promise<string> {
    const sent = await sentBlobs(this.#services.pool, this.#run.account_id, [sha256]);
    if (!sent.has(sha256)) throw new GenrtlError('NOT_FOUND', `The blob ${sha256} was not sent`);
    return (await this.#services.objects.read(sha256)).toString('utf8');
  }

  async catalog(): Promise<readonly CbbManifest[]> {
    if (this.#catalog !== null) return this.#catalog;
    const named = 'cbbs' in this.request ? this.request.cbbs : [];
    // Versions are recorded, manifests are not: a version never changes once published.
    const versions = await this.#step('catalog', async () => {
      const latest = (await this.#packages.latest()).map(({ manifest }) => ({
        cbb_id: manifest.cbb_id,
        version: manifest.version,
      }));
      const missing = named.filter(
        (pick) => !latest.some((one) => one.cbb_id === pick.cbb_id && one.version === pick.version),
      );
      return [...latest, ...missing.map(({ cbb_id, version }) => ({ cbb_id, version }))];
    });
    this.#catalog = await Promise.all(
      versions.map(async ({ cbb_id, version }) => {
        const listing = await this.#packages.find(cbb_id, version);
        if (listing === null) throw new GenrtlError('CBB_NOT_FOUND', `No package ${cbb_id} ${version}`);
        return listing.manifest;
      }),
    );
    return this.#catalog;
  }

  packageText(cbbId: string, version: string): Promise<{ path: string; text: string }[]> {
    return this.#packages.sources(cbbId, version);
  }

  resolve(requirements: readonly Requirement[]): Promise<Resolution[]> {
    return this.#step('resolve', () => this.#packages.resolve(requirements));
  }

  /** Recorded: a prompt stays the same when the models are configured anew between a crash and its recovery. */
  window(service: ModelService): Promise<ModelWindow> {
    return this.#step(`window:${service}`, async () => {
      const router = await this.#services.models.routerFor(this.#run, this.signal);
      return smallestWindow(router, router.choose(service, requestedModel(this.#run)));
    });
  }

  runTool(request: CloudVerifyRequest): Promise<CloudVerifyOutput> {
    const { pool, objects, tools } = this.#services;
    const account = this.#run.account_id;
    return this.#step('tool', () =>
      tools.run(
        request,
        {
          // Asked for when the request came; here again, since the blobs of others are none of this run's.
          read: async (sha256) => {
            if (!(await sentBlobs(pool, account, [sha256])).has(sha256))
              throw new GenrtlError('NOT_FOUND', `The blob ${sha256} was not sent`);
            return objects.read(sha256);
          },
          keep: async (bytes) => {
            const stored = await objects.put(Readable.from(bytes.length === 0 ? [] : [bytes]), {});
            await inTransaction(pool, 'blob.record', (tx) => recordBlob(tx, account, stored));
            return stored.sha256;
          },
        },
        this.signal,
      ),
    );
  }

  /** Only what the person should know becomes an event: the phase, another try, what a prompt does not hold. */
  async emit(event: FlowEvent): Promise<void> {
    if (event.type === 'progress')
      await this.#announce(`phase:${event.name}`, { type: 'phase', phase: event.name }, event.name);
    if (event.type === 'retry')
      await this.#announce('retry', { type: 'retry', reason: event.reason, attempt: this.#ordinal + 1 }, null);
    if (event.type === 'context') await this.#announce('context', { ...event }, null);
  }

  async ask(name: string, prompt: ModelPrompt): Promise<ModelAnswer> {
    const catalog = await this.catalog();
    // The step's record names the answer; the answer itself lies with its attempt, committed with the charge.
    const { retry, budget } = this.#flow;
    const left = budget === null ? null : microUsd(budget - this.budget.spent);
    try {
      await this.#step(`model:${name}`, async () => {
        await callModel(this.#services, this.#run, { name, prompt, catalog, signal: this.signal, retry, left });
        return null;
      });
    } catch (error) {
      const text = isOutputLimit(error) ? await cutText(this.#services.pool, this.#run, name) : null;
      if (!isOutputLimit(error) || text === null) throw error;
      this.budget.spent += parseUsd(usageOf(error)?.cost_usd ?? '0');
      throw new CutAnswer(error, text);
    }
    const answer = await paidAnswer(this.#services.pool, this.#run, { name, promptHash: hashOfPrompt(prompt) });
    if (answer === null) throw new GenrtlError('INTERNAL', `The answer of ${name} is missing`);
    this.budget.spent += parseUsd(answer.usage.cost_usd);
    return answer;
  }

  async #announce(
    step: string,
    event: { type: string } & Record<string, unknown>,
    phase: string | null,
  ): Promise<void> {
    this.#ordinal += 1;
    const key = `${workflowIdOf(this.#run)}:${this.#ordinal}`;
    dieAt('before_phase');
    await this.#step(step, () => recordPhase(this.#services, this.#run.run_id, key, event, phase));
    dieAt('after_phase');
  }

  async #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const recorded = await DBOS.runStep(
      async (): Promise<Recorded<T>> => {
        try {
          return { ok: true, value: await work() };
        } catch (error) {
          if (error instanceof GenrtlError) return { ok: false, error: error.toBody() };
          throw error;
        }
      },
      { name },
    );
    if (recorded.ok) return recorded.value;
    throw GenrtlError.fromBody(recorded.error);
  }
}

/** One event of a run's course, written once under its key, and the phase that it begins, if it begins one. */
export async function recordPhase(
  { pool, news }: Pick<JobServices, 'pool' | 'news'>,
  runId: string,
  key: string,
  event: { type: string } & Record<string, unknown>,
  phase: string | null,
): Promise<null> {
  await inTransaction(pool, 'run.phase', async (tx) => {
    if (phase !== null) await setPhase(tx, runId, phase);
    await appendEvent(tx, runId, event, key);
  });
  news.announce([runId]);
  return null;
}
