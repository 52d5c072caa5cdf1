// Declarations of the file that is being edited; the one around the cursor is marked.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ListTree } from 'lucide-react';
import type { OutlineSymbol } from '@genrtl/contracts';
import { Empty } from '@genrtl/ui/controls.tsx';
import { TreeList } from '@genrtl/ui/tree-list.tsx';
import { useEditorPlace } from '../editor/active-editor.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { EMPTY_OUTLINE, symbolsAround } from './outline.ts';
import { useOutlines } from './outline-store.ts';
import { glyphOf } from './symbol-glyphs.ts';

function depthOf(symbols: readonly OutlineSymbol[], at: number): number {
  let depth = 0;
  for (let up = symbols[at]?.parent ?? null; up !== null; up = symbols[up]?.parent ?? null) depth += 1;
  return depth;
}

export function FileOutline() {
  const { t } = useTranslation();
  const place = useEditorPlace((store) => store.place);
  const outline = useOutlines((store) => (place === null ? undefined : store.outlines[place.path])) ?? EMPTY_OUTLINE;
  const [filter, setFilter] = useState('');
  const line = place?.line ?? 0;
  const current = useMemo(() => new Set(symbolsAround(outline, line)), [outline, line]);
  const rows = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return outline.symbols.flatMap((symbol, at) => {
      if (wanted !== '' && !symbol.name.toLowerCase().includes(wanted)) return [];
      const Glyph = glyphOf(symbol.kind);
      return [
        {
          key: String(at),
          name: symbol.name,
          level: wanted === '' ? depthOf(outline.symbols, at) : 0,
          open: null,
          current: current.has(at),
          title: symbol.detail,
          symbol,
          content: (
            <>
              <Glyph size={13} aria-hidden />
              <span className="outline-name mono">{symbol.name}</span>
              <span className="outline-detail">{symbol.detail}</span>
            </>
          ),
        },
      ];
    });
  }, [outline, filter, current]);
  if (place === null || outline.symbols.length === 0)
    return <Empty icon={ListTree} title={t(place === null ? 'outline.noFile' : 'outline.none')} />;
  return (
    <>
      <div className="panel-tools">
        <input
          type="search"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          placeholder={t('outline.filter')}
          aria-label={t('outline.filter')}
        />
      </div>
      <TreeList
        rows={rows}
        label={t('outline.of', { file: place.path })}
        onAct={({ symbol }) => openFile(place.path, { line: symbol.line, column: symbol.column })}
      />
    </>
  );
}
