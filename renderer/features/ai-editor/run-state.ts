// What a run of the AI module looks like to the editor, folded from its events. Pure. Events of other runs, repeated
// ones and what comes after the end change nothing; a new attempt takes back what the earlier one wrote.
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { ErrorBody, RenderMode } from '@genrtl/contracts';
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import { parseUsd } from '@genrtl/contracts/micro-usd.ts';

export type RunStatus = 'waiting' | 'running' | 'succeeded' | 'cancelled' | 'failed';

export interface RunUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** integer micro-dollars */
  readonly costMicroUsd: number;
  /** some of it was counted here, because a model's server reported none */
  readonly estimated: boolean;
  /** all of it came from the cache */
  readonly cached: boolean;
}

export interface RunState {
  readonly runId: string;
  readonly status: RunStatus;
  readonly renderMode: RenderMode | null;
  /** of the request, as the server says it again */
  readonly docVersion: number | null;
  readonly attempt: number;
  readonly model: string | null;
  /** of the last attempt */
  readonly text: string;
  /** the one patch of an atomic answer; null until it is there */
  readonly patch: string | null;
  /** the step that runs */
  readonly step: string | null;
  /** the server cut the context to fit the model */
  readonly truncated: boolean;
  /** pieces of `text`, for want of a count until the usage comes */
  readonly pieces: number;
  readonly usage: RunUsage | null;
  readonly error: ErrorBody | null;
  readonly lastSeq: number;
}

export const startedRun = (runId: string): RunState => ({
  runId,
  status: 'waiting',
  renderMode: null,
  docVersion: null,
  attempt: 0,
  model: null,
  text: '',
  patch: null,
  step: null,
  truncated: false,
  pieces: 0,
  usage: null,
  error: null,
  lastSeq: 0,
});

export const hasEnded = ({ status }: RunState): boolean => status !== 'waiting' && status !== 'running';

export function afterEvent(state: RunState, event: AiEvent): RunState {
  // frames of a run that was ended here, or that came twice over a broken connection
  if (event.runId !== state.runId || event.seq <= state.lastSeq || hasEnded(state)) return state;
  const next = { ...state, lastSeq: event.seq };
  switch (event.type) {
    case 'step':
      if (event.phase === 'end') return next;
      if (event.phase === 'progress') return { ...next, status: 'running', step: event.name };
      return event.attempt > state.attempt
        ? {
            ...next,
            status: 'running',
            step: event.name,
            renderMode: event.renderMode,
            docVersion: event.docVersion,
            attempt: event.attempt,
            model: event.model,
            truncated: event.truncated === true,
            text: '',
            pieces: 0,
            patch: null,
          }
        : { ...next, status: 'running', step: event.name, model: event.model };
    case 'token':
    case 'reduce:token':
      // an answer that is to come as a whole has no text before
      return state.renderMode === 'streaming-text'
        ? { ...next, text: state.text + event.text, pieces: state.pieces + 1 }
        : next;
    case 'patch':
      return state.renderMode === 'atomic-patch' && state.patch === null ? { ...next, patch: event.text } : next;
    case 'usage':
      return { ...next, usage: withUsage(state.usage, event), model: event.model };
    case 'error': {
      const { code, message, hint, retryable, details } = event;
      return {
        ...next,
        status: endsStream(event) ? 'failed' : state.status,
        error: {
          code,
          message,
          retryable,
          ...(hint === undefined ? {} : { hint }),
          ...(details === undefined ? {} : { details }),
        },
      };
    }
    case 'final':
      // what was cut off is told by the error before
      return { ...next, status: state.error === null ? event.status : 'failed' };
    default:
      return next;
  }
}

function withUsage(before: RunUsage | null, event: Extract<AiEvent, { type: 'usage' }>): RunUsage {
  return {
    inputTokens: (before?.inputTokens ?? 0) + event.input_tokens,
    outputTokens: (before?.outputTokens ?? 0) + event.output_tokens,
    costMicroUsd: (before?.costMicroUsd ?? 0) + parseUsd(event.cost_usd),
    estimated: before?.estimated === true || event.estimated === true,
    cached: (before?.cached ?? true) && event.cached === true,
  };
}

/** The person ended it: whatever comes later is of no run. */
export const stopped = (state: RunState): RunState => (hasEnded(state) ? state : { ...state, status: 'cancelled' });

/** The request never became a run. */
export const refused = (state: RunState, error: ErrorBody): RunState =>
  hasEnded(state) ? state : { ...state, status: error.code === 'CANCELLED' ? 'cancelled' : 'failed', error };
