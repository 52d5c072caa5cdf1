// Head of the review: how much waits for a decision, decisions for all, undo of the whole job, and what rejecting
// leaves unverified.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckCheck, FileDiff, RefreshCw, RotateCcw, X } from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { UndoJob } from '../agent/undo-job.tsx';
import type { Review } from './use-review.ts';

export function ReviewBar({
  review,
  running,
  onProposed,
}: {
  readonly review: Review;
  readonly running: boolean;
  readonly onProposed?: () => void;
}) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const job = useJob((store) => store.state);
  const files = review.view?.files ?? [];
  const hunks = files.flatMap((file) => file.hunks);
  const open = hunks.filter((hunk) => hunk.status === 'open').length;
  const returned = hunks.filter((hunk) => hunk.status === 'returned').length;
  const locked = running || review.busy || hunks.length === 0;
  return (
    <>
      <div className="panel-tools review-bar">
        <span className="panel-tools-title path" title={t('changes.keys')}>
          {hunks.length === 0
            ? t('panels.changes')
            : `${t('changes.files', { count: files.length })} · ${open === 0 ? t('changes.allDecided') : t('changes.openCount', { count: open })}`}
        </span>
        {onProposed === undefined ? null : (
          <Button icon={FileDiff} onClick={onProposed}>
            {t('gate.patch.look')}
          </Button>
        )}
        <Button
          icon={CheckCheck}
          disabled={locked || open + returned === 0}
          onClick={() =>
            review.decide(
              'accept',
              files.map((file) => ({ file })),
            )
          }
        >
          {t('changes.acceptAll')}
        </Button>
        <Button icon={X} disabled={locked} onClick={() => setAsking(true)}>
          {t('changes.rejectAll')}
        </Button>
        {running || job === null ? null : <UndoJob job={job} />}
        <IconButton label={t('explorer.refresh')} icon={RefreshCw} onClick={review.reload} />
      </div>
      {running ? <p className="review-note">{t('changes.running')}</p> : null}
      {returned === 0 ? null : (
        <p className="review-note review-note-warning" role="status">
          {t('changes.returnedCount', { count: returned })}
        </p>
      )}
      <Unverified review={review} running={running} />
      {asking ? (
        <Dialog
          title={t('changes.rejectAll')}
          size="small"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
              <Button
                tone="danger"
                onClick={() => {
                  setAsking(false);
                  review.decide(
                    'reject',
                    files.map((file) => ({ file })),
                  );
                }}
              >
                {t('changes.rejectAll')}
              </Button>
            </>
          }
        >
          <p>{t('changes.rejectAllAsk', { count: hunks.length })}</p>
        </Dialog>
      ) : null}
    </>
  );
}

/** A result speaks of the files that were checked: what was rejected since then is not covered by it. */
function Unverified({ review, running }: { readonly review: Review; readonly running: boolean }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const job = useJob((store) => store.state);
  const lint = job?.steps.findLast((step) => step.step === 'lint');
  const checked = job?.steps.findLast((step) => step.step === 'sim' && step.status === 'ok')?.started_at;
  const since =
    review.view?.rejected.some((hunk) => hunk.job_id === job?.job_id && checked !== undefined && hunk.at > checked) ??
    false;
  if (running || !since || lint === undefined || (review.view?.files.length ?? 0) === 0) return null;
  return (
    <p className="review-note">
      <span>{t('changes.unverified')}</span>
      <Button
        icon={RotateCcw}
        onClick={() => run(() => bridge.call('job.retry', { workspace, step_id: lint.step_id, note: null }))}
      >
        {t('changes.checkAgain')}
      </Button>
    </p>
  );
}
