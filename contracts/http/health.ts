// Liveness, and the leases that keep an embedded backend running.
import { z } from 'zod';
import { ModelEnvironment } from './models.ts';

export const Health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  embedded: z.boolean(),
  pid: z.number().int(),
});

/** Whether this process should get requests now; a provider of models that is away does not change it. */
export const Readiness = z.object({
  ready: z.boolean(),
  process: z.enum(['up', 'draining']),
  database: z.enum(['up', 'down', 'unknown']),
  object_store: z.enum(['up', 'down', 'unknown']),
});

/**
 * POST opens or renews a lease of an embedded backend; DELETE ends it. The backend stops after the last one ended or
 * ran out.
 */
export const LeaseRequest = z.object({
  lease_id: z.string(),
  ttl_ms: z.number().int().min(1000).max(120_000),
  /** the client's own models and keys; absent: those that the backend was started with */
  models: ModelEnvironment.optional(),
});

export const LeaseResponse = z.object({ leases: z.number().int() });
