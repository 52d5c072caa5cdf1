// The steps as they ran, in chapters: preparing, packages, writing, checking, and one chapter for each repair turn. They
// are one stop of the Tab key; arrows go from step to step.
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobState } from '@genrtl/contracts';
import { treeKeyMove } from '@genrtl/ui/tree-keys.ts';
import { chaptersOf, type ChapterView } from './chapters.ts';
import { RepairTurn } from './repair-turn.tsx';
import { StepRow, opens } from './step-row.tsx';

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

function goBetween(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLElement) || !target.matches('.step-row')) return;
  const rows = [...currentTarget.querySelectorAll<HTMLElement>('.step-row:not(:disabled)')];
  const move = treeKeyMove(
    event.key,
    rows.map(() => ({ level: 1, open: null })),
    rows.indexOf(target),
    rows.length,
  );
  // Enter and the space bar are the button's own
  if (move === null || typeof move === 'string') return;
  event.preventDefault();
  rows[move.go]?.focus();
}

export function StepList({ job, live }: { readonly job: JobState; readonly live: boolean }) {
  const { t } = useTranslation();
  const chapters = chaptersOf(job.steps);
  const [visited, setVisited] = useState<string | null>(null);
  const able = job.steps.filter(opens);
  const stop = able.find(({ step_id: id }) => id === visited) ?? able.at(-1);
  return (
    <section className="steps" aria-label={t('agent.steps')} onKeyDown={goBetween}>
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
              <StepRow
                key={step.step_id}
                step={step}
                live={live}
                stop={step === stop}
                onFocus={() => setVisited(step.step_id)}
              />
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
