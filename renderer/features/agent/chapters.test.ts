import { expect, test } from 'vitest';
import type { StepName, StepRecord } from '@genrtl/contracts';
import { chaptersOf } from './chapters.ts';

const steps = (...names: StepName[]): StepRecord[] =>
  names.map((step, at) => ({ step_id: `${step}_${at}`, step, status: 'ok' }) as StepRecord);

test('a chapter is a lane; what a repair turn writes and checks belongs to the turn', () => {
  const job = [
    ...steps('import', 'plan', 'approve_plan', 'cbb_resolve', 'cbb_install', 'implement', 'approve_patch', 'apply'),
    ...steps('lint', 'repair', 'approve_patch', 'apply', 'lint', 'sim', 'repair', 'apply', 'lint', 'sim', 'strength'),
  ];
  expect(chaptersOf(job).map(({ chapter, turn, steps: of }) => `${chapter} ${turn} ${of.length}`)).toEqual([
    'plan 0 3',
    'packages 0 2',
    'write 0 3',
    'check 0 1',
    'repair 1 5',
    'repair 2 4',
    'check 0 1',
  ]);
});

test('going back from a repair to writing or planning ends the turn', () => {
  expect(chaptersOf(steps('repair', 'lint', 'implement', 'apply', 'plan')).map(({ chapter }) => chapter)).toEqual([
    'repair',
    'write',
    'plan',
  ]);
});
