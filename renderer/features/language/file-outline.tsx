// Declarations of the file that is being edited; the one around the cursor is marked.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ListTree } from 'lucide-react';
import type { OutlineSymbol } from '@genrtl/contracts/language.ts';
import { Empty } from '@genrtl/ui/controls.tsx';
import { TreeList } from '@genrtl/ui/tree-list.tsx';
import { useEditorPlace } from '../editor/active-editor.ts';
import { openFile } from '../../workbench/dock-store.ts';
import { EMPTY_OUTLINE, symbolsAround } from './outline.ts';
import { detailOf, outlineRows } from './outline-rows.ts';
import { useOutlines } from './outline-store.ts';
import { glyphOf } from './symbol-glyphs.ts';

export function FileOutline() {
  const { t } = useTranslation();
  const place = useEditorPlace((store) => store.place);
  const outline = useOutlines((store) => (place === null ? undefined : store.outlines[place.path])) ?? EMPTY_OUTLINE;
  const [filter, setFilter] = useState('');
  const line = place?.line ?? 0;
  const current = useMemo(() => new Set(symbolsAround(outline, line)), [outline, line]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    const symbolRow = (symbol: OutlineSymbol, at: number, level: number, open: boolean | null) => {
      const Glyph = glyphOf(symbol.kind);
      return {
        key: String(at),
        name: symbol.name,
        level,
        open,
        current: current.has(at),
        title: symbol.detail,
        symbol,
        content: (
          <>
            <Glyph size={13} aria-hidden />
            <span className="outline-name mono">{symbol.name}</span>
            <span className="outline-detail">{detailOf(symbol)}</span>
          </>
        ),
      };
    };
    if (wanted !== '')
      return outline.symbols.flatMap((symbol, at) =>
        symbol.name.toLowerCase().includes(wanted) ? [symbolRow(symbol, at, 0, null)] : [],
      );
    return outlineRows(outline, closed).map((row) => {
      if (row.kind === 'symbol')
        return symbolRow(row.symbol, row.at, row.level, row.holds ? !closed.has(row.key) : null);
      const name = t(`outline.groups.${row.group}`);
      return {
        key: row.key,
        name,
        level: row.level,
        open: !closed.has(row.key),
        symbol: null,
        content: (
          <>
            <span className="outline-group">{name}</span>
            <span className="outline-detail">{row.count}</span>
          </>
        ),
      };
    });
  }, [outline, filter, current, closed, t]);
  const toggle = ({ key }: { readonly key: string }): void =>
    setClosed((before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key]));
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
        onToggle={toggle}
        onAct={(row) =>
          row.symbol === null ? toggle(row) : openFile(place.path, { line: row.symbol.line, column: row.symbol.column })
        }
      />
    </>
  );
}
