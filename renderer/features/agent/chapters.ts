// A job's steps in chapters: preparing, packages, writing, checking, and one for each repair turn.
import type { StepRecord } from '@genrtl/contracts';
import { traitsOf, type StepTraits } from '@genrtl/contracts/steps.ts';

type Chapter = StepTraits['lane'] | 'repair';

export interface ChapterView {
  readonly key: string;
  readonly chapter: Chapter;
  /** counted from 1 for repair turns, else 0 */
  readonly turn: number;
  readonly steps: StepRecord[];
}

/** A chapter is a lane; what a repair turn writes and checks belongs to the turn. */
export function chaptersOf(steps: readonly StepRecord[]): ChapterView[] {
  const chapters: ChapterView[] = [];
  let turn = 0;
  for (const step of steps) {
    const current = chapters.at(-1);
    const { lane, opensLane } = traitsOf(step.step);
    const inTurn = current?.chapter === 'repair' && opensLane !== true && (lane === 'write' || lane === 'check');
    const wanted: Chapter = step.step === 'repair' || inTurn ? 'repair' : lane;
    if (current === undefined || step.step === 'repair' || wanted !== current.chapter) {
      if (wanted === 'repair') turn += 1;
      chapters.push({ key: step.step_id, chapter: wanted, turn: wanted === 'repair' ? turn : 0, steps: [step] });
    } else current.steps.push(step);
  }
  return chapters;
}
