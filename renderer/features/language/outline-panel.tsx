// Declarations of the file that is being edited; the one around the cursor is marked.
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Box, CircuitBoard, Code, Hash, ListTree, Package, Plug, Variable } from 'lucide-react';
import type { OutlineSymbol } from '@genrtl/contracts';
import type { Icon } from '@genrtl/ui/controls.tsx';
import { Empty } from '@genrtl/ui/controls.tsx';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { useEditorPlace } from '../editor/active-editor.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { EMPTY_OUTLINE, symbolsAround } from './outline.ts';
import { useOutlines } from './outline-store.ts';
import './language.css';

const ROW_PX = 23;
const GLYPHS: Readonly<Partial<Record<OutlineSymbol['kind'], Icon>>> = {
  module: CircuitBoard,
  interface: CircuitBoard,
  package: Package,
  class: Package,
  port: Plug,
  parameter: Hash,
  localparam: Hash,
  macro: Hash,
  instance: Box,
  function: Code,
  task: Code,
};

function depthOf(symbols: readonly OutlineSymbol[], at: number): number {
  let depth = 0;
  for (let up = symbols[at]?.parent ?? null; up !== null; up = symbols[up]?.parent ?? null) depth += 1;
  return depth;
}

export function OutlinePanel() {
  const { t } = useTranslation();
  const place = useEditorPlace((store) => store.place);
  const outline = useOutlines((store) => (place === null ? undefined : store.outlines[place.path])) ?? EMPTY_OUTLINE;
  const [filter, setFilter] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return outline.symbols.flatMap((symbol, at) =>
      wanted === '' || symbol.name.toLowerCase().includes(wanted)
        ? [{ symbol, at, depth: wanted === '' ? depthOf(outline.symbols, at) : 0 }]
        : [],
    );
  }, [outline, filter]);
  const current = useMemo(() => new Set(place === null ? [] : symbolsAround(outline, place.line)), [outline, place]);
  const list = useRows({ count: rows.length, scroller, height: ROW_PX });
  if (place === null || outline.symbols.length === 0)
    return <Empty icon={ListTree} title={t(place === null ? 'outline.noFile' : 'outline.none')} />;
  return (
    <div className="outline">
      <div className="panel-tools">
        <input
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          placeholder={t('outline.filter')}
          aria-label={t('outline.filter')}
        />
      </div>
      <div ref={scroller} className="outline-scroll">
        <ul className="outline-list" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const Glyph = GLYPHS[row.symbol.kind] ?? Variable;
            return (
              <li key={item.key} style={{ transform: `translateY(${item.start}px)`, height: ROW_PX }}>
                <button
                  type="button"
                  className={`outline-row${current.has(row.at) ? ' outline-row-current' : ''}`}
                  style={{ paddingLeft: 10 + row.depth * 14 }}
                  title={row.symbol.detail}
                  onClick={() => openFile(place.path, { line: row.symbol.line, column: row.symbol.column })}
                >
                  <Glyph size={13} aria-hidden />
                  <span className="outline-name mono">{row.symbol.name}</span>
                  <span className="outline-detail">{row.symbol.detail}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
