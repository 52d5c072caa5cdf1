// The middle of an empty workspace: what to do first, and the keys that do it.
import { useTranslation } from 'react-i18next';
import { CircuitBoard } from 'lucide-react';
import { SHORTCUTS } from '../palette/shortcuts.ts';

const SHOWN = ['palette', 'openFile', 'runJob', 'problems', 'agent'] as const;

export function WelcomePanel() {
  const { t } = useTranslation();
  return (
    <div className="welcome">
      <CircuitBoard size={44} aria-hidden />
      <p>{t('welcome.text')}</p>
      <dl className="shortcuts">
        {SHOWN.map((name) => (
          <div key={name}>
            <dt>{t(`commands.${name}`)}</dt>
            <dd>
              <kbd>{SHORTCUTS[name]}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
