// The interactive runs of this process: begun, joined, cancelled, taken over from a process that died, ended with it.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { GenrtlError } from '@genrtl/contracts';
import type { AiRunView } from '@genrtl/contracts/http/ai.ts';
import { inTransaction, notifyTopics } from '../db/index.ts';
import type { AiConfig } from './config.ts';
import { LiveRun } from './live-run.ts';
import { openRun, type AiCall, type RunStart } from './open-run.ts';
import {
  askCancel,
  findFlowRun,
  forgetOtherProcesses,
  forgetProcess,
  isProcessAlive,
  orphanedRuns,
  processSeen,
  purgeFlowRuns,
  type FlowRunRow,
  type RunKey,
} from './repository/runs.ts';
import { purgePartAnswers } from './repository/part-answers.ts';
import { cancelTopicOf } from './repository/segments.ts';
import { runFlow } from './run-flow.ts';
import { viewOfRun } from './run-view.ts';
import type { AiServices } from './services.ts';
import { endLeftRun, reopen, takeOver } from './take-over.ts';

/** Where a reader finds a run: in memory of this process, or in the database. */
export type RunPlace = { readonly live: LiveRun } | { readonly stored: FlowRunRow };

const SEEN_MS = 5_000;
const STOP_LIMIT_MS = 8_000;
const RETENTION_DAYS = 30;

const nameOf = ({ accountId, runId }: RunKey): string => `${accountId}\n${runId}`;

export class AiRuns {
  readonly #services: AiServices;
  readonly #live = new Map<string, LiveRun>();
  readonly #opening = new Map<string, Promise<RunPlace>>();
  readonly #taking = new Map<string, Promise<LiveRun | null>>();
  readonly #working = new Set<Promise<void>>();
  readonly #retiring = new WeakMap<LiveRun, Promise<void>>();
  /** runs of this process that ended without a record of it: their money is still held */
  readonly #unrecorded = new Map<string, { readonly key: RunKey; readonly error: GenrtlError }>();
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
    if (options.alone) await this.#services.slices.sweep(this.#services.settings.deadMs);
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
    const askedAt = performance.now();
    const name = nameOf(key);
    const known = this.#opening.get(name);
    if (known !== undefined) await known.catch(() => undefined);
    const live = this.#live.get(name);
    if (live !== undefined) {
      requireSame(live.parts.requestHash, call.requestHash);
      return { key, place: { live } };
    }
    const opening = this.#begin(key, call, askedAt);
    this.#opening.set(name, opening);
    try {
      return { key, place: await opening };
    } finally {
      if (this.#opening.get(name) === opening) this.#opening.delete(name);
    }
  }

  async #begin(key: RunKey, call: AiCall, askedAt: number): Promise<RunPlace> {
    const opened = await openRun(this.#services, key, call);
    return 'run_id' in opened ? this.#join(key, call, opened) : { live: this.#work(key, opened, askedAt) };
  }

