// The patch that waits at the gate, before anything of it is written.
import { useTranslation } from 'react-i18next';
import { ChevronLeft } from 'lucide-react';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { DiffText } from '../agent/step-details.tsx';

export function ProposedPatch({ stepId, onBack }: { readonly stepId: string; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const returns = useJob((store) =>
    store.state?.error?.code === 'REJECTED_CHANGE_RETURNS' ? store.state.error.message : null,
  );
  const { data, error } = useCall('job.run', { workspace, step_id: stepId });
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
      <div className="proposed">
        {error !== null ? (
          <ErrorNote error={error} />
        ) : data === undefined ? (
          <Spinner label={t('ui.loading')} />
        ) : (
          <DiffText text={data.patch ?? ''} />
        )}
      </div>
    </div>
  );
}
