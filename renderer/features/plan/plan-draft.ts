// The plan as it is edited: a draft beside the plan that stands, sent back through the plan gate and checked there.
import { createContext, useContext } from 'react';
import type { Plan, PlanModule } from '@genrtl/contracts';

export interface PlanDraft {
  readonly plan: Plan;
  /** null while the plan is only read */
  readonly change: ((change: (plan: Plan) => Plan) => void) | null;
}

export const PlanDraftContext = createContext<PlanDraft | null>(null);

export function usePlanDraft(): PlanDraft {
  const draft = useContext(PlanDraftContext);
  if (draft === null) throw new Error('no plan around this part');
  return draft;
}

/** Position of a module: -1 is the top. */
export function withModule(plan: Plan, at: number, change: (module: PlanModule) => PlanModule): Plan {
  return at < 0
    ? { ...plan, top: change(plan.top) }
    : { ...plan, modules: plan.modules.map((module, nth) => (nth === at ? change(module) : module)) };
}

export const replaced = <T>(list: readonly T[], at: number, item: T): T[] =>
  list.map((other, nth) => (nth === at ? item : other));
export const without = <T>(list: readonly T[], at: number): T[] => list.filter((_, nth) => nth !== at);
