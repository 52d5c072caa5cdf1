// What the explorer's menu offers for what it was opened on.
import i18next from 'i18next';
import type { FileNode } from '@genrtl/contracts/workspace.ts';
import { specFormat } from '@genrtl/contracts/spec-formats.ts';
import type { MenuItem } from '@genrtl/ui/context-menu.tsx';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { openFile, showPanel } from '../../workbench/dock-store.ts';
import { gitMenu } from '../git/git-menu.ts';
import { duplicatePath } from './file-actions.ts';

export type Asking = 'file' | 'folder' | 'rename' | 'move' | 'trash';

interface MenuOf {
  readonly workspace: string;
  /** null: the workspace itself */
  readonly entry: FileNode | null;
  /** more than one is marked */
  readonly several: readonly string[];
  readonly taken: (path: string) => boolean;
  readonly ask: (asking: Asking) => void;
}

const copy = (text: string): void => run(() => navigator.clipboard.writeText(text));

export function menuGroups({ workspace, entry, several, taken, ask }: MenuOf): MenuItem[][] {
  const paths = several.length > 1 ? several : entry === null ? [] : [entry.path];
  const free = entry !== null && !entry.locked;
  const one = entry !== null && several.length < 2;
  const file = one && entry.kind === 'file';
  const spec = file && specFormat(entry.path) !== undefined;
  return [
    [
      ...(file ? [{ label: i18next.t('explorer.openFile'), run: () => openFile(entry.path) }] : []),
      ...(spec
        ? [
            {
              label: i18next.t('explorer.useAsSpec'),
              run: () => {
                useWorkspace.getState().setSpec(`${workspace}/${entry.path}`);
                showPanel('agent');
              },
            },
          ]
        : []),
    ],
    [
      { label: i18next.t('explorer.newFile'), run: () => ask('file') },
      { label: i18next.t('explorer.newFolder'), run: () => ask('folder') },
    ],
    paths.length === 0
      ? []
      : [
          {
            label: i18next.t('explorer.copyPath'),
            run: () => copy(paths.map((path) => `${workspace}/${path}`).join('\n')),
          },
          { label: i18next.t('explorer.copyRelative'), run: () => copy(paths.join('\n')) },
        ],
    gitMenu(paths, file),
    entry === null
      ? []
      : [
          {
            label: i18next.t('explorer.duplicate'),
            disabled: !free || !one,
            run: () => run(() => duplicatePath(workspace, entry.path, taken)),
          },
          { label: i18next.t('explorer.rename'), key: 'F2', disabled: !free || !one, run: () => ask('rename') },
          { label: i18next.t('explorer.move'), disabled: !free, run: () => ask('move') },
          { label: i18next.t('explorer.trash'), key: 'Del', disabled: !free, danger: true, run: () => ask('trash') },
        ],
  ];
}
