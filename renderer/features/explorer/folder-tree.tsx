// The tree of files, as a keyboard and a screen reader expect one. Draws only the rows that are seen, and makes nothing
// per file beyond its row, so that a folder of 50,000 files opens within a frame or two.
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { Dispatch, DragEvent, KeyboardEvent, SetStateAction } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronDown, ChevronRight, Folder, FolderOpen, Lock } from 'lucide-react';
import type { FileNode } from '@genrtl/contracts/workspace.ts';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { GitMark } from '../git/git-mark.tsx';
import { useGitMarks } from '../git/use-git.ts';
import type { Mark } from '../git/marks.ts';
import { FileGlyph } from './file-glyph.tsx';
import { moveOf, parentOf, rowTyped, visibleRows } from './file-tree.ts';
import type { TreeRow } from './file-tree.ts';

const ROW_PX = 24;
const INDENT_PX = 14;
/** Letters typed within this time of each other are one name. */
const TYPING_MS = 600;

export interface FolderTreeProps {
  readonly folders: ReadonlyMap<string, readonly FileNode[]>;
  readonly label: string;
  readonly chosen: string | null;
  /** kept by who shows the tree: a search in between closes no folder */
  readonly open: ReadonlySet<string>;
  readonly setOpen: Dispatch<SetStateAction<ReadonlySet<string>>>;
  /** this file's folders are opened and its row is brought into sight, with each new number again */
  readonly revealed: { readonly path: string | null; readonly request: number };
  readonly onChoose: (entry: FileNode) => void;
  readonly onOpenFolder: (path: string) => void;
  readonly onOpenFile: (path: string) => void;
  /** marked beside the chosen one, for what is done to several */
  readonly marked: ReadonlySet<string>;
  readonly onMark: (marked: ReadonlySet<string>) => void;
  readonly onMenu: (entry: FileNode | null, at: { readonly x: number; readonly y: number }) => void;
  readonly onMove: (paths: readonly string[], folder: string) => void;
}

/** What is dragged within the tree. */
const DRAGGED = 'application/x-genrtl-paths';

