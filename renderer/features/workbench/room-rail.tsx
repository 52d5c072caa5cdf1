// The rail at the window's left edge: every room one click away, in the order of the work.
import { useTranslation } from 'react-i18next';
import { openPanel } from '../../workbench/dock-store.ts';
import { shownKey } from '../../workbench/keys.ts';
import { panels } from '../../workbench/registry.ts';
import './room-rail.css';

const GROUPS = ['find', 'job', 'tools'] as const;

export function RoomRail() {
  const { t } = useTranslation();
  return (
    <nav className="rail" aria-label={t('rail.title')}>
      {GROUPS.map((group) => (
        <div key={group} className="rail-group">
          {panels()
            .filter((panel) => panel.rail === group)
            .map(({ name, icon: Glyph, key }) => {
              const label = t(`panels.${name}`);
              return (
                <button
                  key={name}
                  type="button"
                  className="rail-room"
                  aria-label={t('palette.showPanel', { panel: label })}
                  title={key === undefined ? label : `${label} (${shownKey(key)})`}
                  onClick={() => openPanel(name)}
                >
                  <Glyph size={18} aria-hidden />
                </button>
              );
            })}
        </div>
      ))}
    </nav>
  );
}
