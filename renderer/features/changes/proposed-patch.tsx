// The patch that waits at the gate, before anything of it is written.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronLeft } from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import { showError } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { DiffText } from '../agent/step-details.tsx';

export function ProposedPatch({ stepId, onBack }: { readonly stepId: string; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const returns = useJob((store) =>
    store.state?.error?.code === 'REJECTED_CHANGE_RETURNS' ? store.state.error.message : null,
  );
  const [patch, setPatch] = useState<string | null>(null);
  useEffect(() => {
    bridge.call('job.run', { workspace, step_id: stepId }).then((found) => setPatch(found.patch ?? ''), showError);
  }, [workspace, stepId]);
  return (
    <div className="changes">
      <div className="panel-tools">
        <IconButton label={t('ui.back')} icon={ChevronLeft} onClick={onBack} />
        <h3>{t('changes.proposed')}</h3>
      </div>
      {returns === null ? null : (
        <p className="review-note review-note-warning" role="status">
          {returns}
        </p>
      )}
      <div className="proposed">{patch === null ? <Spinner label={t('ui.loading')} /> : <DiffText text={patch} />}</div>
    </div>
  );
}
