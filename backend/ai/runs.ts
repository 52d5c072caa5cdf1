// The interactive runs of this process: begun, joined, cancelled, taken over from a process that died, ended with it.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { formatUsd, GenrtlError, intentSpec, type AiRequest, type AiRunView } from '@genrtl/contracts';
import { inTransaction } from '../db/index.ts';
import { flowId } from '../flows/intents/index.ts';
import { planRecovery, type StepPlan } from '../flows/intents/recovery.ts';
import { admit, type Admission } from './admit.ts';
import type { AiConfig } from './config.ts';
import { newAttempt, recordAttempt, settleLostAttempts } from './attempts.ts';
import { LiveRun } from './live-run.ts';
import { cacheKey, type CachedAnswer } from './response-cache.ts';
import { hasAttempt, usageOfFlowRun } from './repository/attempts.ts';
import {
  askCancel,
  endFlowRun,
  findFlowRun,
  forgetOtherProcesses,
  forgetProcess,
  insertFlowRun,
  isProcessAlive,
  orphanedRuns,
  processSeen,
  purgeFlowRuns,
  reopenFlowRun,
  takeFlowRun,
  type FlowRunRow,
  type RunKey,
} from './repository/runs.ts';
import { cancelTopicOf, lastStoredSeq, notifyTopic } from './repository/segments.ts';
import { stepEnds } from './repository/steps.ts';
import { holdFor, runFlow } from './run-flow.ts';
import type { AiServices } from './services.ts';

export interface AiCall {
  readonly accountId: string;
  readonly leaseId: string | null;
  /** sha256 of the exact request bytes */
  readonly requestHash: string;
  readonly request: AiRequest;
  /** the path that was asked, which the configuration may give a render mode */
  readonly path: string;
}

/** Where a reader finds a run: in memory of this process, or in the database. */
export type RunPlace = { readonly live: LiveRun } | { readonly stored: FlowRunRow };

/** Numbers of a later process begin so far above what was stored: sent events may never have been. */
const SEQ_GAP = 100_000;
const SEEN_MS = 5_000;
const STOP_LIMIT_MS = 8_000;
const RETENTION_DAYS = 30;

const nameOf = ({ accountId, runId }: RunKey): string => `${accountId}\n${runId}`;

export class AiRuns {
  readonly #services: AiServices;
  readonly #live = new Map<string, LiveRun>();
  readonly #opening = new Map<string, Promise<RunPlace>>();
  readonly #working = new Set<Promise<void>>();
  readonly #retiring = new WeakMap<LiveRun, Promise<void>>();
  #seen: NodeJS.Timeout | null = null;
  #stopping = false;

  constructor(services: AiServices) {
    this.#services = services;
  }

