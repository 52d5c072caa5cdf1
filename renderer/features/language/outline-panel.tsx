// What the file that is edited declares, and the design from its tops: one panel, two views.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DesignTree } from './design-tree.tsx';
import { FileOutline } from './file-outline.tsx';
import './language.css';

const VIEWS = ['file', 'design'] as const;

export function OutlinePanel() {
  const { t } = useTranslation();
  const [view, setView] = useState<(typeof VIEWS)[number]>('file');
  return (
    <div className="outline">
      <div className="panel-tools outline-views" role="tablist" aria-label={t('panels.outline')}>
        {VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={view === name}
            className={`outline-view${view === name ? ' outline-view-shown' : ''}`}
            onClick={() => setView(name)}
          >
            {t(`outline.${name}`)}
          </button>
        ))}
      </div>
      {view === 'file' ? <FileOutline /> : <DesignTree />}
    </div>
  );
}
