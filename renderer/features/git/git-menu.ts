// What the explorer's menu offers of git for the paths that it was opened on.
import i18next from 'i18next';
import type { MenuItem } from '@genrtl/ui/context-menu.tsx';
import { answers } from '../../bridge/answers.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import type { GitView } from '@genrtl/contracts/git.ts';
import { compare, stage } from './git-actions.ts';
import { useGitStore } from './git-store.ts';
import { marksOf } from './marks.ts';

/** `file`: it is one file. Nothing without a repository. */
export function gitMenu(paths: readonly string[], file: boolean): MenuItem[] {
  const workspace = useWorkspace.getState().view?.path;
  const view = answers.getQueryData<GitView>(['git.status', { workspace }]);
  const [path] = paths;
  if (view?.state !== 'repository' || path === undefined) return [];
  const { ask } = useGitStore.getState();
  const marks = marksOf(view.entries);
  const changed = paths.some((one) => marks(one) !== null);
  const one = paths.length === 1 && file;
  return [
    ...(one
      ? [
          {
            label: i18next.t('git.compareHead'),
            disabled: !changed,
            run: () => compare({ path, from: 'head', to: 'disk' }),
          },
          { label: i18next.t('git.history'), run: () => ask({ kind: 'history', path }) },
        ]
      : []),
    { label: i18next.t('git.stage'), disabled: !changed, run: () => run(() => stage(paths)) },
    {
      label: i18next.t('git.discard'),
      disabled: !changed,
      danger: true,
      run: () => ask({ kind: 'discard', paths }),
    },
  ];
}
