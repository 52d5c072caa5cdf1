// The list of steps. A new one is one file, one line here and its place in the flow table.
import type { Step } from '../step.ts';
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

export const STEPS: readonly Step[] = [
  importStep,
  planStep,
  interfaceCheckStep,
  approvePlanStep,
  resolveStep,
  approvePurchaseStep,
  checkoutStep,
  deliverStep,
  installStep,
  implementStep,
  approvePatchStep,
  applyStep,
  lintStep,
  simulateStep,
  acceptanceStep,
  strengthStep,
  repairStep,
];
