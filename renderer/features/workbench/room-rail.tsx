// The rail at the window's left edge: every room one click away, in the order of the work.
import { useTranslation } from 'react-i18next';
import {
  AudioWaveform,
  CircleAlert,
  Diff,
  Files,
  ListTree,
  Network,
  PackageOpen,
  Search,
  SquareTerminal,
  Wand2,
  Workflow,
} from 'lucide-react';
import type { Icon } from '@genrtl/ui/controls.tsx';
import { SHORTCUTS } from '../palette/shortcuts.ts';
import { openPanel } from './dock-store.ts';
import type { PanelName } from './panel-names.ts';
import './room-rail.css';

const ROOMS: readonly (readonly (readonly [PanelName, Icon])[])[] = [
  [
    ['explorer', Files],
    ['search', Search],
    ['outline', ListTree],
  ],
  [
    ['plan', Workflow],
    ['changes', Diff],
    ['problems', CircleAlert],
  ],
  [
    ['cbb', PackageOpen],
    ['waves', AudioWaveform],
    ['schematic', Network],
    ['consoles', SquareTerminal],
    ['skills', Wand2],
  ],
];

export function RoomRail() {
  const { t } = useTranslation();
  const keys: Readonly<Record<string, string>> = SHORTCUTS;
  return (
    <nav className="rail" aria-label={t('rail.title')}>
      {ROOMS.map((group, at) => (
        <div key={at} className="rail-group">
          {group.map(([name, Glyph]) => {
            const label = t(`panels.${name}`);
            const key = keys[name];
            return (
              <button
                key={name}
                type="button"
                className="rail-room"
                aria-label={`${t('palette.show')}: ${label}`}
                title={key === undefined ? label : `${label} (${key})`}
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
