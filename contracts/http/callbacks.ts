// What a backend tells of itself, to the address that a job's request named, in the form of Standard Webhooks.
import { z } from 'zod';
import { Instant, JobId, StepId } from '../primitives.ts';

/** Body of a callback. Neither specification nor result: those are asked for under the run's id. */
export const RunEnded = z.object({
  type: z.enum(['run.succeeded', 'run.failed', 'run.cancelled']),
  timestamp: Instant,
  data: z.object({ run_id: z.string(), job_id: JobId, step_id: StepId, kind: z.string() }),
});
export type RunEnded = z.infer<typeof RunEnded>;

/** Each callback is signed with all of them. */
export const CallbackSecrets = z.object({
  secrets: z.array(
    z.object({
      /** `whsec_` and base64 */
      secret: z.string(),
      /** the earlier one's, after a rotation; null: until the next one */
      valid_until: Instant.nullable(),
    }),
  ),
});
export type CallbackSecrets = z.infer<typeof CallbackSecrets>;
