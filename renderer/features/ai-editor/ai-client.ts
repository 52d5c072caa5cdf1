// Runs of the AI module as the page knows them: one is begun under an id of the page's own, and its events find it by
// that id. What belongs to a run that was ended here is dropped.
import type { AiRequestBody } from '@genrtl/contracts/http/ai.ts';
import i18next from 'i18next';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useLink } from '../../state/link-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { afterEvent, hasEnded, refused, startedRun, stopped } from './run-state.ts';
import type { RunState } from './run-state.ts';

export interface Run {
  state(): RunState;
  /** at once here; the server hears of it */
  cancel(): void;
}

interface Live {
  state: RunState;
  readonly changed: (state: RunState) => void;
}

const live = new Map<string, Live>();
let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  bridge.on('ai.event', ({ run_id, event }) => change(run_id, (state) => afterEvent(state, event)));
  // what was said while nobody was connected is lost
  useLink.subscribe(({ link }) => {
    if (link === 'open') return;
    const error = { code: 'BACKEND_UNAVAILABLE', message: i18next.t('ai.lost'), retryable: true } as const;
    for (const runId of live.keys()) change(runId, (state) => refused(state, error));
  });
}

function change(runId: string, next: (state: RunState) => RunState): void {
  const run = live.get(runId);
  if (run === undefined) return;
  const state = next(run.state);
  if (state === run.state) return;
  run.state = state;
  if (hasEnded(state)) live.delete(runId);
  run.changed(state);
}

/** Letters and digits; `randomUUID` is only there where the page came over TLS or from this machine. */
const newRunId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** `changed` is told of each change, the end included. */
export function startRun(endpoint: string, request: AiRequestBody, changed: (state: RunState) => void): Run {
  listen();
  const runId = newRunId();
  const run: Live = { state: startedRun(runId), changed };
  live.set(runId, run);
  const workspace = useWorkspace.getState().view?.path ?? '';
  bridge
    .call('ai.start', { workspace, run_id: runId, endpoint, request })
    .catch((error: unknown) => change(runId, (state) => refused(state, errorBody(error))));
  return {
    state: () => run.state,
    cancel() {
      if (hasEnded(run.state)) return;
      change(runId, stopped);
      bridge.call('ai.cancel', { run_id: runId }).catch(() => undefined);
    },
  };
}
