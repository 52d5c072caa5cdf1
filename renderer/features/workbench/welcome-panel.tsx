// The middle of an empty workspace: what to do first, and the keys that do it.
import { useTranslation } from 'react-i18next';
import { CircuitBoard } from 'lucide-react';
import type { CommandName, PanelName } from '../../workbench/feature.ts';
import { shownKey } from '../../workbench/keys.ts';
import { commandNamed, panelNamed } from '../../workbench/registry.ts';

const COMMANDS: readonly CommandName[] = ['palette', 'openFile', 'runJob'];
const PANELS: readonly PanelName[] = ['problems', 'agent'];

export function WelcomePanel() {
  const { t } = useTranslation();
  const rows = [
    ...COMMANDS.map((name) => ({ name, title: t(`commands.${name}`), key: commandNamed(name).key })),
    ...PANELS.map((name) => ({
      name,
      title: t('palette.showPanel', { panel: t(`panels.${name}`) }),
      key: panelNamed(name).key,
    })),
  ];
  return (
    <div className="welcome">
      <CircuitBoard size={44} aria-hidden />
      <p>{t('welcome.text')}</p>
      <dl className="shortcuts">
        {rows.map(({ name, title, key }) => (
          <div key={name}>
            <dt>{title}</dt>
            <dd>
              <kbd>{shownKey(key ?? '')}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
