// Picks a folder on the machine where genRTL runs; one picker for the desktop and for a browser far away.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ArrowUp, CircuitBoard, Folder } from 'lucide-react';
import type { ErrorBody } from '@genrtl/contracts';
import type { FolderView } from '@genrtl/contracts/workspace.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { Button, ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';

export function FolderPicker({
  onClose,
  onPick,
}: {
  readonly onClose: () => void;
  readonly onPick: (path: string) => void;
}) {
  const { t } = useTranslation();
  const [view, setView] = useState<FolderView | null>(null);
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<ErrorBody | null>(null);
  const go = (path: string | null): void => {
    bridge.call('app.folders', { path }).then(
      (folder) => {
        setView(folder);
        setTyped(folder.path);
        setError(null);
      },
      (failure: unknown) => setError(errorBody(failure)),
    );
  };
  useEffect(() => go(null), []);
  return (
    <Dialog
      title={t('start.openFolder')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button tone="primary" disabled={view === null} onClick={() => onPick(typed)}>
            {t('start.openThis')}
          </Button>
        </>
      }
    >
      <form
        className="picker-path"
        onSubmit={(event) => {
          event.preventDefault();
          go(typed);
        }}
      >
        <IconButton
          label={t('start.parentFolder')}
          icon={ArrowUp}
          disabled={view?.parent == null}
          onClick={() => go(view?.parent ?? null)}
        />
        <input
          aria-label={t('start.folderPath')}
          value={typed}
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
      {error === null ? null : <ErrorNote error={error} />}
      <ul className="picker-list">
        {view?.folders.map((folder) => (
          <li key={folder.path}>
            <button type="button" className="picker-row" onClick={() => go(folder.path)}>
              {folder.workspace ? <CircuitBoard size={15} aria-hidden /> : <Folder size={15} aria-hidden />}
              <span className="path">{folder.name}</span>
              {folder.workspace ? <span className="muted">{t('start.isWorkspace')}</span> : null}
            </button>
          </li>
        ))}
        {view?.folders.length === 0 ? <li className="muted picker-row">{t('start.noFolders')}</li> : null}
      </ul>
    </Dialog>
  );
}
