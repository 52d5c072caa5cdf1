// A job's cumulative change, hunk by hunk, and what the person decided.
import { z } from 'zod';

/**
 * A block of a file's cumulative change; lines count from 1, a start points before its first line when there are none.
 * `returned`: rejected before, and back.
 */
export const ReviewHunk = z.object({
  id: z.string().max(64),
  old_start: z.number().int(),
  old_lines: z.number().int(),
  new_start: z.number().int(),
  new_lines: z.number().int(),
  status: z.enum(['open', 'accepted', 'returned']),
});
export type ReviewHunk = z.infer<typeof ReviewHunk>;

/** A file that a job changed; `before` is null for one that it created, `after` for one that it deleted. */
export const ReviewFile = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** of the bytes on disk, which a decision has to name */
  sha256: z.string().nullable(),
  hunks: z.array(ReviewHunk),
});
export type ReviewFile = z.infer<typeof ReviewFile>;

/** A hunk that the person rejected: reverted on disk, and kept so that it cannot come back unnoticed. */
export const RejectedHunk = z.object({
  id: z.string(),
  job_id: z.string(),
  at: z.string(),
  path: z.string(),
  removed: z.array(z.string()),
  added: z.array(z.string()),
  /** it was the whole of a file that the job created */
  created: z.boolean(),
});
export type RejectedHunk = z.infer<typeof RejectedHunk>;

export const ReviewView = z.object({
  job_id: z.string().nullable(),
  files: z.array(ReviewFile),
  rejected: z.array(RejectedHunk),
});
export type ReviewView = z.infer<typeof ReviewView>;

/** Hunks of one file, as the page saw it. */
export const ReviewTarget = z.object({
  path: z.string(),
  sha256: z.string().nullable(),
  hunks: z.array(z.string().max(64)).min(1).max(20_000),
});
export type ReviewTarget = z.infer<typeof ReviewTarget>;
