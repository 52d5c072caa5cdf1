// What each kind of job does with models: prompts, checks of the answers, questions asked again.
export { runDesign } from './flows/design.ts';
export { runImplement } from './flows/implement.ts';
export { runPlan } from './flows/plan.ts';
export { runRepair } from './flows/repair.ts';
