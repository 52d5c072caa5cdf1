// The workspace's files as a tree; folders load when they open, vendor packages and records show a lock and stay as they are.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Tree } from 'react-arborist';
import type { NodeRendererProps } from 'react-arborist';
import { ChevronDown, ChevronRight, FileCode, FilePlus, FileText, Folder, FolderOpen, FolderPlus, Lock, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, IconButton } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { baseName } from '../../ui/format.ts';
import { useSize } from '../../ui/use-size.ts';
import { openFile } from '../workbench/dock-store.ts';
import { makeFile, makeFolder, renamePath, trashPath } from './file-actions.ts';
import { asTree, joined, parentOf } from './file-tree.ts';
import type { TreeNode } from './file-tree.ts';
import { FoundFiles } from './found-files.tsx';
import { NameDialog } from './name-dialog.tsx';
import { useFolders } from './use-folders.ts';
import './explorer.css';

const CODE = /\.(sv|svh|v|vh|vhd|vhdl|tcl|sh|f)$/i;
type Asking = 'file' | 'folder' | 'rename' | 'trash';

export function ExplorerPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const { folders, has, load, refresh } = useFolders(workspace);
  const { ref, width, height } = useSize<HTMLDivElement>();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<TreeNode | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const tree = useMemo(() => asTree(folders, ''), [folders]);
  const free = chosen !== null && !chosen.locked;
  // what is new goes into the chosen folder, or beside the chosen file
  const target = chosen === null || chosen.locked ? '' : chosen.children === null ? parentOf(chosen.id) : chosen.id;

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
      <div className="explorer-filter"><input type="search" value={query} placeholder={t('explorer.filter')} aria-label={t('explorer.filter')} onChange={(event) => setQuery(event.target.value)} /></div>
      {query.trim() === '' || workspace === null ? (
        <div ref={ref} className="explorer-tree">
          {folders.get('')?.length === 0 ? <p className="muted panel-pad">{t('explorer.empty')}</p> : null}
          <Tree<TreeNode>
            data={tree} width={width} height={height} rowHeight={24} indent={14} openByDefault={false}
            disableDrag disableDrop disableEdit disableMultiSelection
            onToggle={(id) => {
              if (!has(id)) run(() => load([id]));
            }}
            onSelect={([node]) => setChosen(node?.data ?? null)}
            onActivate={(node) => {
              if (node.isLeaf) openFile(node.id);
            }}
          >
            {FileRow}
          </Tree>
        </div>
      ) : <FoundFiles workspace={workspace} query={query} />}
      {asking === null || workspace === null ? null : <Asked asking={asking} workspace={workspace} target={target} chosen={chosen} onClose={() => setAsking(null)} />}
    </div>
  );
}

interface AskedProps {
  readonly asking: Asking;
  readonly workspace: string;
  readonly target: string;
  readonly chosen: TreeNode | null;
  readonly onClose: () => void;
}

function Asked({ asking, workspace, target, chosen, onClose }: AskedProps) {
  const { t } = useTranslation();
  if (asking === 'file' || asking === 'folder') {
    const make = asking === 'file' ? makeFile : makeFolder;
    const title = t(asking === 'file' ? 'explorer.newFileIn' : 'explorer.newFolderIn', { folder: target === '' ? t('explorer.root') : target });
    return <NameDialog title={title} action={t('explorer.make')} initial="" onClose={onClose} onName={(name) => make(workspace, joined(target, name))} />;
  }
  if (chosen === null) return null;
  if (asking === 'rename') {
    return <NameDialog title={t('explorer.renameTitle', { file: chosen.id })} action={t('explorer.rename')} initial={chosen.name} onClose={onClose} onName={(name) => renamePath(workspace, chosen.id, joined(parentOf(chosen.id), name))} />;
  }
  return (
    <Dialog
      title={t('explorer.trashTitle', { file: baseName(chosen.id) })} size="small" onClose={onClose}
      footer={<><Button onClick={onClose}>{t('ui.cancel')}</Button><Button tone="danger" onClick={() => {
        onClose();
        run(() => trashPath(workspace, chosen.id));
      }}>{t('explorer.trash')}</Button></>}
    >
      <p>{t('explorer.trashNote')}</p>
    </Dialog>
  );
}

function FileRow({ node, style }: NodeRendererProps<TreeNode>) {
  const { t } = useTranslation();
  const Glyph = node.isLeaf ? (CODE.test(node.data.name) ? FileCode : FileText) : node.isOpen ? FolderOpen : Folder;
  return (
    <div style={style} className={`tree-row${node.isSelected ? ' tree-row-selected' : ''}`} title={node.data.id} onClick={() => (node.isLeaf ? undefined : node.toggle())}>
      <span className="tree-twist" aria-hidden>{node.isLeaf ? null : node.isOpen ? <ChevronDown size={13} /> : <ChevronRight size={13} />}</span>
      <Glyph size={14} aria-hidden />
      <span className="tree-name">{node.data.name}</span>
      {node.data.locked ? <Lock size={11} aria-label={t('explorer.locked')} /> : null}
    </div>
  );
}
