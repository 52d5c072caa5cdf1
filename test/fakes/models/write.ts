// Writes an event stream in the pieces that a script asks for.
import type { ServerResponse } from 'node:http';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { SseEvent } from './events.ts';
import type { Chunking, StreamOptions } from './script.ts';

/** Headers, then the events in pieces. Resolves when all is written or the client has gone; the body stays open. */
export async function writeEvents(
  response: ServerResponse,
  events: readonly SseEvent[],
  options: StreamOptions,
): Promise<void> {
  if (options.beforeMs !== undefined) await setTimeout(options.beforeMs);
  if (response.destroyed) return;
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const lineEnd = options.lineEnd ?? '\n';
  const texts = events.map((lines) => lines.map((line) => line + lineEnd).join('') + lineEnd);
  for (const piece of split(texts, options.chunking ?? { mode: 'events' })) {
    if (response.destroyed) return;
    response.write(piece);
    // Let the write reach the socket by itself, so that the reader sees this border.
    if (options.everyMs !== undefined) await setTimeout(options.everyMs);
    else await setImmediate();
  }
}

function split(texts: readonly string[], chunking: Chunking): Buffer[] {
  switch (chunking.mode) {
    case 'events':
      return texts.map((text) => Buffer.from(text));
    case 'whole':
      return [Buffer.from(texts.join(''))];
    case 'awkward': {
      const bytes = Buffer.from(texts.join(''));
      const pieces: Buffer[] = [];
      let state = chunking.seed ?? 1;
      for (let at = 0; at < bytes.length; ) {
        // A small linear congruence: the same borders in every run.
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        const size = 1 + ((state >> 8) % chunking.upTo);
        pieces.push(bytes.subarray(at, at + size));
        at += size;
      }
      return pieces;
    }
  }
}
