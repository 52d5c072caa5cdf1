// Calls of the page: the job's changes under review.
import { z } from 'zod';
import { ReviewTarget, ReviewView } from '../review.ts';
import { call } from './call.ts';

export const REVIEW_CALLS = {
  /** the job's cumulative change, hunk by hunk, with what the person decided so far */
  'review.read': call(z.object({ workspace: z.string() }), ReviewView),
  /**
   * all targets or none; throws FILE_CHANGED when a file is no longer as the page saw it, WORKSPACE_BUSY while the job
   * runs
   */
  'review.decide': call(
    z.object({
      workspace: z.string(),
      decision: z.enum(['accept', 'reject']),
      targets: z.array(ReviewTarget).min(1).max(2000),
    }),
    ReviewView,
  ),
  /** the patch that waits at its gate, hunk by hunk; nothing of it is written yet */
  'review.proposed': call(z.object({ workspace: z.string() }), ReviewView),
  /** the waiting patch without these hunks; it still waits */
  'review.leave_out': call(
    z.object({
      workspace: z.string(),
      targets: z.array(z.object({ path: z.string(), hunks: z.array(z.string().max(64)).min(1) })).max(2000),
    }),
    ReviewView,
  ),
  /** takes a rejection back: the hunk is applied again */
  'review.restore': call(z.object({ workspace: z.string(), id: z.string() }), ReviewView),
} as const;
