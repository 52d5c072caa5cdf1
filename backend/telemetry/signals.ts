// What a process tells about its work while it works: one typed list of signals. Nobody listens unless an operator asked
// for metrics, and then telling costs next to nothing. No signal carries text of persons, prompts or answers.
import { channel } from 'node:diagnostics_channel';

export interface Signals {
  /** an answer of the API ended, streams included */
  readonly request: {
    readonly method: string;
    /** the route's pattern, never the path */
    readonly route: string;
    readonly status: number;
    readonly durationMs: number;
  };
  readonly admission: { readonly outcome: 'admitted' | 'refused'; readonly durationMs: number };
  /** one upstream call ended */
  readonly model_call: {
    readonly provider: string;
    readonly model: string;
    readonly outcome: 'answered' | 'failed' | 'cancelled';
    /** of the error; null when it answered */
    readonly code: string | null;
    readonly firstTokenMs: number | null;
    readonly durationMs: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly cachedTokens: number;
    readonly costMicro: number;
  };
  readonly ledger_entry: { readonly kind: string; readonly postings: number };
  /** events of runs that one statement stored */
  readonly event_batch: {
    readonly events: number;
    readonly durationMs: number;
    readonly ok: boolean;
  };
  /** a run's work began here */
  readonly run_begin: { readonly kind: string; readonly waitedMs: number };
  readonly run_end: { readonly kind: string; readonly status: string; readonly durationMs: number };
}
export type SignalName = keyof Signals;

const CHANNELS: { readonly [name in SignalName]: ReturnType<typeof channel> } = {
  request: channel('genrtl:request'),
  admission: channel('genrtl:admission'),
  model_call: channel('genrtl:model_call'),
  ledger_entry: channel('genrtl:ledger_entry'),
  event_batch: channel('genrtl:event_batch'),
  run_begin: channel('genrtl:run_begin'),
  run_end: channel('genrtl:run_end'),
};

export function signal<N extends SignalName>(name: N, value: Signals[N]): void {
  CHANNELS[name].publish(value);
}

/** Returns what ends it. A listener must not throw. */
export function onSignal<N extends SignalName>(name: N, listen: (value: Signals[N]) => void): () => void {
  const listener = (value: unknown): void => {
    listen(value as Signals[N]);
  };
  CHANNELS[name].subscribe(listener);
  return () => {
    CHANNELS[name].unsubscribe(listener);
  };
}
