// The events of an interactive run to one reader, as server-sent events or as bare text, at the reader's pace: from
// memory where the run works in this process, from the database where it does not, or has ended.
import type { ServerResponse } from 'node:http';
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { Reader } from '../ai/live-run.ts';
import { missingEnd } from '../ai/missing-end.ts';
import { findFlowRun, type RunKey } from '../ai/repository/runs.ts';
import { segmentsAfter, topicOf } from '../ai/repository/segments.ts';
import type { RunPlace } from '../ai/runs.ts';
import { drained, Latch } from './flow-control.ts';
import type { HttpServices } from './services.ts';

/** Bytes that wait in this process for the reader; as much again waits as events before the model is held back. */
const WRITE_LIMIT_BYTES = 64 * 1024;
/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;
const SEGMENTS = 200;

export interface AiStream {
  readonly key: RunKey;
  readonly place: RunPlace;
  readonly afterSeq: number;
  readonly leaseId: string | null;
  readonly format: 'events' | 'text';
}

/** Ends with the run's last event, or when the reader goes. */
export async function streamRun(services: HttpServices, stream: AiStream, response: ServerResponse): Promise<void> {
  const out = stream.format === 'events' ? eventWriter(response) : textWriter(response);
  const heartbeat =
    stream.format === 'events'
      ? setInterval(() => {
          if (response.writableLength === 0) response.write(': ka\n\n');
        }, services.heartbeatMs)
      : null;
  let { place, afterSeq } = stream;
  try {
    for (;;) {
      if ('live' in place) {
        await followLive(place.live.attach(afterSeq), out, response);
        return;
      }
      const next = await followStored(services, stream, place.stored.ended_at !== null, afterSeq, out, response);
      if (next === null) return;
      ({ place, afterSeq } = next);
    }
  } finally {
    if (heartbeat !== null) clearInterval(heartbeat);
  }
}

/** False: nothing more may be written. */
type Write = (event: AiEvent, frame: string | null) => boolean;

interface Writer {
  readonly write: Write;
  /** what waits together goes out in one piece: each call of `response.write` is one to the system */
  flush(): void;
}

async function followLive(reader: Reader, out: Writer, response: ServerResponse): Promise<void> {
  const close = (): void => {
    reader.close();
  };
  response.once('close', close);
  try {
    // It may have gone before it was listened to.
    while (!response.closed && !response.destroyed) {
      const entries = await reader.take(WRITE_LIMIT_BYTES);
      if (entries === null) return;
      for (const { event, frame } of entries) if (!out.write(event, frame)) return;
      out.flush();
      if (!(await drained(response, WRITE_LIMIT_BYTES, STALLED_MS))) return;
    }
  } finally {
    response.off('close', close);
    reader.close();
  }
}

/** Returns where to go on when the run came to this process; null at its end. */
async function followStored(
  services: HttpServices,
  { key, leaseId }: AiStream,
  ended: boolean,
  afterSeq: number,
  out: Writer,
  response: ServerResponse,
): Promise<{ place: RunPlace; afterSeq: number } | null> {
  const { pool, bus, ai } = services;
  const news = new Latch();
  const unwatch = bus.watch(topicOf(key), () => {
    news.set();
  });
  const gone = (): void => {
    news.set();
  };
  response.once('close', gone);
  let seq = afterSeq;
  let over = ended;
  try {
    while (!response.closed && !response.destroyed) {
      const segments = await segmentsAfter(pool, key, seq, SEGMENTS);
      for (const { events } of segments) {
        for (const stored of events) {
          if (stored.seq <= seq) continue;
          const event = { ...stored, runId: key.runId } as AiEvent;
          if (!out.write(event, null)) return null;
          seq = event.seq;
          if (endsStream(event)) return null;
        }
        out.flush();
        if (!(await drained(response, WRITE_LIMIT_BYTES, STALLED_MS))) return null;
      }
      if (segments.length > 0) continue;
      if (over) {
        for (const event of await missingEnd(pool, key, seq)) if (!out.write(event, null)) return null;
        return null;
      }
      await news.wait(services.heartbeatMs);
      const run = await findFlowRun(pool, key);
      if (run === null) return null;
      over = run.ended_at !== null;
      if (!over) {
        // Its process may have died meanwhile.
        const place = await ai.find(key, leaseId);
        if ('live' in place) return { place, afterSeq: seq };
      }
    }
    return null;
  } finally {
    out.flush();
    response.off('close', gone);
    unwatch();
  }
}

function eventWriter(response: ServerResponse): Writer {
  let waiting = '';
  return {
    write(event, frame) {
      if (response.destroyed) return false;
      waiting += frame ?? `id: ${String(event.seq)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
      return true;
    },
    flush() {
      if (waiting !== '' && !response.destroyed) response.write(waiting);
      waiting = '';
    },
  };
}

/**
 * Bare text cannot take back, nor tell a fault: the connection breaks instead, so that a part never passes for the
 * whole.
 */
function textWriter(response: ServerResponse): Writer {
  let begun = false;
  const write: Write = (event) => {
    if (response.destroyed) return false;
    switch (event.type) {
      case 'token':
      case 'reduce:token':
      case 'patch':
        begun = true;
        response.write(event.text);
        return true;
      case 'step':
        if (event.phase !== 'start' || event.replaces === undefined || !begun) return true;
        break;
      case 'error':
        break;
      case 'final':
        if (event.status === 'succeeded') return true;
        break;
      default:
        return true;
    }
    response.destroy();
    return false;
  };
  return { write, flush: () => undefined };
}
