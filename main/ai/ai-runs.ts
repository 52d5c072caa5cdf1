// Runs of the AI module that pages and conversations have begun: their events, paced and with secrets put back, and
// their end, however it comes.
import { z } from 'zod';
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import { GenrtlError } from '@genrtl/contracts';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { followRun, runPath } from './follow-run.ts';
import { AiFeed } from './ai-feed.ts';
import { prepareRun, type PreparedRun, type RunOrder } from './prepare-run.ts';

/** How long a cancelled run may take to say so; then it is told to have ended. */
const CANCEL_WAIT_MS = 3_000;
/** A run may be cancelled before the backend knows it: asked again while its request is on the way. */
const CANCEL_TRIES = 5;
const CANCEL_AGAIN_MS = 200;

interface Running {
  readonly abort: AbortController;
  cancelled: boolean;
  ended: Promise<void>;
}

export type Listener = (event: AiEvent) => void;

export class AiRuns {
  readonly #connect: () => Promise<BackendClient>;
  readonly #running = new Map<string, Running>();

  constructor(connect: () => Promise<BackendClient>) {
    this.#connect = connect;
  }

  /**
   * Resolves once the request may leave; `listener` then gets events until the one that ends the run, which always
   * comes. Throws what `prepareRun` throws, BACKEND_UNAVAILABLE, and USAGE for an id that runs already.
   */
  async start(order: RunOrder, listener: Listener): Promise<PreparedRun> {
    if (this.#running.has(order.runId)) throw new GenrtlError('REQUEST_INVALID', 'A run of this id is going on.');
    const client = await this.#connect();
    const run: Running = { abort: new AbortController(), cancelled: false, ended: Promise.resolve() };
    this.#running.set(order.runId, run);
    try {
      const prepared = await prepareRun(client, order);
      run.ended = this.#follow(run, prepared, listener);
      return prepared;
    } catch (error) {
      this.#running.delete(order.runId);
      throw error;
    }
  }

  /** Its text stops at once; its end follows when the backend has confirmed it. */
  async cancel(runId: string): Promise<void> {
    const run = this.#running.get(runId);
    if (run === undefined) {
      // of a process that ended before it: the backend may know it
      const client = await this.#connect();
      await client.http.call('POST', runPath('aiRunCancel', runId), z.unknown()).catch(() => undefined);
      return;
    }
    if (run.cancelled) return;
    run.cancelled = true;
    const late = setTimeout(() => run.abort.abort(), CANCEL_WAIT_MS);
    run.abort.signal.addEventListener('abort', () => clearTimeout(late));
    for (let attempt = 0; attempt < CANCEL_TRIES && this.#running.has(runId); attempt++) {
      try {
        await (await this.#connect()).http.call('POST', runPath('aiRunCancel', runId), z.unknown());
        return;
      } catch (error) {
        if (!(error instanceof GenrtlError) || error.code !== 'NOT_FOUND') break;
      }
      await new Promise((resolve) => setTimeout(resolve, CANCEL_AGAIN_MS));
    }
    run.abort.abort();
  }

  /** Cancels what runs and waits for its end. */
  async close(): Promise<void> {
    const open = [...this.#running];
    await Promise.all(open.map(([runId]) => this.cancel(runId)));
    await Promise.all(open.map(([, run]) => run.ended));
  }

  async #follow(run: Running, { request, originals }: PreparedRun, listener: Listener): Promise<void> {
    const feed = new AiFeed(originals, (event) => {
      if (!run.cancelled || SHOWN_AFTER_CANCEL.has(event.type)) listener(event);
    });
    let last = 0;
    const connect = async (): Promise<BackendClient['http']> => (await this.#connect()).http;
    try {
      for await (const event of followRun(connect, request, run.abort.signal)) {
        last = event.seq;
        feed.accept(event);
        if (endsStream(event)) return;
      }
    } catch (error) {
      const failure = GenrtlError.of(error, 'The answer could not be followed.');
      const base = { seq: last + 1, runId: request.runId };
      feed.accept(
        failure.code === 'CANCELLED'
          ? { ...base, type: 'final', status: 'cancelled' }
          : { ...base, type: 'error', ...failure.toBody() },
      );
    } finally {
      this.#running.delete(request.runId);
      run.abort.abort();
    }
  }
}

const SHOWN_AFTER_CANCEL: ReadonlySet<AiEvent['type']> = new Set(['usage', 'error', 'final']);
