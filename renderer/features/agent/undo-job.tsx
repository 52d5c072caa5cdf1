// Undo of the whole job: asked first, and asked again by name when files were edited since.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Undo2 } from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { showError, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';

const editedFiles = (details: Record<string, unknown> | undefined): string[] => {
  const files = details?.['files'];
  return Array.isArray(files) ? files.filter((file): file is string => typeof file === 'string') : [];
};

export function UndoJob({ disabled = false }: { readonly disabled?: boolean }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [asking, setAsking] = useState(false);
  const [edited, setEdited] = useState<readonly string[]>([]);
  const close = (): void => {
    setAsking(false);
    setEdited([]);
  };
  const undo = (): void => {
    bridge
      .call('job.undo', { workspace, force: edited.length > 0 })
      .then(async ({ restored }) => {
        close();
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
        close();
        showError(failure);
      });
  };
  return (
    <>
      <Button icon={Undo2} disabled={disabled} onClick={() => setAsking(true)}>
        {t('agent.undo')}
      </Button>
      {asking ? (
        <Dialog
          title={t('agent.undo')}
          size="small"
          onClose={close}
          footer={
            <>
              <Button onClick={close}>{t('ui.cancel')}</Button>
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
      ) : null}
    </>
  );
}
