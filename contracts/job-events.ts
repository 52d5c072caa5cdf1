// Events of durable backend jobs over SSE. `seq` is the SSE id; a client resumes with Last-Event-ID.
import { z } from 'zod';
import { ModelUsage, RunView, Waiting } from './http/jobs.ts';
import { ErrorBody } from './error-body.ts';
import { LeftOut } from './sent.ts';

const base = { seq: z.number().int().positive(), run_id: z.string() };

export const JobEvent = z.discriminatedUnion('type', [
  /** sent first when the id that the client names is no longer kept; replaces all that came before */
  z.object({ ...base, type: z.literal('snapshot'), run: RunView }),
  z.object({ ...base, type: z.literal('phase'), phase: z.string() }),
  /** holds until the next event */
  z.object({ ...base, type: z.literal('waiting'), waiting: Waiting }),
  /** text of the model's answer as it streams; attempt tells a repeated call from a continued one */
  z.object({ ...base, type: z.literal('token'), attempt: z.number().int(), text: z.string() }),
  z.object({ ...base, type: z.literal('usage'), usage: ModelUsage }),
  z.object({ ...base, type: z.literal('retry'), reason: z.string(), attempt: z.number().int() }),
  /** which of the sources a prompt does not hold whole, for want of room in the model's window */
  z.object({ ...base, type: z.literal('context'), left_out: z.array(LeftOut.omit({ attempt: true, why: true })) }),
  z.object({ ...base, type: z.literal('error'), error: ErrorBody }),
  /** always the last event; the result itself is read from the run */
  z.object({ ...base, type: z.literal('final'), status: z.enum(['succeeded', 'failed', 'cancelled']) }),
]);
export type JobEvent = z.infer<typeof JobEvent>;
