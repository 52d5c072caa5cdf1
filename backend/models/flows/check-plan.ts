// Whether an answer is a plan: its shape, problem by problem in words a model can act on.
import { Plan } from '@genrtl/contracts';

export type PlanCheck = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly problems: readonly string[] };

const MAX_PROBLEMS = 30;

export function checkPlan(answer: unknown): PlanCheck {
  const parsed = Plan.safeParse(answer);
  if (parsed.success) return { ok: true, plan: parsed.data };
  return { ok: false, problems: parsed.error.issues.slice(0, MAX_PROBLEMS).map((issue) => `${issue.path.join('.') || 'the answer'}: ${issue.message}`) };
}
