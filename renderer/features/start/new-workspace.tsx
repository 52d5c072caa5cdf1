// A specification was dropped with no workspace open: asks where the new workspace goes, then imports it there.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Button, ErrorNote } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { importSpecs } from './import-spec.ts';

interface NewWorkspaceProps {
  readonly files: readonly File[];
  readonly onClose: () => void;
  readonly onReady: (workspace: string, spec: string) => void;
}

const folderName = (file: string): string => file.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}_-]+/gu, '_').replace(/^_+|_+$/g, '') || 'design';

export function NewWorkspace({ files, onClose, onReady }: NewWorkspaceProps) {
  const { t } = useTranslation();
  const home = useSettings((store) => store.info?.home ?? '');
  const [path, setPath] = useState(`${home}/workspaces/${folderName(files[0]?.name ?? '')}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  const create = async (): Promise<void> => {
    setBusy(true);
    try {
      const view = await bridge.call('workspace.create', { path });
      const [spec] = await importSpecs(view.path, files);
      if (spec !== undefined) onReady(view.path, spec.path);
    } catch (failure) {
      setError(errorBody(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('start.newWorkspace')} size="small" onClose={onClose}
      footer={<><Button onClick={onClose}>{t('ui.cancel')}</Button><Button tone="primary" type="submit" disabled={busy || path === ''} onClick={() => void create()}>{t('start.create')}</Button></>}
    >
      <ul className="file-list">{files.map((file) => <li key={file.name}><span className="path">{file.name}</span><span className="muted">{formatBytes(file.size)}</span></li>)}</ul>
      <label className="field"><span>{t('start.workspaceFolder')}</span><input value={path} spellCheck={false} onChange={(event) => setPath(event.target.value)} /></label>
      <p className="muted">{t('start.newWorkspaceNote')}</p>
      {error === null ? null : <ErrorNote error={error} />}
    </Dialog>
  );
}
