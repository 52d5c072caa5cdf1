// Goes back to a step with a word on what should be different.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RotateCcw } from 'lucide-react';
import { traitsOf } from '@genrtl/contracts/steps.ts';
import type { StepRecord } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';

export const canRetry = (step: StepRecord): boolean => traitsOf(step.step).retryable === true;

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
          {traitsOf(step.step).writtenByModel === true ? (
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