  async #join(key: RunKey, call: AiCall, row: FlowRunRow): Promise<RunPlace> {
    requireSame(row.request_hash, call.requestHash);
    return this.#placeOf(key, row, call.leaseId);
  }

  #work(key: RunKey, { request, requestHash, admitted, live: parts }: RunStart, askedAt = performance.now()): LiveRun {
    const { writer, settings } = this.#services;
    const live = new LiveRun({
      ...key,
      ...parts,
      request,
      requestHash,
      askedAt,
      graceMs: admitted.durable ? null : settings.graceMs,
      store: (event) => {
        writer.add(key, event);
      },
    });
    this.#live.set(nameOf(key), live);
    const work = runFlow(this.#services, { ...admitted, live }).then((error) => {
      if (error !== null) this.#unrecorded.set(nameOf(key), { key, error });
      return this.#retire(key, live);
    });
    this.#working.add(work);
    this.#retiring.set(live, work);
    void work.finally(() => this.#working.delete(work));
    return live;
  }

  /** Whatever is open of it is the platform's loss. No effect on a run whose end is known. */
  async #recordEnd(key: RunKey): Promise<void> {
    const name = nameOf(key);
    const lost = this.#unrecorded.get(name);
    const { pool, owner } = this.#services;
    if (lost === undefined || this.#live.has(name)) return;
    const row = await findFlowRun(pool, key);
    if (row !== null && row.ended_at === null && row.owner === owner)
      await endLeftRun(this.#services, key, row, lost.error);
    this.#unrecorded.delete(name);
  }

  /** Its events stay in memory until they are stored, or for the grace where they never are. */
  async #retire(key: RunKey, live: LiveRun): Promise<void> {
    // with its steps, which whoever lets it go on asks for
    await this.#services.writer.stored();
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
    await this.#recordEnd(key);
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
      const taken = await this.#takeOver(key, row, leaseId);
      if (taken !== null) return { live: taken };
      const now = await findFlowRun(pool, key);
      if (now !== null) return this.#stored(now);
    }
    return this.#stored(row);
  }

  /** Once, however many readers come back at the same moment. */
  #takeOver(key: RunKey, row: FlowRunRow, leaseId: string | null): Promise<LiveRun | null> {
    const name = nameOf(key);
    const before = this.#taking.get(name);
    if (before !== undefined) return before;
    const taking = takeOver(this.#services, key, row, leaseId)
      .then((start) => (start === null ? null : this.#work(key, start)))
      .finally(() => this.#taking.delete(name));
    this.#taking.set(name, taking);
    return taking;
  }

  #stored(row: FlowRunRow): RunPlace {
    if (!row.retained) throw new GenrtlError('RUN_NOT_RETAINED', `The text of run ${row.run_id} was not kept`);
    return { stored: row };
  }

  /** Ends a run in whatever process it works; no effect on one that has ended. Throws NOT_FOUND. */
  async cancel(key: RunKey): Promise<void> {
    // Who thinks better of it at once means the run that is being recorded.
    await this.#opening.get(nameOf(key))?.catch(() => undefined);
    const live = this.#live.get(nameOf(key));
    if (live !== undefined) {
      live.stop('cancelled');
      return;
    }
    const { pool, settings, owner } = this.#services;
    // The process that has it stops its model before anything is looked up; a run that is not there hears of nothing.
    const [row] = await Promise.all([findFlowRun(pool, key), notifyTopics(pool, [cancelTopicOf(key)])]);
    if (row === null) throw new GenrtlError('NOT_FOUND', `No run ${key.runId}`);
    if (row.ended_at !== null) return;
    // Also for whoever takes the run over from a process that has died.
    await inTransaction(pool, 'ai.cancel', async (tx) => {
      await askCancel(tx, key);
      await notifyTopics(tx, [cancelTopicOf(key)]);
    });
    if (row.owner !== owner && !(await isProcessAlive(pool, row.owner, settings.deadMs)))
      await endLeftRun(this.#services, key, row, null);
  }

  /**
   * An ended run goes on in its next attempt, from a step or from the one that failed. A run that has not ended, and
   * one that resumes already, is joined. Throws NOT_FOUND, RUN_NOT_RETAINED, REQUEST_INVALID.
   */
  async resume(key: RunKey, leaseId: string | null, from: string | null): Promise<RunPlace> {
    // One that has just ended is still being put away.
    const ending = this.#live.get(nameOf(key));
    if (ending?.ended === true) await this.#retiring.get(ending);
    const place = await this.find(key, leaseId);
    if ('live' in place) return place;
    if (place.stored.ended_at === null) return place;
    const start = await reopen(this.#services, key, place.stored, { leaseId, from });
    return start === null ? this.find(key, leaseId) : { live: this.#work(key, start) };
  }

  /** Throws NOT_FOUND. */
  async view(key: RunKey): Promise<AiRunView> {
    await this.#recordEnd(key);
    return viewOfRun(this.#services.pool, key, this.liveOf(key));
  }

  /** Housekeeping: runs whose process died and that nobody came back for, and content past its time. */
  async sweep(): Promise<void> {
    const { pool, owner, settings, log } = this.#services;
    for (const { key } of this.#unrecorded.values()) await this.#recordEnd(key);
    for (const row of await orphanedRuns(pool, owner, settings.deadMs + settings.graceMs)) {
      log.warn('an interactive run was left by its process', { run_id: row.run_id });
      const key = { accountId: row.account_id, runId: row.run_id };
      if (row.durable) await this.#takeOver(key, row, null);
      else await endLeftRun(this.#services, key, row, null);
    }
    await this.#services.slices.sweep(settings.deadMs + settings.graceMs);
    await purgeFlowRuns(pool, RETENTION_DAYS);
    await purgePartAnswers(pool, RETENTION_DAYS);
  }

  /** Resolves when nothing is under way, or after so long. */
  async idle(limitMs: number): Promise<void> {
    await Promise.race([Promise.allSettled(this.#working), delay(limitMs, undefined, { ref: false })]);
  }

  /** Every run ends as cancelled, and is told so. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#seen !== null) clearInterval(this.#seen);
    for (const live of this.#live.values()) live.stop('shutdown');
    await Promise.race([Promise.allSettled(this.#working), delay(STOP_LIMIT_MS, undefined, { ref: false })]);
    await this.#services.writer.flush();
    await this.#services.slices.close();
    await forgetProcess(this.#services.pool, this.#services.owner).catch(() => undefined);
  }
}

function requireSame(one: string, other: string): void {
  if (one !== other) throw new GenrtlError('IDEMPOTENCY_MISMATCH', 'This runId was used with another request');
}
