// The schema of an error on the wire.
import { z } from 'zod';
import type { ErrorBody as Body } from './errors.ts';

export const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
}) satisfies z.ZodType<Body>;
export type ErrorBody = Body;
