// Server-sent events out of a response: decoded across chunk borders, bounded, one at a time.
import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { TransportError } from './failure.ts';
import { MAX_EVENT_CHARS } from './limits.ts';

/** Returns `done` to stop reading; a promise holds the stream back. */
export type EventHandler = (event: EventSourceMessage) => 'more' | 'done' | Promise<'more' | 'done'>;

/**
 * Calls the handler for each event until it says `done` or the body ends. Resolves to whether it said `done`.
 * Throws TransportError `too_large` for an event or a line over MAX_EVENT_CHARS, and whatever the body throws.
 */
export async function readEvents(chunks: AsyncIterable<Buffer>, handle: EventHandler): Promise<boolean> {
  const queue: EventSourceMessage[] = [];
  let overflow = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARS,
    onEvent: (event) => {
      queue.push(event);
    },
    onError: (error) => {
      overflow ||= error.type === 'max-buffer-size-exceeded';
    },
  });
  const decoder = new StringDecoder('utf8');
  for await (const chunk of chunks) {
    parser.feed(decoder.write(chunk));
    for (const event of queue) {
      const next = handle(event);
      if ((typeof next === 'string' ? next : await next) === 'done') return true;
    }
    queue.length = 0;
    if (overflow) throw new TransportError({ kind: 'too_large', what: 'event', limit: MAX_EVENT_CHARS });
  }
  return false;
}

/** At most `limit` bytes of a body as text; the rest is never read. */
export async function readSome(chunks: AsyncIterable<Buffer>, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(parts).subarray(0, limit).toString('utf8');
}
