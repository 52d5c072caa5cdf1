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
  /** takes a rejection back: the hunk is applied again */
  'review.restore': call(z.object({ workspace: z.string(), id: z.string() }), ReviewView),
} as const;
