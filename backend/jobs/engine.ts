// The durable job engine: DBOS workflows on the backend's own database. Starts, cancels and recovers runs; what a run
// does stands in workflow.ts.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { DBOS, type DBOSConfig } from '@dbos-inc/dbos-sdk';
import { ensureSystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database';
import { wfQueueRunner } from '@dbos-inc/dbos-sdk/internal/wfqueue';
import { GlobalLogger } from '@dbos-inc/dbos-sdk/internal/telemetry/logs';
import { GenrtlError, JobKind } from '@genrtl/contracts';
import { reading, type LibrarySchema } from '../db/index.ts';
import { workflowIdOf } from './attempts.ts';
import { dispatchedRuns, findRunSoon, unfinishedRuns, type BegunRun, type RunRow } from './repository/runs.ts';
import { Dispatcher } from './dispatcher.ts';
import { QUEUE_TOPIC } from './repository/queue.ts';
import type { RunBus } from './run-bus.ts';
import type { JobServices } from './services.ts';
import { signal } from '../telemetry/signals.ts';
import { traced, withinTrace } from '../telemetry/traces.ts';
import {
  adoptedRun,
  askToCancel,
  cancelledBy,
  endWhileWaiting,
  loadRun,
  loadRunToBegin,
  outcomeOf,
  recordEnd,
  restartRun,
} from './workflow.ts';

/**
 * Grows when the recorded steps of a workflow change their order; runs of an older version then start a new generation.
 */
export const STEPS_VERSION = 'steps-2';

/** The installed version of the engine; a test keeps it equal. */
export const ENGINE_VERSION = '5.3.0';

/**
 * The engine's own tables; made under the migrations' lock, since the engine itself does not lock while it makes them.
 * `DBOS.migrate` does the same and prints to stdout, which belongs to whoever started the process.
 */
export function engineSchema(databaseUrl: string): LibrarySchema {
  const silent = new GlobalLogger(undefined, {
    logger: { info: () => undefined, debug: () => undefined, warn: () => undefined, error: () => undefined },
  });
  return { name: `workflow engine ${ENGINE_VERSION}`, apply: () => ensureSystemDatabase(databaseUrl, silent) };
}

/**
 * The engine's connections carry their limit on idle transactions from the start. Left to the engine, it sends a SET
 * beside the first query of each connection, which pg 9 will refuse.
 */
function engineUrl(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const named = url.searchParams.get('options') ?? '';
  if (!named.includes('idle_in_transaction_session_timeout'))
    url.searchParams.set('options', `${named} -c idle_in_transaction_session_timeout=60000`.trim());
  return url.href;
}

/**
 * The engine looks twice a second for queues that others registered and for delayed workflows. There are none here:
 * what waits stands in our own table, and recovered workflows go through a queue that is looked at all the same.
 */
function quietQueues(): void {
  Object.assign(wfQueueRunner.constructor, { reconcileIntervalMs: QUIET_MS, transitionIntervalMs: QUIET_MS });
}
const QUIET_MS = 60_000;
const DRAIN_LOOK_MS = 50;
const LOOK_FOR_CANCEL_MS = 5_000;
/** A workflow that waits for it has no end in this process, and is recovered by the next. */
const NEVER = new Promise<never>(() => undefined);

export interface EngineOptions {
  readonly databaseUrl: string;
  /** `all` runs what it accepts at once; `api` only accepts; `worker` only runs, from the queue */
  readonly role: 'api' | 'worker' | 'all';
  /** stable over restarts: at its start a process recovers the runs of its own executor */
  readonly executorId: string;
  readonly bus: RunBus;
  /**
   * how many runs a process works on at once, taken from a queue that is fair; null: each begins when it is accepted
   */
  readonly capacity: number | null;
}

type JobWorkflow = (runId: string, generation: number) => Promise<string>;

export class JobEngine {
  readonly #services: JobServices;
  readonly #options: EngineOptions;
  readonly #workflows: Record<JobKind, JobWorkflow>;
  readonly #active = new Map<string, AbortController>();
  /** Runs a function outside the workflow that calls it: what it begins is nobody's child. */
  readonly #apart = AsyncLocalStorage.snapshot();
  readonly #dispatcher: Dispatcher | null;
  /** when a run's wish to end was last looked for */
  readonly #looked = new Map<string, number>();
  #stopping = false;
  /** nothing is begun or recorded any more */
  #stopped = false;

  /** Registers the workflows; one engine per process at a time. */
  constructor(services: JobServices, options: EngineOptions) {
    this.#services = services;
    this.#options = options;
    const { capacity, role, executorId: worker } = options;
    this.#dispatcher =
      capacity === null || role === 'api'
        ? null
        : new Dispatcher({
            pool: services.pool,
            log: services.log,
            news: services.news,
            limitsOf: services.limitsOf,
            worker,
            capacity,
            active: () => this.#active.size,
            begin: (run) => this.#begin(run),
          });
    this.#workflows = Object.fromEntries(
      JobKind.options.map((name) => [
        name,
        DBOS.registerWorkflow((runId: string, generation: number) => this.#run(runId, generation), { name }),
      ]),
    ) as Record<JobKind, JobWorkflow>;
  }

  /** Connects, recovers what this executor left, and starts what was accepted but never begun. */
  async launch(): Promise<void> {
    const { log } = this.#services;
    const config: DBOSConfig = {
      name: 'genrtl',
      systemDatabaseUrl: engineUrl(this.#options.databaseUrl),
      systemDatabasePoolSize: 8,
      runMigrations: false,
      applicationVersion: STEPS_VERSION,
      executorID: this.#options.executorId,
      schedulerPollingIntervalMs: 3_600_000,
      maxConcurrentQueueDispatches: 1,
      listenQueues: [],
      logger: {
        info: () => undefined,
        debug: () => undefined,
        warn: (entry) => {
          if (!this.#stopping) log.warn(`workflow engine: ${String(entry)}`);
        },
        error: (entry) => {
          if (!this.#stopping) log.warn(`workflow engine: ${entry instanceof Error ? entry.message : String(entry)}`);
        },
      },
    };
    quietQueues();
    DBOS.setConfig(config);
    // Before it recovers what it left: nobody takes over what it goes on with.
    await this.#dispatcher?.announce();
    await DBOS.launch();
    this.#options.bus.onRun((runId) => {
      if (this.#stopped) return;
      if (runId === QUEUE_TOPIC) this.#dispatcher?.kick();
      else this.#hear(runId);
    });
    for (const run of await this.unattended()) await this.attend(run);
    await this.#dispatcher?.open();
  }

  /** Runs without an end that this process has to see to. */
  async unattended(): Promise<RunRow[]> {
    const { capacity, role, executorId } = this.#options;
    if (capacity === null) return reading(this.#services.pool, unfinishedRuns);
    return role === 'api' ? [] : reading(this.#services.pool, (tx) => dispatchedRuns(tx, executorId));
  }

  /** Takes over what was taken by processes that are gone: it waits again, and goes on in a new generation. */
  async takeOver(): Promise<void> {
    for (const run of (await this.#dispatcher?.orphans()) ?? []) {
      if (this.#active.has(run.run_id)) continue;
      this.#services.log.warn('a run of a process that is gone is taken over', {
        run_id: run.run_id,
        worker: run.worker,
      });
      await this.#restart(run);
    }
  }

  /**
   * Takes no more runs, and gives those under way so long to end; what is still under way then is recovered at the next
   * start.
   */
  async stop(drainMs = 0): Promise<void> {
    this.#stopping = true;
    await this.#dispatcher?.stop();
    // Waited for here: the engine lets nobody begin another step once it is told to end.
    for (const until = Date.now() + drainMs; this.activeRuns > 0 && Date.now() < until; ) await delay(DRAIN_LOOK_MS);
    this.#stopped = true;
    await DBOS.shutdown({ deregister: true, workflowCompletionTimeoutMS: 0 });
    await this.#dispatcher?.leave();
  }

  /** Number of runs that this process works on now; those that wait for their client are not among them. */
  get activeRuns(): number {
    return this.#active.size - this.#services.models.waiting;
  }

  /** Sees to it that the run's present generation begins: at once, or when its turn comes. */
  async start(run: RunRow): Promise<void> {
    if (this.#options.capacity === null) return this.#begin(run);
    // Whoever has a place hears it, in this process too, and looks every few seconds anyway.
    this.#services.news.announce([QUEUE_TOPIC]);
  }

  /**
   * Begins the workflow of a run's present generation; once only, however often it is called. Nobody's child: the news
   * of a run's end, on which the next one begins, are told within the workflow that ended, and the engine refuses it
   * children, and would record there what is waited for.
   */
  #begin(run: RunRow): Promise<void> {
    return this.#apart(async () => {
      const handle = await DBOS.startWorkflow(this.#workflows[run.kind], {
        workflowID: workflowIdOf(run),
        authenticatedUser: run.account_id,
      })(run.run_id, run.generation);
      // The run records its own end; a failure of the engine itself is seen by the sweeper.
      handle.getResult().catch((error: unknown) => {
        this.#services.log.error('a workflow ended by a fault of the engine', {
          run_id: run.run_id,
          error: String(error),
        });
      });
    });
  }

  /** Asks a run to end, in whatever process it runs; returns at once. */
  async cancel(runId: string): Promise<void> {
    await askToCancel(this.#services, runId);
    await this.#obeyCancel(runId);
    if (this.#options.capacity === null) return;
    await endWhileWaiting(this.#services, runId);
  }

  /**
   * Sees to a run that has no end yet: begins a workflow that was never begun, restarts one of an older version. The
   * workflow is asked, no clock. `ended`: its workflow ended without it, so nobody else will end the run.
   */
  async attend(run: RunRow): Promise<'working' | 'ended'> {
    if (this.#active.has(run.run_id)) return 'working';
    const status = await DBOS.getWorkflowStatus(workflowIdOf(run));
    if (status === null) {
      await this.#begin(run);
      return 'working';
    }
    if (!['PENDING', 'ENQUEUED', 'DELAYED'].includes(status.status)) return 'ended';
    if (status.applicationVersion !== STEPS_VERSION) await this.#restart(run);
    return 'working';
  }

  async #restart(old: RunRow): Promise<void> {
    const run = await restartRun(this.#services, old);
    if (run !== null) await this.start(run);
  }

  async #run(runId: string, generation: number): Promise<string> {
    // Known before its state is read: a cancel that comes meanwhile finds somebody to tell.
    const controller = new AbortController();
    this.#active.set(runId, controller);
    let goesOn = false;
    try {
      const run = await this.#take(runId, generation);
      if (run.finished_at !== null || run.generation !== generation) return run.status;
      // its state is read: the next look is due after a while
      this.#looked.set(runId, performance.now());
      if (run.cancel_requested) controller.abort(new GenrtlError('CANCELLED', 'Cancelled'));
      signal('run_begin', { kind: run.kind, waitedMs: Date.now() - run.created_at.getTime() });
      const outcome = await withinTrace(run.trace_parent, () =>
        traced(
          'run',
          {
            'genrtl.run_id': runId,
            'genrtl.run_kind': run.kind,
            'genrtl.generation': generation,
            'enduser.id': run.account_id,
          },
          () => outcomeOf(this.#services, run, controller.signal),
        ),
      );
      // What ended because the process does has not ended: it is recovered at the next start.
      if (this.#stopped) return await NEVER;
      // Safe to repeat, so it needs no record beside the run's own.
      const next = (await recordEnd(this.#services, run, outcome)) !== null;
      if (next) {
        goesOn = true;
        await this.#apart(() => this.#goOn(runId));
      }
      signal('run_end', {
        kind: run.kind,
        status: outcome.status,
        durationMs: Date.now() - run.created_at.getTime(),
      });
      return outcome.status;
    } finally {
      if (this.#active.get(runId) === controller) {
        this.#active.delete(runId);
        this.#looked.delete(runId);
        if (!goesOn) this.#services.models.forget(runId);
      }
      // An end makes room here, and for its account everywhere.
      if (this.#dispatcher !== null && !this.#stopping) this.#services.news.announce([QUEUE_TOPIC]);
    }
  }

  /** The run, from now on in the hands of this process; who took it from the queue has it already. */
  async #take(runId: string, generation: number): Promise<BegunRun> {
    const { capacity, executorId } = this.#options;
    const run = await loadRunToBegin(this.#services, runId);
    if (capacity === null || run.worker === executorId || run.finished_at !== null || run.generation !== generation)
      return run;
    return adoptedRun(this.#services, run, executorId);
  }

  /** Begins the generation that a run went on in; the sweeper does the same for one that a crash left. */
  async #goOn(runId: string): Promise<void> {
    const run = await loadRun(this.#services, runId);
    if (run.finished_at === null) await this.start(run);
  }

  /** News of a run. Processes of the last release tell a cancel as any other news. */
  #hear(topic: string): void {
    const named = cancelledBy(topic);
    if (named !== null) {
      void this.#obeyCancel(named);
      return;
    }
    if (!this.#active.has(topic) || performance.now() - (this.#looked.get(topic) ?? 0) < LOOK_FOR_CANCEL_MS) return;
    this.#looked.set(topic, performance.now());
    void this.#obeyCancel(topic);
  }

  async #obeyCancel(runId: string): Promise<void> {
    const controller = this.#active.get(runId);
    if (controller === undefined || controller.signal.aborted) return;
    const run = await findRunSoon(this.#services.pool, runId).catch(() => null);
    if (run?.cancel_requested === true) controller.abort(new GenrtlError('CANCELLED', 'Cancelled'));
  }
}