  /** `alone`: no other process can work on this database. */
  async launch(options: {
    readonly alone: boolean;
    readonly onNews: (listener: (topic: string) => void) => void;
  }): Promise<void> {
    const { pool, owner } = this.#services;
    if (options.alone) await forgetOtherProcesses(pool, owner);
    await processSeen(pool, owner);
    this.#seen = setInterval(() => {
      processSeen(pool, owner).catch(() => undefined);
    }, SEEN_MS);
    this.#seen.unref();
    options.onNews((topic) => {
      if (topic.startsWith('cancel:')) this.#byTopic(topic)?.stop('cancelled');
    });
  }

  #byTopic(topic: string): LiveRun | undefined {
    for (const live of this.#live.values()) if (cancelTopicOf(live.parts) === topic) return live;
    return undefined;
  }

  /** What new runs begin with. */
  get config(): AiConfig {
    return this.#services.config.current;
  }

  /** Runs that are not over. */
  get active(): number {
    return this.#working.size;
  }

  liveOf(key: RunKey): LiveRun | null {
    return this.#live.get(nameOf(key)) ?? null;
  }

  /** Begins the run, or finds the one of this id. Throws IDEMPOTENCY_MISMATCH and what `admit` throws. */
  async start(call: AiCall): Promise<{ key: RunKey; place: RunPlace }> {
    if (this.#stopping) throw new GenrtlError('BACKEND_UNAVAILABLE', 'The backend stops');
    const key: RunKey = { accountId: call.accountId, runId: call.request.runId ?? `ai_${randomUUID()}` };
    const name = nameOf(key);
    const known = this.#opening.get(name);
    if (known !== undefined) await known.catch(() => undefined);
    const live = this.#live.get(name);
    if (live !== undefined) {
      requireSame(live.parts.requestHash, call.requestHash);
      return { key, place: { live } };
    }
    const opening = this.#begin(key, call);
    this.#opening.set(name, opening);
    try {
      return { key, place: await opening };
    } finally {
      if (this.#opening.get(name) === opening) this.#opening.delete(name);
    }
  }

  async #begin(key: RunKey, call: AiCall): Promise<RunPlace> {
    const { pool, models, owner, cache, config } = this.#services;
    const { request } = call;
    const router = models.routerOf(call.leaseId);
    const admission = await admit(this.#services, call.accountId, router, request).catch(async (error: unknown) => {
      // A run that there is already is joined, whatever a new one would meet now.
      const there = await findFlowRun(pool, key);
      if (there === null) throw error;
      return there;
    });
    if ('run_id' in admission) return this.#join(key, call, admission);
    const { flow, prompt } = admission;
    const [first] = admission.models;
    if (first === undefined) throw new GenrtlError('AI_NEEDS_MODEL', 'No model is configured.');
    const renderMode =
      request.renderMode ?? config.current.rendering.defaults[call.path] ?? intentSpec(request.intent).renderMode;
    const retained = request.options.retention !== 'none';
    const asked = cacheKey({ accountId: call.accountId, flow, model: first, request, renderMode, prompt });
    const known = request.options.refresh === true ? null : cache.get(asked);
    // A known answer asks nobody, so nothing is held for it.
    const attempt = known === null ? newAttempt(1, 'draft', prompt, first, holdFor(admission, first, prompt)) : null;
    let inserted = false;
    const mine = await inTransaction(pool, 'ai.open', async (tx) => {
      const made = await insertFlowRun(tx, key, {
        request,
        requestHash: call.requestHash,
        contextHash: admission.contextHash,
        flow: flowId(flow),
        template: flow.template.id,
        renderMode,
        model: first.id,
        owner,
        retained,
      });
      // Somebody else's, or this very call's, whose commit was not heard of: its hold tells.
      if (attempt === null) {
        // A row that is there already is ours when this body had put it there, and its commit was not heard of.
        inserted ||= made;
        return inserted;
      }
      if (made) await recordAttempt(tx, key, attempt);
      return made || (await hasAttempt(tx, attempt.attemptId));
    });
    if (!mine) {
      const there = await findFlowRun(pool, key);
      if (there === null) throw new GenrtlError('INTERNAL', `The run ${key.runId} is gone`);
      return this.#join(key, call, there);
    }
    return {
      live: this.#work(key, call.request, call.requestHash, admission, {
        renderMode,
        attempt: 1,
        lastSeq: 0,
        retained,
        first: attempt,
        known,
        cacheKey: asked,
      }),
    };
  }

  async #join(key: RunKey, call: AiCall, row: FlowRunRow): Promise<RunPlace> {
    requireSame(row.request_hash, call.requestHash);
    return this.#placeOf(key, row, call.leaseId);
  }

  #work(
    key: RunKey,
    request: AiRequest,
    requestHash: string,
    admission: Admission,
    start: Pick<LiveRun['parts'], 'renderMode' | 'attempt' | 'lastSeq' | 'retained'> & {
      readonly first: ReturnType<typeof newAttempt> | null;
      readonly recovery?: StepPlan;
      readonly known?: CachedAnswer | null;
      readonly cacheKey?: string | null;
    },
  ): LiveRun {
    const { writer, settings } = this.#services;
    const { first, recovery = null, known = null, cacheKey: asked = null, ...parts } = start;
    const live = new LiveRun({
      ...key,
      ...parts,
      request,
      requestHash,
      graceMs: settings.graceMs,
      store: (event, chars) => {
        writer.add(key, event, chars);
      },
    });
    this.#live.set(nameOf(key), live);
    const work = runFlow(this.#services, { ...admission, live, first, recovery, known, cacheKey: asked }).then(() =>
      this.#retire(key, live),
    );
    this.#working.add(work);
    this.#retiring.set(live, work);
    void work.finally(() => this.#working.delete(work));
    return live;
  }

  /** Its events stay in memory until they are stored, or for the grace where they never are. */
  async #retire(key: RunKey, live: LiveRun): Promise<void> {
    if (live.parts.retained) await this.#services.writer.flush();
    const forget = (): void => {
      if (this.#live.get(nameOf(key)) === live) this.#live.delete(nameOf(key));
    };
    if (live.parts.retained) forget();
    else setTimeout(forget, this.#services.settings.graceMs).unref();
  }

  /** The run for a reader; one whose process has died goes on here. Throws NOT_FOUND, RUN_NOT_RETAINED. */
  async find(key: RunKey, leaseId: string | null): Promise<RunPlace> {
    const opening = this.#opening.get(nameOf(key));
    if (opening !== undefined) await opening.catch(() => undefined);
    const live = this.#live.get(nameOf(key));
    if (live !== undefined) return { live };
    const row = await findFlowRun(this.#services.pool, key);
    if (row === null) throw new GenrtlError('NOT_FOUND', `No run ${key.runId}`);
    return this.#placeOf(key, row, leaseId);
  }

  async #placeOf(key: RunKey, row: FlowRunRow, leaseId: string | null): Promise<RunPlace> {
    const live = this.#live.get(nameOf(key));
    if (live !== undefined) return { live };
    const { pool, settings } = this.#services;
    if (
      row.ended_at === null &&
      row.owner !== this.#services.owner &&
      !(await isProcessAlive(pool, row.owner, settings.deadMs))
    ) {
      const adopted = await this.#adopt(key, row, leaseId);
      if (adopted !== null) return { live: adopted };
      const now = await findFlowRun(pool, key);
      if (now !== null) return this.#stored(now);
    }
    return this.#stored(row);
  }

  #stored(row: FlowRunRow): RunPlace {
    if (!row.retained) throw new GenrtlError('RUN_NOT_RETAINED', `The text of run ${row.run_id} was not kept`);
    return { stored: row };
  }

  /** The next attempt of a run that its process left; null when it cannot go on, or somebody else took it. */
  async #adopt(key: RunKey, row: FlowRunRow, leaseId: string | null): Promise<LiveRun | null> {
    const { pool, owner, models } = this.#services;
    const taken = await inTransaction(pool, 'ai.adopt', async (tx) => {
      const run = await takeFlowRun(tx, key, row.owner, owner);
      if (run !== null) await settleLostAttempts(tx, key, row.intent);
      return run;
    });
    if (taken === null) return null;
    const lastSeq = (await lastStoredSeq(pool, key)) + SEQ_GAP;
    const end = async (status: 'cancelled' | 'failed', error: GenrtlError | null): Promise<null> => {
      await this.#endRow(key, taken, status, error);
      return null;
    };
    if (taken.cancel_requested) return end('cancelled', null);
    const { request } = taken;
    if (request === null)
      return end('failed', new GenrtlError('RUN_NOT_RETAINED', 'The backend ended while it worked on this run'));
    try {
      const admission = await admit(this.#services, key.accountId, models.routerOf(leaseId), request);
      return this.#work(key, request, taken.request_hash, admission, {
        renderMode: taken.render_mode,
        attempt: taken.attempt,
        lastSeq,
        retained: taken.retained,
        first: null,
      });
    } catch (error) {
      return end('failed', GenrtlError.of(error, 'The run could not go on'));
    }
  }

  #endRow(key: RunKey, row: FlowRunRow, status: 'cancelled' | 'failed', error: GenrtlError | null): Promise<void> {
    return inTransaction(this.#services.pool, 'ai.end', async (tx) => {
      await settleLostAttempts(tx, key, row.intent);
      await endFlowRun(tx, key, {
        status,
        answer: null,
        error: error?.toBody() ?? null,
        attempt: row.attempt,
        model: row.model,
        lastSeq: (await lastStoredSeq(tx, key)) + SEQ_GAP,
      });
    });
  }

  /** Ends a run in whatever process it works; no effect on one that has ended. Throws NOT_FOUND. */
  async cancel(key: RunKey): Promise<void> {
    const live = this.#live.get(nameOf(key));
    if (live !== undefined) {
      live.stop('cancelled');
      return;
    }
    const { pool, settings, owner } = this.#services;
    const row = await findFlowRun(pool, key);
    if (row === null) throw new GenrtlError('NOT_FOUND', `No run ${key.runId}`);
    if (row.ended_at !== null) return;
    await inTransaction(pool, 'ai.cancel', async (tx) => {
      await askCancel(tx, key);
      await notifyTopic(tx, cancelTopicOf(key));
    });
    if (row.owner !== owner && !(await isProcessAlive(pool, row.owner, settings.deadMs)))
      await this.#endRow(key, row, 'cancelled', null);
  }

  /**
   * An ended run goes on in its next attempt, from a step or from the one that failed. A run that has not ended, and one
   * that resumes already, is joined. Throws NOT_FOUND, RUN_NOT_RETAINED, REQUEST_INVALID.
   */
  async resume(key: RunKey, leaseId: string | null, from: string | null): Promise<RunPlace> {
    // One that has just ended is still being put away.
    const ending = this.#live.get(nameOf(key));
    if (ending?.ended === true) await this.#retiring.get(ending);
    const place = await this.find(key, leaseId);
    if ('live' in place) return place;
    const { pool, owner, models, flows } = this.#services;
    const { stored: row } = place;
    if (row.ended_at === null) return place;
    if (row.status === 'succeeded') throw new GenrtlError('REQUEST_INVALID', 'The run has succeeded: ask anew');
    const { request } = row;
    if (request === null) throw new GenrtlError('RUN_NOT_RETAINED', `The text of run ${key.runId} was not kept`);
    const ends = [...(await stepEnds(pool, key))].map(([name, status]) => {
      const end = status === 'skipped' ? 'succeeded' : status === 'cancelled' ? 'interrupted' : status;
      return [name, end] as const;
    });
    const recovery = planRecovery(flows[request.intent].steps, new Map(ends), from);
    const admission = await admit(this.#services, key.accountId, models.routerOf(leaseId), request);
    const taken = await inTransaction(pool, 'ai.resume', (tx) => reopenFlowRun(tx, key, row.attempt, owner));
    if (taken === null) return this.find(key, leaseId);
    const lastSeq = Math.max(row.last_seq, await lastStoredSeq(pool, key)) + SEQ_GAP;
    const start = {
      renderMode: row.render_mode,
      attempt: taken.attempt,
      lastSeq,
      retained: true,
      first: null,
      recovery,
    };
    return { live: this.#work(key, request, row.request_hash, admission, start) };
  }

  /** Throws NOT_FOUND. */
  async view(key: RunKey): Promise<AiRunView> {
    const { pool } = this.#services;
    const row = await findFlowRun(pool, key);
    if (row === null) throw new GenrtlError('NOT_FOUND', `No run ${key.runId}`);
    const usage = await usageOfFlowRun(pool, key);
    const live = this.#live.get(nameOf(key));
    return {
      runId: row.run_id,
      intent: row.intent,
      flow: row.flow,
      status: row.status,
      renderMode: row.render_mode,
      docVersion: row.doc_version,
      attempt: live?.attempt ?? row.attempt,
      model: row.model,
      text: row.answer,
      error: row.error,
      usage: usage.map((each) => ({
        model: each.usage.model,
        input_tokens: each.usage.input_tokens,
        output_tokens: each.usage.output_tokens,
        cost_usd: formatUsd(each.paid_micro),
        ...(each.usage.estimated ? { estimated: true } : {}),
      })),
      costUsd: formatUsd(usage.reduce((sum, each) => sum + each.paid_micro, 0)),
      lastSeq: live?.lastSeq ?? row.last_seq,
      createdAt: row.created_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
    };
  }

  /** Housekeeping: runs whose process died and that nobody came back for, and content past its time. */
  async sweep(): Promise<void> {
    const { pool, owner, settings, log } = this.#services;
    for (const row of await orphanedRuns(pool, owner, settings.deadMs + settings.graceMs)) {
      log.warn('an interactive run was left by its process', { run_id: row.run_id });
      await this.#endRow({ accountId: row.account_id, runId: row.run_id }, row, 'cancelled', null);
    }
    await purgeFlowRuns(pool, RETENTION_DAYS);
  }

  /** Every run ends as cancelled, and is told so. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#seen !== null) clearInterval(this.#seen);
    for (const live of this.#live.values()) live.stop('shutdown');
    await Promise.race([Promise.allSettled(this.#working), delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    await this.#services.writer.flush();
    await forgetProcess(this.#services.pool, this.#services.owner).catch(() => undefined);
  }
}

function requireSame(one: string, other: string): void {
  if (one !== other) throw new GenrtlError('IDEMPOTENCY_MISMATCH', 'This runId was used with another request');
}
