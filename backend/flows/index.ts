// What each kind of job does with models: prompts, checks of the answers, questions asked again.
export { runDesign } from './design/design.ts';
export { runImplement } from './implement/implement.ts';
export { runPlan } from './plan/plan.ts';
export { runRepair } from './repair/repair.ts';
