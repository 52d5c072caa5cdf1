// One streamed exchange in either protocol: sends, checks status and content type, reads events, demands the protocol's
// end.
import { GenrtlError } from '@genrtl/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import { fromStatus, fromTransport } from '../failures.ts';
import type { ServerName } from '../failures.ts';
import { readEvents, readSome } from '../transport/events.ts';
import { TransportError } from '../transport/failure.ts';
import { MAX_ERROR_BYTES } from '../transport/limits.ts';
import type { Connection } from '../transport/limits.ts';
import { post } from '../transport/post.ts';

export interface Exchange {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly server: ServerName;
  readonly connection: Connection;
  readonly signal: AbortSignal;
  /** called once, when a 200 with an event stream has begun */
  readonly began: () => void;
  /** `done` at the protocol's terminal event */
  readonly onEvent: (event: EventSourceMessage) => 'more' | 'done' | Promise<'more' | 'done'>;
}

/**
 * Throws GenrtlError MODEL_* or CANCELLED. Resolves to false when the stream ended cleanly without the terminal event.
 */
export async function exchange(request: Exchange): Promise<boolean> {
  const { server, signal } = request;
  try {
    // Half a surrogate pair is no Unicode text: servers refuse a body that holds one.
    const response = await post({
      url: request.url,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        'user-agent': 'genrtl',
        ...request.headers,
      },
      body: JSON.stringify(request.body, (_name, value: unknown) =>
        typeof value === 'string' ? value.toWellFormed() : value,
      ),
      connection: request.connection,
      signal,
    });
    if (response.status !== 200) {
      const body = await readSome(response, MAX_ERROR_BYTES).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return '';
      });
      throw fromStatus(response.status, response.headers, body, server);
    }
    const type = response.headers['content-type'] ?? '';
    if (!/^\s*text\/event-stream\b/i.test(type)) {
      response.close();
      throw new GenrtlError('MODEL_MALFORMED', `${server.title} answered ${kindOf(type)} instead of an event stream.`, {
        hint: 'Check that the base URL points at the model’s API and not at a web page or a proxy’s login.',
      });
    }
    request.began();
    return await readEvents(response, request.onEvent);
  } catch (error) {
    if (error instanceof TransportError) throw fromTransport(error, server);
    throw error;
  }
}

function kindOf(contentType: string): string {
  if (/html/i.test(contentType)) return 'an HTML page';
  if (/json/i.test(contentType)) return 'plain JSON';
  return 'something else';
}

/** The model used up its output tokens: asking again with the same limit would end the same way. */
export function outputLimit(): GenrtlError {
  return new GenrtlError('MODEL_TRUNCATED', 'The answer reached the limit of output tokens.', {
    hint: 'Use a model with a larger output limit, or split the design.',
    details: { output_limit: true },
  });
}
