// The points at which a test may end the backend, typed.
import * as death from '@genrtl/disk/die-at.ts';

export type DeathPoint =
  | 'migration'
  | 'after_run_recorded'
  | 'before_phase'
  | 'after_phase'
  | 'after_attempt_recorded'
  | 'during_model_call'
  | 'after_model_answer'
  | 'before_settle'
  | 'after_settle'
  | 'before_result'
  | 'after_result'
  | 'after_slice_taken'
  | 'after_run_begun'
  | 'before_run_ended'
  | 'after_run_ended'
  | 'after_export_sent'
  | 'checkout_before_commit'
  | 'checkout_after_commit'
  | 'reversal_before_commit';

/** Ends the process when `GENRTL_TEST_DIE_AT=<point>[:n]` names this point. */
export const dieAt = (point: DeathPoint): void => death.dieAt(point);

/** The same, in the middle of some work. */
export const dieDuring = (point: DeathPoint, work: Promise<unknown>): Promise<void> => death.dieDuring(point, work);
