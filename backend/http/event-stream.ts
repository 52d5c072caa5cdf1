// The events of a run over SSE: from any number on, gapless, with a snapshot where they are no longer kept, at the pace
// of the reader.
import type { ServerResponse } from 'node:http';
import { GenrtlError, type JobEvent } from '@genrtl/contracts';
import { viewOf } from '../jobs/submit.ts';
import { eventsAfter } from '../jobs/repository/events.ts';
import { findRunSoon } from '../jobs/repository/runs.ts';
import { Latch } from './flow-control.ts';
import type { HttpServices } from './services.ts';

const BATCH = 200;
/** Above this the stream waits for its reader (kernel buffers hide a slow one for long; FACTS of this project). */
const WRITE_LIMIT_BYTES = 256 * 1024;

export interface StreamRequest {
  readonly accountId: string;
  readonly runId: string;
  /** the last number that the reader has; 0 for none */
  readonly lastSeq: number;
}

/** Ends after the run's last event, or when the reader goes. */
export async function streamEvents(
  services: HttpServices,
  request: StreamRequest,
  response: ServerResponse,
): Promise<void> {
  const { pool, bus, jobs } = services;
  const news = new Latch();
  const unwatch = bus.watch(request.runId, () => {
    news.set();
  });
  const heartbeat = setInterval(() => {
    if (response.writableLength === 0) response.write(': heartbeat\n\n');
  }, services.heartbeatMs);
  response.on('close', () => {
    news.set();
  });
  try {
    let seq = request.lastSeq;
    const run = await findRunSoon(pool, request.runId);
    if (run === null) throw new GenrtlError('NOT_FOUND', `No run ${request.runId}`);
    if (seq < run.pruned_seq || seq > run.last_seq) {
      // Replaces all that came before it; at least 1, as every number is.
      seq = Math.max(1, seq > run.last_seq ? run.last_seq : run.pruned_seq);
      await send(response, {
        seq,
        run_id: run.run_id,
        type: 'snapshot',
        run: await viewOf(jobs, request.accountId, run.run_id),
      });
    }
    while (!response.closed && !response.destroyed) {
      const finishedBefore = (await findRunSoon(pool, request.runId))?.finished_at != null;
      const events = await eventsAfter(pool, request.runId, seq, BATCH);
      for (const event of events) {
        await send(response, { ...event.body, seq: event.seq, run_id: request.runId } as JobEvent);
        seq = event.seq;
        if (event.body['type'] === 'final') return;
      }
      if (events.length === BATCH) continue;
      // Asked before the events were read, so an end that came meanwhile is not missed.
      if (finishedBefore && events.length === 0) return;
      // News of another process that died between its commit and its notification never come.
      await news.wait(services.heartbeatMs);
    }
  } finally {
    clearInterval(heartbeat);
    unwatch();
  }
}

async function send(response: ServerResponse, event: JobEvent): Promise<void> {
  if (response.closed || response.destroyed) return;
  response.write(`id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  if (response.writableLength <= WRITE_LIMIT_BYTES) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
