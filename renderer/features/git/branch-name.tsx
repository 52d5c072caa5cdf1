// The branch in the status bar; leads to another one.
import { useTranslation } from 'react-i18next';
import { GitBranch } from 'lucide-react';
import { useGitStore } from './git-store.ts';
import { useRepository } from './use-git.ts';

export function BranchName() {
  const { t } = useTranslation();
  const view = useRepository();
  const ask = useGitStore((store) => store.ask);
  if (view === null) return null;
  return (
    <button type="button" title={t('commands.gitSwitch')} onClick={() => ask({ kind: 'branch' })}>
      <GitBranch size={12} aria-hidden />
      <span className="git-status-branch">
        {view.branch ?? t('git.detached', { commit: view.commit?.slice(0, 10) ?? '' })}
      </span>
      {view.entries.length === 0 ? null : '*'}
    </button>
  );
}
