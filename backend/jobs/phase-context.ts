// What a flow may do, made durable. What is read of a changing world is a recorded step of the run's workflow, replayed
// after a crash. Calls and what readers follow have records of their own, under keys, in the commit that makes them
// true: done again after a crash they find these, and a second record would only be a second commit.
import { Readable } from 'node:stream';
import { DBOS } from '@dbos-inc/dbos-sdk';
import {
  blobsOf,
  GenrtlError,
  microUsd,
  parseUsd,
  type CbbListing,
  type CbbManifest,
  type CloudStrengthOutput,
  type CloudStrengthRequest,
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
import { cutText, workflowIdOf } from './attempts.ts';
import type { PackageCatalog, PackageView } from '../registry/package-catalog.ts';
import type { CloudFiles } from '../tool-runner/cloud.ts';
import { callModel, requestedModel } from './model-call.ts';
import type { Flow } from '../flows/flow.ts';
import type { FlowEvent, JobCtx } from '../flows/context.ts';
import { smallestWindow } from '../flows/asking/window.ts';
import type { ModelWindow } from '../flows/asking/window.ts';
import { CutAnswer, isOutputLimit } from '../models/cut-answer.ts';
import type { ModelAnswer, ModelPrompt } from '../models/model.ts';
import { usageOf } from '../models/progress.ts';
import { recordPhase } from './phases.ts';
import { SharedReads } from './shared-reads.ts';
import { recordBlob, sentBlobs, type BegunRun, type PackageVersion } from './repository/runs.ts';
import type { JobServices } from './services.ts';

const listings = new WeakMap<PackageCatalog, SharedReads<readonly CbbListing[]>>();

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
  readonly #run: BegunRun;
  /** the versions of packages that the calls see are kept with the run */
  #kept: boolean;
  readonly #flow: Pick<Flow, 'retry' | 'budget'>;
  /** as the run's account sees them */
  readonly #packages: PackageView;
  #ordinal = 0;
  #told: Promise<unknown> = Promise.resolve();
  #catalog: Promise<readonly CbbManifest[]> | null = null;

  constructor(services: JobServices, run: BegunRun, signal: AbortSignal) {
    this.#services = services;
    this.#run = run;
    this.#kept = run.packages !== null;
    this.#packages = services.packages.seenBy(run.account_id);
    this.#flow = services.flows.jobs[run.request.kind];
    this.request = run.request;
    this.runId = run.run_id;
    this.signal = signal;
    this.log = services.log;
    const cap = parseUsd(run.request.cap_usd);
    this.budget = { limit: microUsd(Math.min(cap, this.#flow.budget ?? cap)), spent: 0 };
  }

  /**
   * Not recorded: a blob never changes. Only what the run's own account has sent is readable; of what the request names
   * that was looked at when it came.
   */
  async readText(sha256: string): Promise<string> {
    const isSent =
      blobsOf(this.request).includes(sha256) ||
      (await sentBlobs(this.#services.pool, this.#run.account_id, [sha256])).has(sha256);
    if (!isSent) throw new GenrtlError('NOT_FOUND', `The blob ${sha256} was not sent`);
    return (await this.#services.objects.read(sha256)).toString('utf8');
  }

  catalog(): Promise<readonly CbbManifest[]> {
    if (this.#catalog !== null) return this.#catalog;
    this.#catalog = this.#readCatalog();
    return this.#catalog;
  }

  /** Kept with the run's first attempt: until then nothing lasts that depended on it. */
  async #readCatalog(): Promise<readonly CbbManifest[]> {
    const kept = this.#run.packages;
    const latest = kept === null ? (await this.#latest()).map(({ manifest }) => manifest) : [];
    const has = (pick: PackageVersion): boolean =>
      latest.some(({ cbb_id, version }) => cbb_id === pick.cbb_id && version === pick.version);
    const named = 'cbbs' in this.request ? this.request.cbbs : [];
    const more = await Promise.all(
      (kept ?? named)
        .filter((pick) => !has(pick))
        .map(async ({ cbb_id, version }) => {
          // Manifests are not kept: a version never changes once published.
          const listing = await this.#packages.find(cbb_id, version);
          if (listing === null) throw new GenrtlError('CBB_NOT_FOUND', `No package ${cbb_id} ${version}`);
          return listing.manifest;
        }),
    );
    return [...latest, ...more];
  }

  /** Of a crowd of an account's runs that begin at once one reads for all. */
  #latest(): Promise<readonly CbbListing[]> {
    const { packages } = this.#services;
    const reads = listings.get(packages) ?? new SharedReads<readonly CbbListing[]>();
    listings.set(packages, reads);
    return reads.read(this.#run.account_id, () => this.#packages.latest());
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
    return this.#step('tool', () => this.#services.tools.run(request, this.#cloudFiles(), this.signal));
  }

  measureStrength(request: CloudStrengthRequest): Promise<CloudStrengthOutput> {
    return this.#step('measure', () => this.#services.tools.measure(request, this.#cloudFiles(), this.signal));
  }

  #cloudFiles(): CloudFiles {
    const { pool, objects } = this.#services;
    const account = this.#run.account_id;
    return {
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
    };
  }

  /** Only what the person should know becomes an event: the phase, another try, what a prompt does not hold. */
  emit(event: FlowEvent): void {
    if (event.type === 'progress') this.#announce({ type: 'phase', phase: event.name }, event.name);
    if (event.type === 'retry')
      this.#announce({ type: 'retry', reason: event.reason, attempt: this.#ordinal + 1 }, null);
    if (event.type === 'context') this.#announce({ ...event }, null);
  }

  async ask(name: string, prompt: ModelPrompt): Promise<ModelAnswer> {
    const catalog = await this.catalog();
    const { retry, budget } = this.#flow;
    const left = budget === null ? null : microUsd(budget - this.budget.spent);
    try {
      const seen = this.#kept ? null : catalog.map(({ cbb_id, version }) => ({ cbb_id, version }));
      const isNew = this.#run.asked_before === false;
      const call = { name, prompt, catalog, seen, signal: this.signal, retry, left, isNew };
      const answer = await callModel(this.#services, this.#run, call);
      await this.#told;
      // Answered anew, so with an attempt that kept them.
      this.#kept ||= isNew;
      this.budget.spent += parseUsd(answer.usage.cost_usd);
      return answer;
    } catch (error) {
      const text = isOutputLimit(error) ? await cutText(this.#services.pool, this.#run, name) : null;
      if (!isOutputLimit(error) || text === null) throw error;
      this.budget.spent += parseUsd(usageOf(error)?.cost_usd ?? '0');
      throw new CutAnswer(error, text);
    }
  }

  /**
   * Under a key that is the same whenever the run's course is gone through again. Not waited for: an account's writing
   * keeps its order, so what the run commits next comes with it or after it.
   */
  #announce(event: { type: string } & Record<string, unknown>, phase: string | null): void {
    this.#ordinal += 1;
    const key = `${workflowIdOf(this.#run)}:${this.#ordinal}`;
    dieAt('before_phase');
    const written = recordPhase(this.#services, this.#run, key, event, phase).then(() => {
      dieAt('after_phase');
    });
    this.#told = Promise.all([this.#told, written]);
    // whoever waits for it next is told
    this.#told.catch(() => undefined);
  }

  /** Resolves when all that readers follow so far is committed; throws what was in its way. */
  async told(): Promise<void> {
    await this.#told;
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
