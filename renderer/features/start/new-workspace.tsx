// A specification was dropped with no workspace open: shows what was read, asks where the new workspace goes, then
// imports it there.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useSettings } from '../../state/settings-store.ts';
import { importSpecs } from './import-spec.ts';
import { SpecReview } from './spec-review.tsx';

interface NewWorkspaceProps {
  readonly files: readonly File[];
  readonly onClose: () => void;
  readonly onReady: (workspace: string, spec: string) => void;
}

const folderName = (file: string): string =>
  file
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N}_-]+/gu, '_')
    .replace(/^_+|_+$/g, '') || 'design';

export function NewWorkspace({ files, onClose, onReady }: NewWorkspaceProps) {
  const { t } = useTranslation();
  const home = useSettings((store) => store.info?.home ?? '');
  const [path, setPath] = useState(`${home}/workspaces/${folderName(files[0]?.name ?? '')}`);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  const create = async (taken: readonly File[]): Promise<void> => {
    setBusy(true);
    try {
      const view = await bridge.call('workspace.create', { path });
      const [spec] = await importSpecs(view.path, taken);
      if (spec !== undefined) onReady(view.path, spec.path);
    } catch (failure) {
      setError(errorBody(failure));
      setBusy(false);
    }
  };
  return (
    <SpecReview
      files={files}
      title={t('start.newWorkspace')}
      action={t('start.create')}
      busy={busy || path === ''}
      error={error}
      onClose={onClose}
      onTake={(taken) => void create(taken)}
    >
      <label className="field">
        <span>
          {t('start.workspaceFolder')} · {t('start.newWorkspaceNote')}
        </span>
        <input value={path} spellCheck={false} onChange={(event) => setPath(event.target.value)} />
      </label>
    </SpecReview>
  );
}
