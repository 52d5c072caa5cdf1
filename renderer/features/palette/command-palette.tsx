// Commands and files by typing a few letters.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Command } from 'cmdk';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { listFiles } from '../explorer/list-files.ts';
import { layDefault } from '../workbench/dock.tsx';
import { openFile, openPanel, useDock } from '../workbench/dock-store.ts';
import { PANEL_PLACES } from '../workbench/panel-names.ts';
import type { PanelName } from '../workbench/panel-names.ts';

const MAX_FILES = 2000;

export function CommandPalette() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const close = useDialogs((store) => store.close);
  const open = useDialogs((store) => store.open);
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const [files, setFiles] = useState<readonly string[]>([]);
  useEffect(() => {
    if (workspace !== null) listFiles(workspace, MAX_FILES).then(setFiles, () => undefined);
  }, [workspace]);

  const act =
    (action: () => void): (() => void) =>
    () => {
      close();
      action();
    };
  const panels = Object.keys(PANEL_PLACES) as PanelName[];
  return (
    <Command.Dialog
      open
      label={t('palette.title')}
      className="palette"
      overlayClassName="palette-veil"
      contentClassName="palette-box"
      onOpenChange={(shown) => (shown ? undefined : close())}
    >
      <Command.Input placeholder={t('palette.placeholder')} />
      <Command.List>
        <Command.Empty>{t('palette.empty')}</Command.Empty>
        {workspace === null ? null : (
          <Command.Group heading={t('palette.views')}>
            {panels.map((name) => (
              <Command.Item
                key={name}
                value={`${t('palette.show')} ${t(`panels.${name}`)}`}
                onSelect={act(() => openPanel(name))}
              >
                {t('palette.show')}: {t(`panels.${name}`)}
              </Command.Item>
            ))}
            <Command.Item
              value={t('commands.resetLayout')}
              onSelect={act(() => {
                const { api } = useDock.getState();
                if (api !== null) layDefault(api);
              })}
            >
              {t('commands.resetLayout')}
            </Command.Item>
          </Command.Group>
        )}
        <Command.Group heading={t('palette.application')}>
          <Command.Item value={t('commands.settings')} onSelect={act(() => open('settings'))}>
            {t('commands.settings')}
          </Command.Item>
          <Command.Item value={t('usage.title')} onSelect={act(() => run(async () => navigate('/usage')))}>
            {t('usage.title')}
          </Command.Item>
          <Command.Item
            value={t('commands.theme')}
            onSelect={act(() => run(() => change({ theme: settings?.theme === 'dark' ? 'light' : 'dark' })))}
          >
            {t('commands.theme')}
          </Command.Item>
          <Command.Item
            value={t('commands.language')}
            onSelect={act(() => run(() => change({ language: settings?.language === 'en' ? 'zh-CN' : 'en' })))}
          >
            {t('commands.language')}
          </Command.Item>
          <Command.Item value={t('commands.start')} onSelect={act(() => run(async () => navigate('/')))}>
            {t('commands.start')}
          </Command.Item>
        </Command.Group>
        {files.length === 0 ? null : (
          <Command.Group heading={t('palette.files')}>
            {files.map((file) => (
              <Command.Item key={file} value={file} onSelect={act(() => openFile(file))}>
                <span className="path">{file}</span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command.Dialog>
  );
}
