// The workspace's job as the page knows it: the state on disk plus what streams in while it runs.
import { create } from 'zustand';
import type { JobState, JobUpdate, Plan, Quote, StepRecord } from '@genrtl/contracts';

export type GateName = 'plan' | 'purchase' | 'patch' | 'confinement';

interface JobStore {
  readonly state: JobState | null;
  /** tail of the model's answer by step */
  readonly tokens: Readonly<Record<string, string>>;
  /** grows with each piece of log, so that an open log view knows to read on */
  readonly logGrowth: Readonly<Record<string, number>>;
  readonly plan: Plan | null;
  readonly quotes: readonly Quote[];
  reset(state: JobState | null): void;
  accept(update: JobUpdate): void;
  setPlan(plan: Plan | null, quotes: readonly Quote[]): void;
}

const TOKEN_TAIL = 4000;
const NONE = { tokens: {}, logGrowth: {} } as const;

function withStep(state: JobState, step: StepRecord): JobState {
  const at = state.steps.findIndex((other) => other.step_id === step.step_id);
  const steps = at < 0 ? [...state.steps, step] : state.steps.with(at, step);
  return { ...state, steps };
}

export const useJob = create<JobStore>()((set) => ({
  state: null,
  plan: null,
  quotes: [],
  ...NONE,
  reset: (state) =>
    set((before) => (before.state?.job_id === state?.job_id ? { state } : { state, plan: null, quotes: [], ...NONE })),
  setPlan: (plan, quotes) => set({ plan, quotes }),
  accept: (update) =>
    set((before) => {
      switch (update.type) {
        case 'state':
          return update.state.job_id === before.state?.job_id
            ? { state: update.state }
            : { state: update.state, plan: null, quotes: [], ...NONE };
        case 'step':
          return before.state === null ? {} : { state: withStep(before.state, update.step) };
        case 'token': {
          const text = ((before.tokens[update.step_id] ?? '') + update.text).slice(-TOKEN_TAIL);
          return { tokens: { ...before.tokens, [update.step_id]: text } };
        }
        case 'log':
          return { logGrowth: { ...before.logGrowth, [update.step_id]: (before.logGrowth[update.step_id] ?? 0) + 1 } };
        case 'diagnostics':
        case 'notes':
        case 'waiting':
          // findings have a road of their own; notes and waits arrive with the state too
          return {};
        case 'gate':
          // the waiting step itself arrives as a step update; nothing more to keep
          return {};
      }
    }),
}));

const GATES: Readonly<Record<string, GateName>> = {
  approve_plan: 'plan',
  approve_purchase: 'purchase',
  approve_patch: 'patch',
};

/** The gate that a person must open before the job goes on, if there is one. */
export function waitingGate(state: JobState | null): GateName | null {
  if (state === null) return null;
  // wherever the job stands: its code may not run before
  if (state.status === 'needs_input' && state.error?.code === 'CONFINEMENT_UNAVAILABLE') return 'confinement';
  const last = state.steps.at(-1);
  if (last === undefined) return null;
  const gate = GATES[last.step];
  // a stop, a fault or an undo is not a question, although the step is still open
  const asks = state.status === 'needs_input' || state.status === 'running';
  return gate !== undefined && asks && last.status === 'waiting' ? gate : null;
}