export function FolderTree(props: FolderTreeProps) {
  const { folders, label, chosen, open, setOpen, revealed, marked } = props;
  const { onChoose, onOpenFolder, onOpenFile, onMark, onMenu, onMove } = props;
  const id = useId();
  const marks = useGitMarks();
  const scroller = useRef<HTMLDivElement>(null);
  const pending = useRef<string | null>(null);
  const typed = useRef({ text: '', at: 0 });
  const rows = useMemo(() => visibleRows(folders, open), [folders, open]);
  const at = useMemo(() => (chosen === null ? -1 : rows.findIndex((row) => row.entry.path === chosen)), [rows, chosen]);
  const drawn = useRows({ count: rows.length, scroller, height: ROW_PX });
  const items = drawn.getVirtualItems();
  // the chosen row may lie outside of what is drawn
  const active = items.some((item) => item.index === at) ? `${id}${at}` : undefined;

  useEffect(() => {
    const { path } = revealed;
    if (path === null) return;
    const above = path
      .split('/')
      .map((_, at, names) => names.slice(0, at).join('/'))
      .slice(1);
    setOpen((before) => new Set([...before, ...above]));
    for (const folder of above) onOpenFolder(folder);
    pending.current = path;
  }, [revealed, onOpenFolder, setOpen]);
  useEffect(() => {
    const to = rows.findIndex(({ entry }) => entry.path === pending.current);
    const row = rows[to];
    if (row === undefined) return;
    pending.current = null;
    onChoose(row.entry);
    drawn.scrollToIndex(to, { align: 'center' });
  }, [rows, drawn, onChoose]);

  const act = ({ entry }: TreeRow): void => {
    if (entry.kind === 'file') {
      onOpenFile(entry.path);
      return;
    }
    const opened = open.has(entry.path);
    setOpen(new Set(opened ? [...open].filter((path) => path !== entry.path) : [...open, entry.path]));
    if (!opened) onOpenFolder(entry.path);
  };
  const go = (to: number): void => {
    const row = rows[to];
    if (row === undefined) return;
    onChoose(row.entry);
    drawn.scrollToIndex(to);
  };
  const [over, setOver] = useState<string | null>(null);
  const all = (entry: FileNode): string[] => (marked.has(entry.path) ? [...marked] : [entry.path]);
  const mark = (row: TreeRow, index: number, event: { shiftKey: boolean }): void => {
    if (!event.shiftKey) {
      const next = new Set(marked.size === 0 && chosen !== null ? [chosen] : marked);
      if (!next.delete(row.entry.path)) next.add(row.entry.path);
      onMark(next);
    } else {
      const [from, to] = [Math.min(at, index), Math.max(at, index)];
      onMark(new Set(rows.slice(Math.max(0, from), to + 1).map(({ entry }) => entry.path)));
      return;
    }
    onChoose(row.entry);
  };
  const dropInto = (event: DragEvent, folder: string): void => {
    const dragged = event.dataTransfer.getData(DRAGGED);
    setOver(null);
    if (dragged === '') return;
    event.preventDefault();
    event.stopPropagation();
    onMove(dragged.split('\n'), folder);
  };
  /** Shift+arrows mark from row to row, Ctrl+Space the chosen one, Ctrl+A all, Escape none. */
  const markByKey = (event: KeyboardEvent): boolean => {
    const control = event.ctrlKey || event.metaKey;
    const row = rows[at];
    if (event.shiftKey && !control && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const to = at + (event.key === 'ArrowDown' ? 1 : -1);
      const next = rows[to];
      if (row === undefined || next === undefined) return true;
      // back over what is marked takes the mark off
      const left = [...marked].filter((path) => path !== row.entry.path);
      onMark(new Set(marked.has(next.entry.path) ? left : [...marked, row.entry.path, next.entry.path]));
      go(to);
      return true;
    }
    if (control && event.key === ' ' && row !== undefined) mark(row, at, { shiftKey: false });
    else if (control && event.key.toLowerCase() === 'a') onMark(new Set(rows.map(({ entry }) => entry.path)));
    else if (event.key === 'Escape' && marked.size > 0) onMark(new Set());
    else return false;
    return true;
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      const box = document.getElementById(active ?? '')?.getBoundingClientRect();
      event.preventDefault();
      onMenu(rows[at]?.entry ?? null, { x: (box?.left ?? 60) + 40, y: box?.bottom ?? 120 });
      return;
    }
    if (event.altKey) return;
    if (markByKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const move = moveOf(event.key, rows, at, open, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX));
    const row = rows[at];
    if (move === 'act' && row !== undefined) act(row);
    else if (move !== null && move !== 'act') {
      if (marked.size > 0) onMark(new Set());
      go(move.go);
    } else if (event.key.length === 1 && event.key !== ' ') {
      const fresh = event.timeStamp - typed.current.at > TYPING_MS;
      typed.current = { text: fresh ? event.key : typed.current.text + event.key, at: event.timeStamp };
      go(rowTyped(rows, at, typed.current.text));
    } else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-activedescendant={active}
      tabIndex={0}
      className="explorer-tree explorer-rows"
      aria-multiselectable
      onKeyDown={press}
      onContextMenu={(event) => {
        event.preventDefault();
        onMenu(null, { x: event.clientX, y: event.clientY });
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
      }}
      onDrop={(event) => dropInto(event, '')}
    >
      <div role="presentation" style={{ height: drawn.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div
              key={row.entry.path}
              id={`${id}${index}`}
              role="treeitem"
              style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
              aria-level={row.level + 1}
              aria-selected={index === at || marked.has(row.entry.path)}
              aria-expanded={row.entry.kind === 'directory' ? open.has(row.entry.path) : undefined}
              draggable={!row.entry.locked}
              onDragStart={(event) => {
                event.dataTransfer.setData(DRAGGED, all(row.entry).join('\n'));
                event.dataTransfer.effectAllowed = 'move';
              }}
              onDragOver={(event) => {
                if (row.entry.locked || !event.dataTransfer.types.includes(DRAGGED)) return;
                event.preventDefault();
                setOver(row.entry.path);
              }}
              onDragLeave={() => setOver(null)}
              onDrop={(event) => {
                if (!row.entry.locked)
                  dropInto(event, row.entry.kind === 'directory' ? row.entry.path : parentOf(row.entry.path));
              }}
              onContextMenu={(event) => {
                event.preventDefault();
                event.stopPropagation();
                if (!marked.has(row.entry.path)) onMark(new Set());
                onChoose(row.entry);
                onMenu(row.entry, { x: event.clientX, y: event.clientY });
              }}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) {
                  mark(row, index, event);
                  return;
                }
                onMark(new Set());
                onChoose(row.entry);
                act(row);
              }}
            >
              <FileRow
                row={row}
                open={open.has(row.entry.path)}
                chosen={index === at || marked.has(row.entry.path)}
                over={over === row.entry.path}
                mark={row.entry.locked ? null : marks(row.entry.path)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function FileRow({
  row: { entry, level },
  open,
  chosen,
  over,
  mark,
}: {
  readonly row: TreeRow;
  readonly open: boolean;
  readonly chosen: boolean;
  readonly over: boolean;
  readonly mark: Mark | null;
}) {
  const { t } = useTranslation();
  const file = entry.kind === 'file';
  const Glyph = open ? FolderOpen : Folder;
  return (
    <div
      style={{ paddingLeft: level * INDENT_PX }}
      className={`tree-row${chosen ? ' tree-row-selected' : ''}${over ? ' tree-row-over' : ''}`}
      title={entry.path}
    >
      <span className="tree-twist" aria-hidden>
        {file ? null : open ? <ChevronDown size={13} /> : <ChevronRight size={13} />}
      </span>
      {file ? <FileGlyph path={entry.path} size={14} /> : <Glyph size={14} aria-hidden />}
      <span className={`tree-name${mark === null ? '' : ` git-${mark.change}`}`}>{entry.name}</span>
      {mark === null ? null : <GitMark mark={mark} />}
      {entry.locked ? <Lock size={11} aria-label={t('explorer.locked')} /> : null}
    </div>
  );
}
