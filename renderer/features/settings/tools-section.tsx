// Tools: what was found where, and folders that are searched before PATH.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckCircle2, FolderPlus, RefreshCw, X, XCircle } from 'lucide-react';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Button, Chip, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { ConfinementSetting } from './confinement-setting.tsx';

export function ToolsSection() {
  const { t } = useTranslation();
  const folders = useSettings((store) => store.settings?.tool_folders ?? []);
  const change = useSettings((store) => store.change);
  const { data, reload } = useCall('tools.list', {});
  // what can be used comes first
  const tools = data === undefined ? undefined : [...data.tools].sort((a, b) => Number(b.found) - Number(a.found));
  const [folder, setFolder] = useState('');
  const save = (tool_folders: string[]): void => run(() => change({ tool_folders }));
  const valid = /^(\/|[A-Za-z]:[\\/])/.test(folder.trim()) && !folders.includes(folder.trim());
  return (
    <>
      <ConfinementSetting />
      <section className="settings-prices" aria-label={t('settings.folders')}>
        <h3>{t('settings.folders')}</h3>
        <p className="muted">{t('settings.foldersNote')}</p>
        <ul>
          {folders.map((one) => (
            <li key={one}>
              <span className="mono path">{one}</span>
              <IconButton
                label={t('settings.folderDrop', { folder: one })}
                icon={X}
                onClick={() => save(folders.filter((other) => other !== one))}
              />
            </li>
          ))}
        </ul>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!valid) return;
            save([...folders, folder.trim()]);
            setFolder('');
          }}
        >
          <input
            className="mono"
            aria-label={t('settings.folders')}
            placeholder="/opt/verilator/bin"
            spellCheck={false}
            value={folder}
            aria-invalid={folder !== '' && !valid}
            onChange={(event) => setFolder(event.target.value)}
          />
          <Button type="submit" icon={FolderPlus} disabled={!valid}>
            {t('settings.folderAdd')}
          </Button>
          <Button icon={RefreshCw} onClick={reload}>
            {t('settings.detect')}
          </Button>
        </form>
      </section>
      {tools === undefined ? (
        <Spinner label={t('ui.loading')} />
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{t('settings.tool')}</th>
              <th>{t('usage.version')}</th>
              <th>{t('settings.path')}</th>
            </tr>
          </thead>
          <tbody>
            {tools.map((tool) => (
              <tr key={tool.id}>
                <td className="tool-name">
                  {tool.found ? (
                    <CheckCircle2 size={14} className="tone-ok" aria-label={t('settings.found')} />
                  ) : (
                    <XCircle size={14} className="tone-muted" aria-label={t('settings.notFound')} />
                  )}
                  {tool.title}
                  {tool.tested_against_real_tool ? null : (
                    <Chip tone="muted" title={t('settings.untestedNote')}>
                      {t('settings.untested')}
                    </Chip>
                  )}
                </td>
                <td>
                  {tool.version ?? '–'}
                  {tool.edition === null ? '' : ` ${tool.edition}`}
                </td>
                <td className="mono path" title={tool.path ?? ''}>
                  {tool.path ?? t('settings.notFound')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
