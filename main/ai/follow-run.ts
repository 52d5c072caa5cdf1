// One run of the AI module as the stream of its events, over broken connections: nothing comes twice, nothing is
// missed.
import { setTimeout as sleep } from 'node:timers/promises';
import { AiEvent } from '@genrtl/contracts/ai-events.ts';
import { API_ROUTES, GenrtlError } from '@genrtl/contracts';
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import type { HttpClient } from '../cloud/http-client.ts';

/** How often a request that got no answer is sent again. */
const FIRST_TRIES = 5;
/** How long a run that has begun is looked for: a backend that was killed has to come up again. */
const LOOKED_FOR_MS = 30_000;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

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
 * Ends after the event that ends the run. `connect` is asked before each connection: a backend that was started anew
 * has another address. Throws what the backend answered before the first event, BACKEND_UNAVAILABLE when it stays away,
 * RUN_LOST when it comes back and does not know the run, CANCELLED when `signal` aborts.
 */
export async function* followRun(
  connect: () => Promise<Pick<HttpClient, 'events'>>,
  { runId, path, body }: RunRequest,
  signal: AbortSignal,
): AsyncGenerator<AiEvent> {
  let last = 0;
  let lostAt: number | null = null;
  for (let lost = 0; ; ) {
    const staysAway = (): boolean =>
      last === 0 ? lost >= FIRST_TRIES : performance.now() - (lostAt ??= performance.now()) > LOOKED_FOR_MS;
    try {
      const http = await connect();
      const source =
        last === 0
          ? http.events(path, undefined, signal, body)
          : http.events(runPath('aiRunEvents', runId), String(last), signal);
      for await (const { data } of source) {
        const event = eventIn(data);
        if (event === null || event.runId !== runId || event.seq <= last) continue;
        last = event.seq;
        lost = 0;
        lostAt = null;
        yield event;
        if (endsStream(event)) return;
      }
    } catch (error) {
      if (last > 0 && error instanceof GenrtlError && error.code === 'NOT_FOUND')
        throw new GenrtlError('RUN_LOST', 'The answer broke off, and the backend does not know it any more.');
      if (!(error instanceof GenrtlError) || error.code !== 'BACKEND_UNAVAILABLE' || staysAway()) throw error;
    }
    if (staysAway()) throw new GenrtlError('BACKEND_UNAVAILABLE', 'The backend ended the answer before it was whole.');
    lost += 1;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (lost - 1));
    await sleep(wait, undefined, { signal }).catch(() => {
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
