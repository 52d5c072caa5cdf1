// Top of the window: way back to the start, the workspace's name, the palette, the job's state and spend.
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { BarChart3, CircleUser, Moon, Search, Settings, Sun } from 'lucide-react';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useShownJob } from '../../state/shown-job.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';
import { StatusChip } from '../agent/status-chip.tsx';
import { shownKey } from '../../workbench/keys.ts';
import { commandNamed } from '../../workbench/registry.ts';
import { showPanel, usePanelSeen } from '../../workbench/dock-store.ts';

export function TopBar() {
  const { t } = useTranslation();
  const name = useWorkspace((store) => store.view?.name ?? '');
  const path = useWorkspace((store) => store.view?.path ?? '');
  const shown = useShownJob();
  const agentSeen = usePanelSeen('agent');
  const open = useDialogs((store) => store.open);
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  return (
    <header className="top-bar">
      <Link to="/" className="brand" title={t('shell.toStart')}>
        <img src="/icon.svg" alt="" width={20} height={20} />
        <span>genRTL</span>
      </Link>
      <span className="top-bar-name" title={path}>
        {name}
      </span>
      <button type="button" className="palette-button" onClick={() => open('palette')}>
        <Search size={14} aria-hidden />
        <span>{t('palette.placeholder')}</span>
        <kbd>{shownKey(commandNamed('palette').key ?? '')}</kbd>
      </button>
      {shown === null || agentSeen ? null : (
        <button type="button" className="job-summary" onClick={() => showPanel('agent')} title={t('agent.title')}>
          <StatusChip status={shown.status} gate={shown.gate} />
        </button>
      )}
      <a
        className="icon-button"
        href="#/usage"
        target="genrtl-usage"
        rel="noopener"
        aria-label={t('usage.title')}
        title={t('usage.title')}
      >
        <BarChart3 size={16} aria-hidden />
      </a>
      <IconButton
        label={t('settings.theme')}
        icon={settings?.theme === 'dark' ? Sun : Moon}
        onClick={() => run(() => change({ theme: settings?.theme === 'dark' ? 'light' : 'dark' }))}
      />
      <IconButton label={t('account.title')} icon={CircleUser} onClick={() => open('account')} />
      <IconButton label={t('settings.title')} icon={Settings} onClick={() => open('settings')} />
    </header>
  );
}
