// What a process tells about its work while it works: one typed list of signals. Nobody listens unless an operator
// asked for metrics, and then telling costs next to nothing. No signal carries text of persons, prompts or answers.
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
  /** an interactive run ended here */
  readonly ai_run: {
    readonly intent: string;
    readonly flow: string;
    readonly model: string;
    readonly status: 'succeeded' | 'cancelled' | 'failed';
    /** of the error; null when there is none */
    readonly code: string | null;
    /** from the request to the first visible text; null: there was none */
    readonly firstTokenMs: number | null;
    readonly durationMs: number;
    /** how often an attempt replaced one before it */
    readonly replaced: number;
    /** another model than the first choice answered */
    readonly fellBack: boolean;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly costMicro: number;
    /** answered from what was known, for nothing */
    readonly cached: boolean;
  };
  /** one step of a flow ended, in either runner */
  readonly flow_step: {
    readonly flow: string;
    readonly step: string;
    readonly type: string;
    readonly status: 'succeeded' | 'failed' | 'cancelled' | 'skipped';
    readonly durationMs: number;
  };
  /** a document was divided for a run that begins */
  readonly long_plan: {
    readonly intent: string;
    readonly chunks: number;
    readonly chunkTokens: number;
    readonly overlapRatio: number;
    readonly concurrency: number;
    /** parts whose answers were paid before */
    readonly reused: number;
    readonly boundaryErrorRate: number;
  };
  /** one question about a part, or about what the parts gave */
  readonly long_call: {
    readonly stage: 'map' | 'reduce';
    readonly durationMs: number;
    readonly reused: boolean;
  };
  readonly ledger_entry: { readonly kind: string; readonly postings: number };
  /** what many callers wrote in one transaction */
  readonly group_commit: {
    readonly items: number;
    readonly durationMs: number;
    readonly ok: boolean;
  };
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
  ai_run: channel('genrtl:ai_run'),
  flow_step: channel('genrtl:flow_step'),
  long_plan: channel('genrtl:long_plan'),
  long_call: channel('genrtl:long_call'),
  ledger_entry: channel('genrtl:ledger_entry'),
  group_commit: channel('genrtl:group_commit'),
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
