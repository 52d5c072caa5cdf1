// The colour of a run's status, the same wherever it is shown.
import type { SkillRunView } from '@genrtl/contracts/skill-views.ts';
import type { Tone } from '@genrtl/ui/controls.tsx';

export const STATUS_TONES: Readonly<Record<SkillRunView['status'], Tone>> = {
  RUNNING: 'live',
  WAITING_SELECTION: 'warning',
  DONE: 'ok',
  FAIL: 'error',
};
