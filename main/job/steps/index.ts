// The list of steps. A new one is one file, one line here, its traits in contracts/steps.ts and its place in
// the transition table of core/job.
import type { StepTable } from '../step.ts';
import { applyStep } from './apply.ts';
import { approvePatchStep, approvePlanStep, approvePurchaseStep } from './approve.ts';
import { checkoutStep, deliverStep, resolveStep } from './cbb-supply.ts';
import { importStep } from './import.ts';
import { installStep } from './install.ts';
import { interfaceCheckStep } from './interface-check.ts';
import { lintStep } from './lint.ts';
import { planStep } from './plan.ts';
import { acceptanceStep, simulateStep } from './simulate.ts';
import { strengthStep } from './strength.ts';
import { implementStep, repairStep } from './write-code.ts';

export const STEPS: StepTable = {
  import: importStep,
  plan: planStep,
  interface_check: interfaceCheckStep,
  approve_plan: approvePlanStep,
  cbb_resolve: resolveStep,
  approve_purchase: approvePurchaseStep,
  cbb_checkout: checkoutStep,
  cbb_deliver: deliverStep,
  cbb_install: installStep,
  implement: implementStep,
  approve_patch: approvePatchStep,
  apply: applyStep,
  lint: lintStep,
  sim: simulateStep,
  acceptance: acceptanceStep,
  strength: strengthStep,
  repair: repairStep,
};
