// The workspace's files as a tree; folders load when they open, vendor packages and records show a lock and stay as
// they are.
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FilePlus, FolderPlus, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import type { FileNode } from '@genrtl/contracts/workspace.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, IconButton } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { baseName } from '@genrtl/ui/format.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { ContextMenu } from '@genrtl/ui/context-menu.tsx';
import { menuGroups } from './explorer-menu.ts';
import type { Asking } from './explorer-menu.ts';
import { makeFile, makeFolder, movePaths, renamePath, trashPath } from './file-actions.ts';
import { joined, outermost, parentOf } from './file-tree.ts';
import { FolderTree } from './folder-tree.tsx';
import { FoundFiles } from './found-files.tsx';
import { NameDialog } from './name-dialog.tsx';
import { useReveal } from './reveal-store.ts';
import { useFolders } from './use-folders.ts';

export function ExplorerPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const { folders, has, load, refresh } = useFolders(workspace);
  const [query, setQuery] = useState('');
  const revealed = useReveal();
  useEffect(() => setQuery(''), [revealed]);
  const [chosen, setChosen] = useState<FileNode | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const openFolder = useCallback(
    (path: string): void => (has(path) ? undefined : run(() => load([path]))),
    [has, load],
  );
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [menu, setMenu] = useState<{ entry: FileNode | null; at: { x: number; y: number } } | null>(null);
  const several = marked.size > 1 ? [...marked] : [];
  const closeMenu = useCallback(() => setMenu(null), []);
  const free = chosen !== null && !chosen.locked;
  // what is new goes into the chosen folder, or beside the chosen file
  const target = chosen === null || chosen.locked ? '' : chosen.kind === 'file' ? parentOf(chosen.path) : chosen.path;

  return (
    <div
      className="explorer"
      onKeyDown={(event) => {
        if (!free || event.target instanceof HTMLInputElement) return;
        if (event.key === 'F2') setAsking('rename');
        else if (event.key === 'Delete') setAsking('trash');
        else return;
        event.preventDefault();
      }}
    >
      <div className="panel-tools explorer-tools">
        <IconButton label={t('explorer.newFile')} icon={FilePlus} onClick={() => setAsking('file')} />
        <IconButton label={t('explorer.newFolder')} icon={FolderPlus} onClick={() => setAsking('folder')} />
        <IconButton label={t('explorer.rename')} icon={Pencil} disabled={!free} onClick={() => setAsking('rename')} />
        <IconButton label={t('explorer.trash')} icon={Trash2} disabled={!free} onClick={() => setAsking('trash')} />
        <span className="status-space" />
        <IconButton label={t('explorer.refresh')} icon={RefreshCw} onClick={() => run(refresh)} />
      </div>
      <div className="explorer-filter">
        <input
          type="search"
          value={query}
          placeholder={t('explorer.filter')}
          aria-label={t('explorer.filter')}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {query.trim() === '' || workspace === null ? (
        <>
          {folders.get('')?.length === 0 ? <p className="muted panel-pad">{t('explorer.empty')}</p> : null}
          <FolderTree
            folders={folders}
            label={t('panels.explorer')}
            chosen={chosen?.path ?? null}
            open={open}
            setOpen={setOpen}
            revealed={revealed}
            marked={marked}
            onMark={setMarked}
            onMenu={(entry, at) => {
              setChosen(entry);
              setMenu({ entry, at });
            }}
            onMove={(paths, folder) => {
              setMarked(new Set());
              run(() => movePaths(workspace ?? '', paths, folder));
            }}
            onChoose={setChosen}
            onOpenFile={openFile}
            onOpenFolder={openFolder}
          />
        </>
      ) : (
        <FoundFiles workspace={workspace} query={query} />
      )}
      {menu === null || workspace === null ? null : (
        <ContextMenu
          label={t('explorer.menu')}
          at={menu.at}
          onClose={closeMenu}
          groups={menuGroups({
            workspace,
            entry: menu.entry,
            several,
            taken: (path) => (folders.get(parentOf(path)) ?? []).some((entry) => entry.path === path),
            ask: setAsking,
          })}
        />
      )}
      {asking === null || workspace === null ? null : (
        <Asked
          asking={asking}
          workspace={workspace}
          target={target}
          chosen={chosen}
          several={several}
          onClose={() => setAsking(null)}
          onDone={() => setMarked(new Set())}
        />
      )}
    </div>
  );
}

interface AskedProps {
  readonly asking: Asking;
  readonly workspace: string;
  readonly target: string;
  readonly chosen: FileNode | null;
  /** when several are marked, what is done is done to all of them */
  readonly several: readonly string[];
  readonly onClose: () => void;
  /** what was marked is not there any more */
  readonly onDone: () => void;
}

function Asked({ asking, workspace, target, chosen, several, onClose, onDone }: AskedProps) {
  const { t } = useTranslation();
  if (asking === 'file' || asking === 'folder') {
    const make = asking === 'file' ? makeFile : makeFolder;
    const title = t(asking === 'file' ? 'explorer.newFileIn' : 'explorer.newFolderIn', {
      folder: target === '' ? t('explorer.root') : target,
    });
    return (
      <NameDialog
        title={title}
        action={t('explorer.make')}
        initial=""
        onClose={onClose}
        onName={(name) => make(workspace, joined(target, name))}
      />
    );
  }
  if (chosen === null) return null;
  if (asking === 'rename') {
    return (
      <NameDialog
        title={t('explorer.renameTitle', { file: chosen.path })}
        action={t('explorer.rename')}
        initial={chosen.name}
        onClose={onClose}
        onName={(name) => renamePath(workspace, chosen.path, joined(parentOf(chosen.path), name))}
      />
    );
  }
  if (asking === 'move') {
    const paths = several.length > 1 ? several : [chosen.path];
    return (
      <NameDialog
        title={
          several.length > 1
            ? t('explorer.moveSeveral', { count: several.length })
            : t('explorer.moveTitle', { file: chosen.path })
        }
        label={t('explorer.folder')}
        action={t('explorer.moveHere')}
        initial={parentOf(chosen.path)}
        onClose={onClose}
        onName={async (folder) => {
          await movePaths(workspace, paths, folder === '.' ? '' : folder.replace(/^\.?\/+|\/+$/g, ''));
          onDone();
        }}
      />
    );
  }
  return (
    <Dialog
      title={
        several.length > 1
          ? t('explorer.trashSeveral', { count: several.length })
          : t('explorer.trashTitle', { file: baseName(chosen.path) })
      }
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            tone="danger"
            onClick={() => {
              onClose();
              run(async () => {
                for (const path of outermost(several.length > 1 ? several : [chosen.path]))
                  await trashPath(workspace, path);
                onDone();
              });
            }}
          >
            {t('explorer.trash')}
          </Button>
        </>
      }
    >
      <p>{t('explorer.trashNote')}</p>
    </Dialog>
  );
}
