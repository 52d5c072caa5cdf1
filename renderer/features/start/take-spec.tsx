// Files dropped on an open workspace: shown as they were read, then taken as the specification of the next job.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@genrtl/contracts';
import { errorBody } from '../../bridge/call-error.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { openFile, openPanel } from '../../workbench/dock-store.ts';
import { importSpecs } from './import-spec.ts';
import { SpecReview } from './spec-review.tsx';

export function TakeSpec({
  files,
  workspace,
  onClose,
}: {
  readonly files: readonly File[];
  readonly workspace: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  const take = async (taken: readonly File[]): Promise<void> => {
    setBusy(true);
    try {
      const [first] = await importSpecs(workspace, taken);
      if (first !== undefined) {
        useWorkspace.getState().setSpec(first.path);
        openPanel('agent');
        const relative = relativePath(workspace, first.path);
        if (relative !== null && /\.(md|markdown|txt)$/i.test(relative)) openFile(relative);
      }
      onClose();
    } catch (failure) {
      setError(errorBody(failure));
      setBusy(false);
    }
  };
  return (
    <SpecReview
      files={files}
      title={t('specReview.title')}
      action={t('specReview.take')}
      busy={busy}
      error={error}
      onClose={onClose}
      onTake={(taken) => void take(taken)}
    />
  );
}
