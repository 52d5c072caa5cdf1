// Server-sent events out of a response: decoded across chunk borders, bounded, one at a time.
import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { TransportError } from './failure.ts';
import { MAX_EVENT_CHARS } from './limits.ts';
import type { PostResponse } from './post.ts';

/** Returns `done` to stop reading; a promise holds the stream back. */
export type EventHandler = (event: EventSourceMessage) => 'more' | 'done' | Promise<'more' | 'done'>;

/**
 * Calls the handler for each event until it says `done` or the body ends. Resolves to whether it said `done`.
 * Throws TransportError `too_large` for an event or a line over MAX_EVENT_CHARS, and whatever the body throws.
 */
export function readEvents(body: Pick<PostResponse, 'read'>, handle: EventHandler): Promise<boolean> {
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
  const handled = (): 'more' => {
    if (overflow) throw new TransportError({ kind: 'too_large', what: 'event', limit: MAX_EVENT_CHARS });
    return 'more';
  };
  const later = async (first: Promise<'more' | 'done'>): Promise<'more' | 'done'> => {
    if ((await first) === 'done') return 'done';
    for (let event = queue.shift(); event !== undefined; event = queue.shift())
      if ((await handle(event)) === 'done') return 'done';
    return handled();
  };
  return body.read((chunk) => {
    parser.feed(decoder.write(chunk));
    for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
      const next = handle(event);
      if (typeof next !== 'string') return later(next);
      if (next === 'done') return 'done';
    }
    return handled();
  });
}

/** At most `limit` bytes of a body as text; the rest is never read. */
export async function readSome(body: Pick<PostResponse, 'read'>, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  await body.read((chunk) => {
    parts.push(chunk);
    size += chunk.length;
    return size >= limit ? 'done' : 'more';
  });
  return Buffer.concat(parts).subarray(0, limit).toString('utf8');
}
