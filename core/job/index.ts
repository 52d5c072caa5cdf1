// The job's one transition table. Steps report outcomes; only this table knows what follows.
import { assign, initialTransition, setup, transition } from 'xstate';
import { StepName } from '@genrtl/contracts';
import { z } from 'zod';

/** What a step may report. An outcome that a state does not list is our bug and throws. */
export type FlowEvent =
  | { type: 'OK' }
  /** nothing to do for this step */
  | { type: 'NONE' }
  /** the design failed this step: evidence goes to repair */
  | { type: 'FAIL' }
  /** the plan contradicts the spec */
  | { type: 'CONTRADICTION' }
  /** the registry's price is no longer the quoted one */
  | { type: 'PRICE_CHANGED' }
  /** a download link ran out before its use */
  | { type: 'EXPIRED' }
  /** the patch broke the policy or did not fit; the reasons go back to its author */
  | { type: 'REJECTED' }
  /** neither the model nor the limits allow another try */
  | { type: 'GIVE_UP' };

const FlowContext = z.object({
  maxRepairs: z.number().int(),
  repairs: z.number().int(),
  replans: z.number().int(),
  /** refusals of the patch that is on its way; 0 again once one was applied */
  patchRejections: z.number().int(),
  /** which step wrote that patch */
  author: z.enum(['implement', 'repair']),
});
export type FlowContext = z.infer<typeof FlowContext>;

/** A contradicting plan goes back once, then to the person. */
const MAX_REPLANS = 1;
/** A patch that does not apply goes back with the reason per hunk this often before the job fails. */
const MAX_PATCH_REJECTIONS = 2;

const machine = setup({
  types: { context: {} as FlowContext, events: {} as FlowEvent, input: {} as { maxRepairs: number } },
  actions: {
    countReplan: assign({ replans: ({ context }) => context.replans + 1 }),
    countRepair: assign({ repairs: ({ context }) => context.repairs + 1 }),
    countRejection: assign({ patchRejections: ({ context }) => context.patchRejections + 1 }),
    applied: assign({ patchRejections: 0 }),
    byImplement: assign({ author: 'implement' }),
    byRepair: assign({ author: 'repair' }),
  },
  guards: {
    mayReplan: ({ context }) => context.replans < MAX_REPLANS,
    mayRepair: ({ context }) => context.repairs < context.maxRepairs,
    mayReject: ({ context }) => context.patchRejections < MAX_PATCH_REJECTIONS,
    mayRejectRepair: ({ context }) => context.patchRejections < MAX_PATCH_REJECTIONS && context.author === 'repair',
  },
}).createMachine({
  id: 'job',
  context: ({ input }) => ({
    maxRepairs: input.maxRepairs,
    repairs: 0,
    replans: 0,
    patchRejections: 0,
    author: 'implement',
  }),
  initial: 'import',
  states: {
    import: { on: { OK: 'plan' } },
    plan: { on: { OK: 'interface_check', GIVE_UP: 'failed' } },
    interface_check: {
      on: {
        OK: 'approve_plan',
        CONTRADICTION: [{ guard: 'mayReplan', target: 'plan', actions: 'countReplan' }, { target: 'approve_plan' }],
      },
    },
    approve_plan: { on: { OK: 'cbb_resolve' } },
    cbb_resolve: { on: { OK: 'approve_purchase', NONE: 'implement' } },
    approve_purchase: { on: { OK: 'cbb_checkout' } },
    cbb_checkout: { on: { OK: 'cbb_deliver', PRICE_CHANGED: 'cbb_resolve' } },
    cbb_deliver: { on: { OK: 'cbb_install' } },
    cbb_install: { on: { OK: 'implement', EXPIRED: 'cbb_deliver' } },
    implement: { entry: 'byImplement', on: { OK: 'approve_patch', GIVE_UP: 'failed' } },
    approve_patch: { on: { OK: 'apply' } },
    apply: {
      on: {
        OK: { target: 'lint', actions: 'applied' },
        REJECTED: [
          { guard: 'mayRejectRepair', target: 'repair', actions: 'countRejection' },
          { guard: 'mayReject', target: 'implement', actions: 'countRejection' },
          { target: 'failed' },
        ],
      },
    },
    lint: {
      on: { OK: 'sim', FAIL: [{ guard: 'mayRepair', target: 'repair', actions: 'countRepair' }, { target: 'failed' }] },
    },
    sim: {
      on: {
        OK: 'acceptance',
        FAIL: [{ guard: 'mayRepair', target: 'repair', actions: 'countRepair' }, { target: 'failed' }],
      },
    },
    acceptance: {
      on: {
        OK: 'strength',
        NONE: 'strength',
        FAIL: [{ guard: 'mayRepair', target: 'repair', actions: 'countRepair' }, { target: 'failed' }],
      },
    },
    strength: {
      on: {
        OK: 'done',
        FAIL: [{ guard: 'mayRepair', target: 'repair', actions: 'countRepair' }, { target: 'failed' }],
      },
    },
    repair: { entry: 'byRepair', on: { OK: 'approve_patch', GIVE_UP: 'failed' } },
    done: { type: 'final' },
    failed: { type: 'final' },
  },
});

/** The flow's place as it stands in state.json. */
export const FlowState = z.object({ at: z.union([StepName, z.enum(['done', 'failed'])]), context: FlowContext });
export type FlowState = z.infer<typeof FlowState>;

type FlowSnapshot = ReturnType<typeof machine.resolveState>;

function toState(snapshot: FlowSnapshot): FlowState {
  return FlowState.parse({ at: snapshot.value, context: snapshot.context });
}

export function startFlow(maxRepairs: number): FlowState {
  return toState(initialTransition(machine, { maxRepairs })[0]);
}

/** The state after an outcome. Throws RangeError when the present step does not know it. */
export function nextFlow(state: FlowState, event: FlowEvent): FlowState {
  const snapshot = machine.resolveState({ value: state.at, context: state.context });
  if (!snapshot.can(event)) throw new RangeError(`${state.at} has no transition for ${event.type}`);
  return toState(transition(machine, snapshot, event)[0]);
}

/**
 * The job about to run a step anew because a person asked for it: every limit counts from zero again, money excepted.
 */
export function retryFlow(state: FlowState, at: StepName): FlowState {
  return {
    at,
    context: {
      ...state.context,
      repairs: 0,
      replans: 0,
      patchRejections: 0,
      author: at === 'repair' ? 'repair' : 'implement',
    },
  };
}
