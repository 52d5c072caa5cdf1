// The first room: recent workspaces, a folder, samples one click away; a specification may be dropped anywhere.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shippedText } from '../../i18n/index.ts';
import { useNavigate } from 'react-router';
import { CircleUser, Clock, FileText, FolderOpen, Languages, Moon, Settings, Sun, UploadCloud, X } from 'lucide-react';
import { SPEC_EXTENSIONS } from '@genrtl/contracts/spec-formats.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip, ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';
import { baseName } from '@genrtl/ui/format.ts';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { StatusChip } from '../agent/status-chip.tsx';
import { workspaceUrl } from '../workbench/workspace-url.ts';
import { DropZone } from './drop-zone.tsx';
import { FolderPicker } from './folder-picker.tsx';
import { NewWorkspace } from './new-workspace.tsx';
import './start.css';

export function StartPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const info = useSettings((store) => store.info);
  const known = useCall('app.recent', {});
  const listed = useCall('app.samples', {});
  const recent = known.data?.details ?? [];
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const samples = listed.data?.samples ?? null;
  const error = known.error ?? listed.error;
  const [picking, setPicking] = useState(false);
  const [dropped, setDropped] = useState<readonly File[] | null>(null);

  useEffect(() => {
    useWorkspace.getState().close();
  }, []);

  const openSample = async (name: string): Promise<void> => {
    const { workspace, spec } = await bridge.call('app.sample', { name });
    await navigate(workspaceUrl(workspace, spec));
  };

  return (
    <DropZone onFiles={setDropped}>
      <main className="start">
        <header className="start-header">
          <img src="/icon.svg" alt="" width={44} height={44} />
          <div>
            <h1>genRTL</h1>
            <p className="muted">{t('start.tagline')}</p>
          </div>
          <StartActions />
        </header>
        {error === null ? null : <ErrorNote error={error} />}
        <div className="start-columns">
          <section aria-labelledby="start-begin">
            <h2 id="start-begin">{t('start.begin')}</h2>
            <label className="drop-target">
              <UploadCloud size={26} aria-hidden />
              <strong>{t('start.drop')}</strong>
              <span className="muted">{t('start.dropFormats')}</span>
              <input
                type="file"
                className="visually-hidden"
                multiple
                accept={SPEC_EXTENSIONS.join(',')}
                onChange={(event) => {
                  const files = [...(event.target.files ?? [])];
                  if (files.length > 0) setDropped(files);
                }}
              />
            </label>
            <Button icon={FolderOpen} onClick={() => setPicking(true)}>
              {t('start.openFolder')}
            </Button>
            <h2>{t('start.recent')}</h2>
            {recent.length === 0 ? (
              <p className="muted">{t('start.noRecent')}</p>
            ) : (
              <ul className="start-list">
                {recent.map((one) => (
                  <li key={one.path} className="start-recent">
                    <button
                      type="button"
                      className="start-row"
                      title={one.path}
                      onClick={() => run(async () => navigate(workspaceUrl(one.path)))}
                    >
                      <Clock size={15} aria-hidden />
                      <span className="start-row-text">
                        <strong>{baseName(one.path)}</strong>
                        <PathText className="muted" path={one.path} />
                      </span>
                      <span className="start-row-end">
                        {one.present ? null : <Chip tone="warning">{t('start.gone')}</Chip>}
                        {one.status === null ? null : <StatusChip status={one.status} gate={null} />}
                        {one.updated_at === null ? null : (
                          <span className="muted">{time.format(new Date(one.updated_at))}</span>
                        )}
                      </span>
                    </button>
                    <IconButton
                      label={t('start.forget', { name: baseName(one.path) })}
                      icon={X}
                      onClick={() => run(() => bridge.call('app.forget', { path: one.path }))}
                    />
                  </li>
                ))}
              </ul>
            )}
          </section>
          <section aria-labelledby="start-samples">
            <h2 id="start-samples">{t('start.samples')}</h2>
            <p className="muted">{t('start.samplesNote')}</p>
            {samples?.length === 0 ? <p className="muted">{t('start.noSamples')}</p> : null}
            <ul className="start-list">
              {samples?.map((sample) => (
                <li key={sample.name}>
                  <button type="button" className="start-row" onClick={() => run(() => openSample(sample.name))}>
                    <FileText size={15} aria-hidden />
                    <span className="start-row-text">
                      <strong>{shippedText('samples', sample.name, 'title', sample.title)}</strong>
                      <span className="muted">
                        {shippedText('samples', sample.name, 'description', sample.description)}
                      </span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        </div>
        <footer className="start-footer muted">
          {info === null ? '' : `genRTL ${info.version} · Node ${info.node} · ${info.home}`}
        </footer>
      </main>
      {picking ? (
        <FolderPicker
          onClose={() => setPicking(false)}
          onPick={(path) => run(async () => navigate(workspaceUrl(path)))}
        />
      ) : null}
      {dropped === null ? null : (
        <NewWorkspace
          files={dropped}
          onClose={() => setDropped(null)}
          onReady={(workspace, spec) => run(async () => navigate(workspaceUrl(workspace, spec)))}
        />
      )}
    </DropZone>
  );
}

function StartActions() {
  const { t } = useTranslation();
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  const open = useDialogs((store) => store.open);
  if (settings === null) return null;
  const other = settings.language === 'en' ? 'zh-CN' : 'en';
  return (
    <div className="start-actions">
      <Button tone="quiet" icon={Languages} onClick={() => run(() => change({ language: other }))}>
        {other === 'en' ? 'English' : '中文'}
      </Button>
      <IconButton
        label={t('settings.theme')}
        icon={settings.theme === 'dark' ? Sun : Moon}
        onClick={() => run(() => change({ theme: settings.theme === 'dark' ? 'light' : 'dark' }))}
      />
      <IconButton label={t('account.title')} icon={CircleUser} onClick={() => open('account')} />
      <IconButton label={t('settings.title')} icon={Settings} onClick={() => open('settings')} />
    </div>
  );
}
