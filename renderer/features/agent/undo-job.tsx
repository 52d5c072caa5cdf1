// Undo of the whole job: asked first, and asked again by name when files were edited since.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Undo2 } from 'lucide-react';
import type { JobState } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { showError, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';

const editedFiles = (details: Record<string, unknown> | undefined): string[] => {
  const files = details?.['files'];
  return Array.isArray(files) ? files.filter((file): file is string => typeof file === 'string') : [];
};

/** Offered once the job has written something, and not again after it was undone. */
export function UndoJob({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const wrote =
    job.steps.some((step) => step.step === 'apply' && step.status === 'ok') || job.facts.files !== undefined;
  return (
    <>
      {/* where the command finds it */}
      <span data-undo-job style={{ display: 'contents' }}>
        <IconButton
          label={t('agent.undo')}
          icon={Undo2}
          disabled={job.status === 'undone' || !wrote}
          onClick={() => setAsking(true)}
        />
      </span>
      {asking ? <UndoDialog jobId={job.job_id} onClose={() => setAsking(false)} /> : null}
    </>
  );
}

export function UndoDialog({ jobId, onClose }: { readonly jobId: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [edited, setEdited] = useState<readonly string[]>([]);
  const undo = (): void => {
    bridge
      .call('job.undo', { workspace, force: edited.length > 0, job_id: jobId })
      .then(async ({ restored }) => {
        onClose();
        useNotices.getState().add({ tone: 'success', text: t('agent.undone', { count: restored.length }) });
        await useWorkspace.getState().open(workspace);
      })
      .catch((failure: unknown) => {
        const body = errorBody(failure);
        const files = editedFiles(body.details);
        if (body.code === 'FILE_CHANGED' && files.length > 0) {
          setEdited(files);
          return;
        }
        onClose();
        showError(failure);
      });
  };
  return (
    <Dialog
      title={t('agent.undo')}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button tone="danger" onClick={undo}>
            {t(edited.length > 0 ? 'agent.undoForce' : 'agent.undo')}
          </Button>
        </>
      }
    >
      <p>{t(edited.length > 0 ? 'agent.undoEdited' : 'agent.undoAsk')}</p>
      {edited.length === 0 ? null : (
        <ul>
          {edited.map((file) => (
            <li key={file} className="mono">
              {file}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
