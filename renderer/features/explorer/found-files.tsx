// Files by name: the letters in order, best first; only the rows that are seen are drawn.
import { useDeferredValue, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/use-call.ts';
import { baseName } from '@genrtl/ui/format.ts';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { bestMatches } from '../palette/match.ts';
import { FileGlyph } from './file-glyph.tsx';
import { parentOf } from './file-tree.ts';

const ROW_PX = 24;
const MAX_SHOWN = 1000;

export function FoundFiles({ workspace, query }: { readonly workspace: string; readonly query: string }) {
  const { t } = useTranslation();
  const files = useCall('workspace.files', { workspace }).data?.files ?? null;
  const wanted = useDeferredValue(query);
  const scroller = useRef<HTMLDivElement>(null);
  const shown = useMemo(() => bestMatches(files ?? [], wanted, MAX_SHOWN).best, [files, wanted]);
  const rows = useRows({ count: shown.length, scroller, height: ROW_PX });
  return (
    <div ref={scroller} className="explorer-found">
      {files !== null && shown.length === 0 ? <p className="muted panel-pad">{t('explorer.noMatch')}</p> : null}
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const path = shown[row.index];
          return path === undefined ? null : (
            <li key={path} style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }}>
              <button type="button" className="tree-row" title={path} onClick={() => openFile(path)}>
                <FileGlyph path={path} size={14} />
                <span className="tree-name">
                  {baseName(path)}
                  <span className="muted"> {parentOf(path)}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
