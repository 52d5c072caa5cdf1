// Plans: is an answer one, and does it promise what the specification asks for? Pure.
export { checkPlan, type PlanCheck } from './check-plan.ts';
export { checkInterface } from './check-interface.ts';
export { extractInterface, type SpecClock, type SpecInterface, type SpecParameter, type SpecPort, type SpecReset } from './interface.ts';
