// What left the machine for a model: `runs/<job>/<step>/sent.json`, and what would leave next.
import { z } from 'zod';
import { Instant, Sha256 } from './primitives.ts';

/**
 * `rules`: what the workspace tells models about itself. `request` is the job's request itself: notes, feedback and
 * settings, beside the hashes of the other files.
 */
export const SentKind = z.enum(['spec', 'plan', 'source', 'rules', 'evidence', 'request']);
export type SentKind = z.infer<typeof SentKind>;

export const SentFile = z.object({
  /** number of the request that it went out for */
  attempt: z.number().int().positive(),
  kind: SentKind,
  /** of sources relative to the workspace; of the rest its name in the run folder */
  path: z.string(),
  /** of what was sent */
  bytes: z.number().int().nonnegative(),
  /** of what was sent */
  sha256: Sha256,
  /** secrets that were taken out */
  redacted: z.number().int().nonnegative(),
  /** of the file itself where something was taken out of it */
  source_sha256: Sha256.optional(),
});
export type SentFile = z.infer<typeof SentFile>;

/** A source that a prompt does not hold, or not whole. */
export const LeftOut = z.object({
  /** number of the request */
  attempt: z.number().int().positive(),
  path: z.string(),
  /** what stands there instead: `heads` of its modules, or nothing */
  shown: z.enum(['heads', 'nothing']),
  /** `window`: no room in the model's window; `size`: the file is too large to be sent at all */
  why: z.enum(['window', 'size']),
});
export type LeftOut = z.infer<typeof LeftOut>;

export const SentList = z.object({
  schema_version: z.literal(1),
  /** address of the backend */
  backend: z.string(),
  /** null: the backend's choice */
  model: z.string().nullable(),
  files: z.array(SentFile),
  /** absent in lists of older versions, and until the backend has said it */
  left_out: z.array(LeftOut).optional(),
});
export type SentList = z.infer<typeof SentList>;

/** What the first requests of a job with these settings would send. */
export const OutgoingView = z.object({
  /**
   * `nowhere`: the built-in composer reads it on this machine; `model`: a model's server; `backend`: a hosted backend
   */
  to: z.enum(['nowhere', 'model', 'backend']),
  /** host name of the backend, or the model's name */
  name: z.string(),
  /** nothing of the workspace was sent before */
  first: z.boolean(),
  files: z.array(SentFile.pick({ kind: true, path: true, bytes: true, redacted: true })),
});
export type OutgoingView = z.infer<typeof OutgoingView>;

/**
 * A run of the AI module: a line of `.genRTL/ai/sent.jsonl`. Texts go inside the request, whose own entry covers all.
 */
export const SentRun = z.object({
  at: Instant,
  run_id: z.string(),
  /** of the conversation that it belongs to */
  thread_id: z.string().nullable(),
  intent: z.string(),
  backend: z.string(),
  /** null: the backend's choice */
  model: z.string().nullable(),
  files: z.array(SentFile),
});
export type SentRun = z.infer<typeof SentRun>;
