// The workspace's window: top bar, docked panels, status bar. Opens the workspace named by the route, again after each
// reconnect.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { ErrorBody } from '@genrtl/contracts';
import { errorBody } from '../../bridge/call-error.ts';
import { useLink } from '../../state/link-store.ts';
import { run } from '../../state/notice-store.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { useJobSignals } from '../agent/job-signals.ts';
import { DropZone } from '../start/drop-zone.tsx';
import { TakeSpec } from '../start/take-spec.tsx';
import { GitDialogs } from '../git/git-dialogs.tsx';
import { TopPicker } from '../checks/top-picker.tsx';
import { RenamePreview } from '../language/rename-preview.tsx';
import { restoreDrafts } from '../editor/drafts.ts';
import { openFile, useDock } from '../../workbench/dock-store.ts';
import { Dock } from './dock.tsx';
import { RoomRail } from './room-rail.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';

export function WorkspacePage() {
  const { t } = useTranslation();
  const [query] = useSearchParams();
  const path = query.get('path') ?? '';
  const spec = query.get('spec');
  const epoch = useLink((store) => store.epoch);
  const view = useWorkspace((store) => store.view);
  const [error, setError] = useState<ErrorBody | null>(null);
  const [dropped, setDropped] = useState<readonly File[] | null>(null);

  useEffect(() => {
    if (epoch === 0) return;
    const { open, setSpec } = useWorkspace.getState();
    open(path).then(
      (opened) => {
        setError(null);
        if (spec !== null && opened.job === null) setSpec(spec);
      },
      (failure: unknown) => {
        setError(errorBody(failure));
        // another workspace must not stay on the screen under this one's name
        useWorkspace.getState().close();
      },
    );
  }, [path, spec, epoch]);
  const dock = useDock((store) => store.api);
  const chosen = useWorkspace((store) => store.spec);
  const opened = view?.path ?? null;
  useEffect(() => {
    if (dock !== null && opened !== null) run(() => restoreDrafts(opened));
  }, [dock, opened]);
  useEffect(() => {
    // A fresh workspace shows its specification; one that was open before shows what was left open.
    if (dock === null || view === null || chosen === null || view.job !== null) return;
    const relative = relativePath(view.path, chosen);
    const nothingOpen = dock.panels.every((panel) => !panel.id.startsWith('file:'));
    if (relative !== null && nothingOpen && /\.(md|markdown|txt)$/i.test(relative)) openFile(relative);
  }, [dock, view, chosen]);
  useJobSignals();

  if (view === null) {
    return (
      <main className="boot">
        {error === null ? <Spinner label={t('shell.opening')} /> : <ErrorNote error={error} />}
        {error === null ? null : (
          <Button tone="primary" onClick={() => location.replace('#/')}>
            {t('shell.toStart')}
          </Button>
        )}
      </main>
    );
  }
  return (
    <DropZone onFiles={setDropped}>
      <div className="workbench">
        <TopBar />
        <div className="workbench-body">
          <RoomRail />
          <main className="workbench-dock">
            <h1 className="visually-hidden">{view.name}</h1>
            <Dock key={view.path} workspace={view.path} />
          </main>
        </div>
        <StatusBar />
      </div>
      <RenamePreview />
      <TopPicker />
      <GitDialogs />
      {dropped === null ? null : <TakeSpec files={dropped} workspace={view.path} onClose={() => setDropped(null)} />}
    </DropZone>
  );
}
