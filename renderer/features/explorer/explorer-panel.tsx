// The workspace's files as a tree; folders load when they open, vendor packages and records show a lock.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Tree } from 'react-arborist';
import type { NodeRendererProps } from 'react-arborist';
import { ChevronDown, ChevronRight, FileCode, FileText, Folder, FolderOpen, Lock, RefreshCw } from 'lucide-react';
import type { FileNode } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { showError } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useLink } from '../../state/link-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { IconButton } from '../../ui/controls.tsx';
import { useSize } from '../../ui/use-size.ts';
import { openFile } from '../workbench/dock-store.ts';

interface TreeNode {
  readonly id: string;
  readonly name: string;
  readonly locked: boolean;
  /** null: a file; empty: a folder that was not read yet */
  readonly children: TreeNode[] | null;
}

const CODE = /\.(sv|svh|v|vh|vhd|vhdl|tcl|sh|f)$/i;

function asTree(folders: ReadonlyMap<string, readonly FileNode[]>, directory: string): TreeNode[] {
  return (folders.get(directory) ?? []).map((entry) => ({
    id: entry.path, name: entry.name, locked: entry.locked,
    children: entry.kind === 'file' ? null : asTree(folders, entry.path),
  }));
}

export function ExplorerPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const epoch = useLink((store) => store.epoch);
  const [folders, setFolders] = useState<ReadonlyMap<string, readonly FileNode[]>>(new Map());
  const known = useRef(folders);
  known.current = folders;
  const { ref, width, height } = useSize<HTMLDivElement>();

  const load = useCallback(async (directories: readonly string[]): Promise<void> => {
    if (workspace === null) return;
    const listed = await Promise.all(directories.map(async (directory) => {
      const { entries } = await bridge.call('workspace.list', { workspace, directory }).catch(() => ({ entries: null }));
      return [directory, entries] as const;
    }));
    setFolders((before) => {
      const next = new Map(before);
      for (const [directory, entries] of listed) {
        if (entries === null) next.delete(directory);
        else next.set(directory, entries);
      }
      return next;
    });
  }, [workspace]);

  useEffect(() => {
    load(['', ...known.current.keys()]).catch(showError);
    return onDiskChange((paths) => {
      const parents = new Set(paths.map((path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')));
      // a new folder may appear together with what lies in it
      for (const parent of [...parents]) for (let up = parent; up !== ''; up = up.includes('/') ? up.slice(0, up.lastIndexOf('/')) : '') parents.add(up);
      parents.add('');
      load([...parents].filter((parent) => parent === '' || known.current.has(parent))).catch(showError);
    });
  }, [load, epoch]);

  return (
    <div className="explorer">
      <div className="panel-tools">
        <span className="panel-tools-title">{t('explorer.files')}</span>
        <IconButton label={t('explorer.refresh')} icon={RefreshCw} onClick={() => void load(['', ...known.current.keys()])} />
      </div>
      <div ref={ref} className="explorer-tree">
        {folders.get('')?.length === 0 ? <p className="muted panel-pad">{t('explorer.empty')}</p> : null}
        <Tree<TreeNode>
          data={asTree(folders, '')} width={width} height={height} rowHeight={24} indent={14} openByDefault={false}
          disableDrag disableDrop disableEdit disableMultiSelection
          onToggle={(id) => {
            if (!known.current.has(id)) void load([id]);
          }}
          onActivate={(node) => {
            if (node.isLeaf) openFile(node.id);
          }}
        >
          {FileRow}
        </Tree>
      </div>
    </div>
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
