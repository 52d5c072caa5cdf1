// Plans: is an answer one, and does it promise what the specification asks for? Pure.
export { checkPlan, type CheckedPlan, type PlanScope } from './check-plan.ts';
export { checkInterface, unstatedPorts } from './check-interface.ts';
export { checkDesignInterface } from './check-design.ts';
export { extractInterface } from './interface.ts';
