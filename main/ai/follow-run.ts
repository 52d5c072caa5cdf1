// One run of the AI module as the stream of its events, over broken connections: nothing comes twice, nothing is
// missed.
import { setTimeout as sleep } from 'node:timers/promises';
import { AiEvent } from '@genrtl/contracts/ai-events.ts';
import { API_ROUTES, GenrtlError } from '@genrtl/contracts';
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import type { HttpClient } from '../cloud/http-client.ts';

/** How often a broken stream is taken up again before the run counts as lost. */
const RECONNECTS = 5;
const FIRST_WAIT_MS = 100;

export interface RunRequest {
  readonly runId: string;
  /** of the endpoint */
  readonly path: string;
  /** exact bytes; the same ones under the same id are the same run, so repeating them attaches to it */
  readonly body: string;
}

export const runPath = (route: 'aiRun' | 'aiRunEvents' | 'aiRunCancel', runId: string): string =>
  API_ROUTES[route].replace(':run_id', encodeURIComponent(runId));

/**
 * Ends after the event that ends the run. Throws what the backend answered before the first event, BACKEND_UNAVAILABLE
 * when it stays away, CANCELLED when `signal` aborts.
 */
export async function* followRun(
  http: Pick<HttpClient, 'events'>,
  { runId, path, body }: RunRequest,
  signal: AbortSignal,
): AsyncGenerator<AiEvent> {
  let last = 0;
  for (let lost = 0; ; ) {
    try {
      const source =
        last === 0
          ? http.events(path, undefined, signal, body)
          : http.events(runPath('aiRunEvents', runId), String(last), signal);
      for await (const { data } of source) {
        const event = eventIn(data);
        if (event === null || event.runId !== runId || event.seq <= last) continue;
        last = event.seq;
        lost = 0;
        yield event;
        if (endsStream(event)) return;
      }
    } catch (error) {
      if (!(error instanceof GenrtlError) || error.code !== 'BACKEND_UNAVAILABLE' || lost >= RECONNECTS) throw error;
    }
    if (lost >= RECONNECTS)
      throw new GenrtlError('BACKEND_UNAVAILABLE', 'The backend ended the answer before it was whole.');
    lost += 1;
    await sleep(FIRST_WAIT_MS * 2 ** (lost - 1), undefined, { signal }).catch(() => {
      throw new GenrtlError('CANCELLED', 'Cancelled.');
    });
  }
}

/** Null for what this version does not know: later ones may add events. */
function eventIn(data: string): AiEvent | null {
  try {
    const event = AiEvent.safeParse(JSON.parse(data));
    return event.success ? event.data : null;
  } catch {
    return null;
  }
}
