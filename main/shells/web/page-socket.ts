// One page's WebSocket: requests in, answers and pushes out, with bounds on what a page may send and on what a slow
// page may pile up.
import { z } from 'zod';
import type { WebSocket } from 'ws';
import { GenrtlError } from '@genrtl/contracts';
import type { IpcAnswer } from '@genrtl/contracts/ipc/index.ts';
import type { Dispatch } from '../../ipc/dispatch.ts';
import type { PushHub } from '../../ipc/push-hub.ts';

const Request = z.object({ id: z.number().int().nonnegative(), call: z.string().max(100), request: z.unknown() });

/** Calls of one page under way at the same time; a page needs a handful. */
export const MAX_IN_FLIGHT = 64;
/**
 * Bytes waiting for a slow page; beyond it the socket is closed and the page fetches the state anew when it reconnects.
 */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;
const HEARTBEAT_MS = 20_000;

export function servePageSocket(socket: WebSocket, dispatch: Dispatch, pushes: PushHub): void {
  let inFlight = 0;
  let alive = true;

  const send = (message: unknown): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.close(1013, 'too slow');
      return;
    }
    socket.send(JSON.stringify(message));
  };
  const answer = (id: number | null, value: IpcAnswer): void => send({ id, answer: value });

  socket.on('message', (data, isBinary) => {
    const parsed = isBinary ? null : Request.safeParse(parseJson(data.toString()));
    if (!parsed?.success) {
      answer(null, { ok: false, error: new GenrtlError('REQUEST_INVALID', 'The message is no request.').toBody() });
      return;
    }
    const { id, call, request } = parsed.data;
    if (inFlight >= MAX_IN_FLIGHT) {
      answer(id, { ok: false, error: new GenrtlError('RATE_LIMITED', 'Too many calls at once.').toBody() });
      return;
    }
    inFlight += 1;
    void dispatch(call, request).then((value) => {
      inFlight -= 1;
      answer(id, value);
    });
  });

  const stop = pushes.subscribe((message) => send(message));
  const heartbeat = setInterval(() => {
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    socket.ping();
  }, HEARTBEAT_MS);
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    stop();
    clearInterval(heartbeat);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
