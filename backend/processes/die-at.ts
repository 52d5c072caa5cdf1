// Fault injection for the kill tests: a named point at which the process ends as if by kill -9. Inert without its
// variable.

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
  | 'checkout_before_commit'
  | 'checkout_after_commit'
  | 'reversal_before_commit';

const VARIABLE = 'GENRTL_TEST_DIE_AT';
const passes = new Map<string, number>();

/**
 * Ends the process with SIGKILL when `GENRTL_TEST_DIE_AT=<point>[:n]` names this point, at its n-th pass (default 1).
 */
export function dieAt(point: DeathPoint): void {
  const setting = process.env[VARIABLE];
  if (setting === undefined) return;
  const [name, pass = '1'] = setting.split(':');
  if (name !== point) return;
  const count = (passes.get(point) ?? 0) + 1;
  passes.set(point, count);
  if (count === Number(pass)) process.kill(process.pid, 'SIGKILL');
}

/** The same, in the middle of some work: waits until the work has had time to begin. */
export async function dieDuring(point: DeathPoint, work: Promise<unknown>): Promise<void> {
  if (process.env[VARIABLE]?.split(':')[0] !== point) return;
  await Promise.race([work.catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 100))]);
  dieAt(point);
}
