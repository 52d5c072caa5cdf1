// Whose the files are that the job means to write, where that matters: files that exist.
import { useTranslation } from 'react-i18next';
import type { FileOwner } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { openFile } from '../../workbench/dock-store.ts';

/** By path; empty until they are known. */
export function useOwners(files: readonly string[]): ReadonlyMap<string, FileOwner> {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const owners = useCall('job.owners', files.length === 0 ? null : { workspace, paths: [...files] }).data?.owners;
  return new Map((owners ?? []).map((one) => [one.path, one]));
}

export function OwnerChip({ owner }: { readonly owner: FileOwner | undefined }) {
  const { t } = useTranslation();
  if (owner === undefined) return null;
  if (owner.owner === 'nobody') return <Chip tone="muted">{t('owner.new')}</Chip>;
  if (owner.owner === 'genrtl') return <Chip tone="muted">{t('owner.genrtl')}</Chip>;
  const git = owner.tracked === true ? t('owner.tracked') : owner.tracked === false ? t('owner.untracked') : '';
  return (
    <Chip tone="warning" title={t('owner.note')}>
      {t('owner.yours')}
      {git === '' ? '' : ` · ${git}`}
    </Chip>
  );
}

/** The person's files among those that the job would change, said before anything else. */
export function YourFiles({ files }: { readonly files: readonly string[] }) {
  const { t } = useTranslation();
  const owners = useOwners(files);
  const yours = files.filter((file) => owners.get(file)?.owner === 'person');
  if (yours.length === 0) return null;
  return (
    <div className="your-files" role="alert">
      <p>{t('owner.replaces', { count: yours.length })}</p>
      <ul>
        {yours.map((file) => (
          <li key={file}>
            <button type="button" className="link path" title={file} onClick={() => openFile(file)}>
              <PathText className="mono" path={file} />
            </button>
            <OwnerChip owner={owners.get(file)} />
          </li>
        ))}
      </ul>
    </div>
  );
}
