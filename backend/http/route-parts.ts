// Pieces that the route declarations share.
import { z } from '@hono/zod-openapi';
import { ErrorBody, IDEMPOTENCY_HEADER } from '@genrtl/contracts';

export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  content: { 'application/json': { schema } },
  description,
});

export const jsonBody = <T extends z.ZodType>(schema: T) => ({
  body: { content: { 'application/json': { schema } }, required: true },
});

/** Every route may answer with an error body; the code decides the status (see errors.ts). */
export const errors = { default: json(ErrorBody, 'The error, with its stable code') };

export const bearer = [{ bearer: [] }];

/** Header names arrive in lower case. */
export const IdempotencyKey = z.object({
  [IDEMPOTENCY_HEADER.toLowerCase() as 'idempotency-key']: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'an Idempotency-Key of 1 to 255 visible characters'),
});
