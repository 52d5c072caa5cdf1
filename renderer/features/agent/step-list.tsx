// The steps as they ran, in chapters: preparing, packages, writing, checking, and one chapter for each repair turn.
import { useTranslation } from 'react-i18next';
import type { JobState } from '@genrtl/contracts';
import { chaptersOf, type ChapterView } from './chapters.ts';
import { RepairTurn } from './repair-turn.tsx';
import { StepRow } from './step-row.tsx';

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
