// What the file that is edited declares, and the design from its tops: one panel, two views.
import { useTranslation } from 'react-i18next';
import { DesignTree } from './design-tree.tsx';
import { FileOutline } from './file-outline.tsx';
import { OUTLINE_VIEWS, useOutlineView } from './outline-view.ts';
import './language.css';

export function OutlinePanel() {
  const { t } = useTranslation();
  const view = useOutlineView((store) => store.view);
  return (
    <div className="outline">
      <div className="panel-tools outline-views" role="tablist" aria-label={t('panels.outline')}>
        {OUTLINE_VIEWS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={view === name}
            className={`outline-view${view === name ? ' outline-view-shown' : ''}`}
            onClick={() => useOutlineView.setState({ view: name })}
          >
            {t(`outline.${name}`)}
          </button>
        ))}
      </div>
      {view === 'file' ? <FileOutline /> : <DesignTree />}
    </div>
  );
}
