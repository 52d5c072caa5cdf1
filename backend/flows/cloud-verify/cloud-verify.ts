// cloud-verify: one lint or simulation in the server's sandbox. Asks no model.
import type { JobOutputOf, JobRequestOf } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import { jobFlow, type Step } from '../flow.ts';

const runStep: Step<JobCtx<'cloud-verify'>, JobRequestOf<'cloud-verify'>, JobOutputOf<'cloud-verify'>> = {
  name: 'tool',
  // a simulation may draw numbers of its own
  type: 'tool',
  deterministic: false,
  retryable: true,
  resumable: false,
  run: (request, context) => context.runTool(request),
};

export const cloudVerify = jobFlow({ kind: 'cloud-verify', version: 1, services: [], steps: [runStep] });
