// The steps of a job and what is true of each, whoever asks: engine, page, command line, bench. Free of zod, so that
// the page can load it.

export interface StepTraits {
  /** where people look for it in the flow */
  readonly lane: 'plan' | 'packages' | 'write' | 'check';
  /** its lane begins anew with it, even in the middle of a repair */
  readonly opensLane?: true;
  /** after it, plan, prices or approvals are read anew */
  readonly changesPlan?: true;
  /** judges without an EDA tool; what it finds becomes the job's findings */
  readonly compares?: true;
  /** its verdict comes from EDA tools; a repair can follow */
  readonly judges?: true;
  /** its run folder holds tool.json, raw logs and diagnostics.json of one tool run */
  readonly keepsLog?: true;
  /** its author is a model, who can be told what to do differently */
  readonly writtenByModel?: true;
  /** waits for the backend */
  readonly onServer?: true;
  /** a person may go back to it: it reads only what earlier steps left for good */
  readonly retryable?: true;
}

export const STEP_TRAITS = {
  import: { lane: 'plan' },
  plan: { lane: 'plan', changesPlan: true, writtenByModel: true, onServer: true, retryable: true },
  interface_check: { lane: 'plan', changesPlan: true, compares: true },
  approve_plan: { lane: 'plan', changesPlan: true, retryable: true },
  cbb_resolve: { lane: 'packages', changesPlan: true, onServer: true, retryable: true },
  approve_purchase: { lane: 'packages', changesPlan: true },
  cbb_checkout: { lane: 'packages', changesPlan: true, onServer: true },
  cbb_deliver: { lane: 'packages', onServer: true },
  cbb_install: { lane: 'packages' },
  implement: { lane: 'write', opensLane: true, writtenByModel: true, onServer: true, retryable: true },
  repair: { lane: 'write', writtenByModel: true, onServer: true, retryable: true },
  approve_patch: { lane: 'write' },
  apply: { lane: 'write' },
  lint: { lane: 'check', judges: true, keepsLog: true, retryable: true },
  sim: { lane: 'check', judges: true, keepsLog: true, retryable: true },
  acceptance: { lane: 'check', judges: true, keepsLog: true, retryable: true },
  strength: { lane: 'check', opensLane: true, judges: true, retryable: true },
} as const satisfies Record<string, StepTraits>;

export type StepName = keyof typeof STEP_TRAITS;
export const STEP_NAMES = Object.keys(STEP_TRAITS) as [StepName, ...StepName[]];

export const traitsOf = (step: StepName): StepTraits => STEP_TRAITS[step];
/** The steps of which a trait holds, in the order of the flow. */
export const stepsThat = (trait: Exclude<keyof StepTraits, 'lane'>): StepName[] =>
  STEP_NAMES.filter((step) => traitsOf(step)[trait] === true);
