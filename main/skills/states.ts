// The job's states and the only transitions between them, as one table. Handlers return outcomes; they never pick a
// successor.
import type { SkillState } from '@genrtl/contracts/skill-run.ts';

/** `pause` leaves the job in its state with manifest status WAITING_SELECTION; every thrown fault leads to FAIL. */
export type StateOutcome = 'ok' | 'pause';

type ActiveState = Exclude<SkillState, 'DONE' | 'FAIL'>;

export const TRANSITIONS: Readonly<Record<ActiveState, SkillState>> = {
  INIT: 'PREPARE_RUNDIR',
  PREPARE_RUNDIR: 'LOCATE_DB',
  LOCATE_DB: 'START_SESSION',
  START_SESSION: 'RESTORE_DB',
  RESTORE_DB: 'RUN_SKILL',
  RUN_SKILL: 'VALIDATE_OUTPUTS',
  VALIDATE_OUTPUTS: 'SUMMARIZE',
  SUMMARIZE: 'DONE',
};

export function isActive(state: SkillState): state is ActiveState {
  return Object.hasOwn(TRANSITIONS, state);
}
