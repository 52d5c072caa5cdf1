// Goes back to a step with a word on what should be different.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RotateCcw } from 'lucide-react';
import type { StepRecord } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';

const RETRYABLE: ReadonlySet<StepRecord['step']> = new Set([
  'plan',
  'approve_plan',
  'cbb_resolve',
  'implement',
  'lint',
  'sim',
  'acceptance',
  'strength',
  'repair',
]);
/** Steps whose author is a model: a note tells it what to do differently. */
const WRITTEN: ReadonlySet<StepRecord['step']> = new Set(['plan', 'implement', 'repair']);

export const canRetry = (step: StepRecord): boolean => RETRYABLE.has(step.step);

interface SendBackProps {
  readonly step: StepRecord;
  readonly label: string;
}

export function SendBack({ step, label }: SendBackProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [asking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const go = (): void => {
    setAsking(false);
    run(() =>
      bridge.call('job.retry', { workspace, step_id: step.step_id, note: note.trim() === '' ? null : note.trim() }),
    );
  };
  return (
    <>
      <Button icon={RotateCcw} onClick={() => setAsking(true)}>
        {label}
      </Button>
      {asking ? (
        <Dialog
          title={t('retry.title', { step: t(`steps.${step.step}`) })}
          size="small"
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t('ui.cancel')}</Button>
              <Button tone="primary" icon={RotateCcw} onClick={go}>
                {t('retry.go')}
              </Button>
            </>
          }
        >
          <p>{t('retry.text')}</p>
          {WRITTEN.has(step.step) ? (
            <label className="field">
              <span>{t('retry.note')}</span>
              <textarea rows={3} maxLength={4000} value={note} onChange={(event) => setNote(event.target.value)} />
            </label>
          ) : null}
        </Dialog>
      ) : null}
    </>
  );
}
