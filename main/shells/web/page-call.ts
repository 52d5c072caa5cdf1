// One call as an HTTP request: for answers of a megabyte, which would hold up everything behind them on the page's
// socket.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcAnswer } from '@genrtl/contracts/ipc/index.ts';
import type { Dispatch } from '../../ipc/dispatch.ts';
import { MAX_IN_FLIGHT } from './page-socket.ts';

const Call = z.object({ call: z.string().max(100), request: z.unknown() });

/** Such calls ask for much with few words; what a page has to bring goes over its socket. */
const MAX_CALL_BYTES = 64 * 1024;

/** Null when it is longer than a call can be. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  // what is left of an overlong one is not read, but it still gets its answer
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_CALL_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string | null): z.infer<typeof Call> | null {
  try {
    return text === null ? null : Call.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export type PageCalls = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The answer is that of the socket: a refusal is data too, with status 200. Who may ask has been checked before. */
export function servePageCalls(dispatch: Dispatch): PageCalls {
  let inFlight = 0;
  const answerTo = async (request: IncomingMessage): Promise<IpcAnswer> => {
    if (inFlight > MAX_IN_FLIGHT)
      return { ok: false, error: new GenrtlError('RATE_LIMITED', 'Too many calls at once.').toBody() };
    const call = parse(await bodyOf(request));
    return call === null
      ? { ok: false, error: new GenrtlError('REQUEST_INVALID', 'The message is no request.').toBody() }
      : dispatch(call.call, call.request);
  };
  return async (request, response) => {
    inFlight += 1;
    try {
      const body = Buffer.from(JSON.stringify(await answerTo(request)));
      response
        .writeHead(200, {
          'Content-Type': 'application/json; charset=utf-8',
          'Content-Length': body.length,
          ...(request.readableEnded ? {} : { Connection: 'close' }),
        })
        .end(body);
    } finally {
      inFlight -= 1;
    }
  };
}
