// cloud-strength: how strong the testbenches of a job are, measured in the server's sandbox. Asks no model.
import type { JobOutputOf, JobRequestOf } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import { jobFlow, type Step } from '../flow.ts';

const measureStep: Step<JobCtx<'cloud-strength'>, JobRequestOf<'cloud-strength'>, JobOutputOf<'cloud-strength'>> = {
  name: 'measure',
  // how far it comes depends on the time that it has
  type: 'tool',
  deterministic: false,
  retryable: true,
  resumable: false,
  run: (request, context) => context.measureStrength(request),
};

export const cloudStrength = jobFlow({ kind: 'cloud-strength', version: 1, services: [], steps: [measureStep] });
