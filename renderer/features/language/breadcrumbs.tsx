// Where the cursor is: folders, file, declarations from the outside in; each declaration leads to its line.
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronRight } from 'lucide-react';
import { openFile, openPanel } from '../../workbench/dock-store.ts';
import { EMPTY_OUTLINE, symbolsAround } from './outline.ts';
import { useOutlines } from './outline-store.ts';
import './language.css';

interface BreadcrumbsProps {
  readonly path: string;
  readonly line: number;
  /** at the end of the row */
  readonly children?: ReactNode;
}

export function Breadcrumbs({ path, line, children }: BreadcrumbsProps) {
  const { t } = useTranslation();
  const outline = useOutlines((store) => store.outlines[path]) ?? EMPTY_OUTLINE;
  const chain = useMemo(() => symbolsAround(outline, line), [outline, line]);
  const folders = path.split('/');
  return (
    <nav className="crumbs" aria-label={t('outline.crumbs')}>
      {folders.map((name, at) => (
        <span key={folders.slice(0, at + 1).join('/')} className="crumb">
          {at === 0 ? null : <ChevronRight size={11} aria-hidden />}
          {name}
        </span>
      ))}
      {chain.map((at) => {
        const symbol = outline.symbols[at];
        return symbol === undefined ? null : (
          <span key={at} className="crumb">
            <ChevronRight size={11} aria-hidden />
            <button
              type="button"
              className="crumb-symbol mono"
              title={symbol.detail}
              onClick={() => openFile(path, { line: symbol.line, column: symbol.column })}
            >
              {symbol.name}
            </button>
          </span>
        );
      })}
      {outline.symbols.length === 0 ? null : (
        <button type="button" className="crumb-outline" onClick={() => openPanel('outline')}>
          {t('panels.outline')}
        </button>
      )}
      {children}
    </nav>
  );
}
