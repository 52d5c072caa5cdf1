// The steps as they ran, in chapters: preparing, packages, writing, checking, and one chapter for each repair turn.
import { useTranslation } from 'react-i18next';
import type { JobState, StepName, StepRecord } from '@genrtl/contracts';
import { RepairTurn } from './repair-turn.tsx';
import { StepRow } from './step-row.tsx';

type Chapter = 'plan' | 'packages' | 'write' | 'check' | 'repair';

const CHAPTERS: Readonly<Record<StepName, Chapter | null>> = {
  import: 'plan',
  plan: 'plan',
  interface_check: 'plan',
  approve_plan: 'plan',
  cbb_resolve: 'packages',
  approve_purchase: 'packages',
  cbb_checkout: 'packages',
  cbb_deliver: 'packages',
  cbb_install: 'packages',
  implement: 'write',
  approve_patch: null,
  apply: null,
  lint: null,
  sim: null,
  acceptance: null,
  strength: 'check',
  repair: 'repair',
};

export interface ChapterView {
  readonly key: string;
  readonly chapter: Chapter;
  /** counted from 1 for repair turns, else 0 */
  readonly turn: number;
  readonly steps: StepRecord[];
}

/** Steps between two chapter heads belong to the chapter before; tool steps after writing open "check". */
export function chaptersOf(steps: readonly StepRecord[]): ChapterView[] {
  const chapters: ChapterView[] = [];
  let turn = 0;
  for (const step of steps) {
    const current = chapters.at(-1);
    const named = CHAPTERS[step.step];
    const wanted: Chapter =
      named ??
      (current?.chapter === 'repair'
        ? 'repair'
        : step.step === 'lint' || step.step === 'sim' || step.step === 'acceptance'
          ? 'check'
          : (current?.chapter ?? 'write'));
    if (current === undefined || step.step === 'repair' || wanted !== current.chapter) {
      if (wanted === 'repair') turn += 1;
      chapters.push({ key: step.step_id, chapter: wanted, turn: wanted === 'repair' ? turn : 0, steps: [step] });
    } else current.steps.push(step);
  }
  return chapters;
}

/** The step that failed before this turn, and the repair that answered it. */
function Turn({ job, chapter }: { readonly job: JobState; readonly chapter: ChapterView }) {
  const [repair] = chapter.steps;
  if (repair === undefined || repair.status === 'running') return null;
  const failed =
    job.steps
      .slice(0, job.steps.indexOf(repair))
      .findLast((step) => step.status === 'failed' && step.step !== 'apply') ?? null;
  return <RepairTurn step={repair} failed={failed} />;
}

export function StepList({ job, live }: { readonly job: JobState; readonly live: boolean }) {
  const { t } = useTranslation();
  const chapters = chaptersOf(job.steps);
  return (
    <section className="steps" aria-label={t('agent.steps')}>
      {chapters.map((chapter) => (
        <div key={chapter.key} className="chapter">
          <h3>
            {chapter.chapter === 'repair'
              ? chapter.turn > job.settings.max_repairs
                ? t('chapter.repairMore', { turn: chapter.turn })
                : t('chapter.repair', { turn: chapter.turn, limit: job.settings.max_repairs })
              : t(`chapter.${chapter.chapter}`)}
          </h3>
          {chapter.chapter === 'repair' ? <Turn job={job} chapter={chapter} /> : null}
          <ol>
            {chapter.steps.map((step) => (
              <StepRow key={step.step_id} step={step} live={live} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
