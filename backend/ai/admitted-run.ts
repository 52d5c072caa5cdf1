// A run that was admitted: everything that had to be known before anything was recorded.
import type { StepPlan } from '../flows/recovery.ts';
import type { Admission } from './admit.ts';
import type { OpenFlowAttempt } from './attempts.ts';
import type { LiveRun } from './live-run.ts';
import type { CachedAnswer } from './response-cache.ts';

export interface AdmittedRun extends Admission {
  readonly live: LiveRun;
  /** goes on without a reader, and in another process when its own ends */
  readonly durable: boolean;
  /**
   * recorded with the run, in one commit; null where an earlier process had begun it, and where steps make their
   * prompts
   */
  readonly first: OpenFlowAttempt | null;
  /** the answer to the same question, given before */
  readonly known: CachedAnswer | null;
  readonly cacheKey: string | null;
  /** an answer was paid, and its process died before the run was over: the account pays for no second one */
  readonly paid: boolean;
  /** what steps do that an earlier attempt has met; null: all of them are new */
  readonly recovery: StepPlan | null;
}
