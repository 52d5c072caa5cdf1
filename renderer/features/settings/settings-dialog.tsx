// The person's settings: language and theme, the defaults of a new job, the models and tools that were found.
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelView, ToolInfo } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { drawsChinese } from '@genrtl/ui/chinese-font.ts';
import { ErrorNote } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { GateFields, ModelField, ToolField } from './job-fields.tsx';
import { ModelsSection } from './models-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { FIELDS, SECTIONS, SWITCHES, type Section } from './settings-fields.ts';
import { FoundSettings } from './settings-search.tsx';
import { ToolsSection } from './tools-section.tsx';
import { UrlSetting } from './url-setting.tsx';

export function SettingsDialog() {
  const { t } = useTranslation();
  const close = useDialogs((store) => store.close);
  const [section, setSection] = useState<Section>(
    () => SECTIONS.find((name) => name === useDialogs.getState().at) ?? 'general',
  );
  const [text, setText] = useState('');
  const models = useCall('models.list', {});
  const tools = useCall('tools.list', {});
  const error = models.error ?? tools.error;
  const found = { models: models.data?.models ?? [], tools: tools.data?.tools ?? [] };
  return (
    <Dialog title={t('settings.title')} size="large" onClose={close}>
      <input
        type="search"
        className="settings-search"
        aria-label={t('settings.search')}
        placeholder={t('settings.search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text.trim() === '' ? null : (
        <FoundSettings
          text={text}
          onChoose={(found) => {
            setSection(found);
            setText('');
          }}
        />
      )}
      <div className="settings" hidden={text.trim() !== ''}>
        <div className="settings-nav" role="tablist" aria-orientation="vertical" aria-label={t('settings.title')}>
          {SECTIONS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={section === name}
              onClick={() => setSection(name)}
            >
              {t(`settings.sections.${name}`)}
            </button>
          ))}
        </div>
        <div className="settings-body" role="tabpanel" aria-label={t(`settings.sections.${section}`)}>
          {error === null ? null : <ErrorNote error={error} />}
          {section === 'general' ? <General /> : null}
          {section === 'job' ? <JobDefaults {...found} /> : null}
          {section === 'models' ? <ModelsSection /> : null}
          {section === 'tools' ? <ToolsSection /> : null}
          {section === 'keys' ? <KeysSection /> : null}
          {section === 'about' ? <About tools={found.tools} /> : null}
        </div>
      </div>
    </Dialog>
  );
}

function General() {
  const { t } = useTranslation();
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  const [readable] = useState(drawsChinese);
  if (settings === null) return null;
  return (
    <>
      <label className="field">
        <span>{t('settings.language')}</span>
        <select
          value={settings.language}
          onChange={(event) => run(() => change({ language: event.target.value === 'zh-CN' ? 'zh-CN' : 'en' }))}
        >
          <option value="en">English</option>
          <option value="zh-CN">简体中文</option>
        </select>
      </label>
      {readable ? null : <p className="notice-inline">{t('settings.noChineseFont', { lng: 'en' })}</p>}
      <label className="field">
        <span>{t('settings.theme')}</span>
        <select
          value={settings.theme}
          onChange={(event) => run(() => change({ theme: event.target.value === 'light' ? 'light' : 'dark' }))}
        >
          <option value="dark">{t('settings.dark')}</option>
          <option value="light">{t('settings.light')}</option>
        </select>
      </label>
      <UrlSetting
        label={t('settings.proxy')}
        value={settings.proxy}
        placeholder="http://proxy.example:3128"
        onSave={(proxy) => run(() => change({ proxy }))}
      />
      <label className="setting-check">
        <input
          type="checkbox"
          checked={settings.notify}
          onChange={(event) =>
            run(async () => {
              await change({ notify: event.target.checked });
              // Browsers ask once, and only after a click.
              if (event.target.checked && 'Notification' in window && Notification.permission === 'default')
                await Notification.requestPermission();
            })
          }
        />
        {t('settings.notify')}
      </label>
      {SWITCHES.map((name) => (
        <label key={name} className="setting-check">
          <input
            type="checkbox"
            checked={settings[name]}
            onChange={(event) => run(() => change({ [name]: event.target.checked }))}
          />
          {t(FIELDS[name][1])}
        </label>
      ))}
      <label className="setting-check">
        <input
          type="checkbox"
          checked={settings.ai_retention === 'none'}
          onChange={(event) => run(() => change({ ai_retention: event.target.checked ? 'none' : 'default' }))}
        />
        {t('settings.aiNoRetention')}
      </label>
      <p className="muted">{t('settings.telemetry')}</p>
    </>
  );
}

function JobDefaults({
  models,
  tools,
}: {
  readonly models: readonly ModelView[];
  readonly tools: readonly ToolInfo[];
}) {
  const { t } = useTranslation();
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  const [cap, setCap] = useState(settings?.max_usd ?? '');
  if (settings === null) return null;
  const valid = /^\d+(\.\d{1,6})?$/.test(cap);
  return (
    <>
      <p className="muted">{t('settings.jobNote')}</p>
      <ModelField models={models} value={settings.model} onChange={(model) => run(() => change({ model }))} />
      <div className="field-row">
        <label className="field">
          <span>{t('settings.cap')}</span>
          <input
            inputMode="decimal"
            value={cap}
            aria-invalid={!valid}
            onChange={(event) => setCap(event.target.value)}
            onBlur={() => (valid ? run(() => change({ max_usd: cap })) : setCap(settings.max_usd))}
          />
        </label>
        <label className="field">
          <span>{t('settings.repairs')}</span>
          <input
            type="number"
            min={0}
            max={50}
            value={settings.max_repairs}
            onChange={(event) =>
              run(() => change({ max_repairs: Math.max(0, Math.min(50, Math.trunc(Number(event.target.value)))) }))
            }
          />
        </label>
      </div>
      <div className="field-row">
        <ToolField
          label={t('settings.lintTool')}
          action="lint"
          tools={tools}
          value={settings.lint_tool}
          onChange={(lint_tool) => run(() => change({ lint_tool }))}
        />
        <ToolField
          label={t('settings.simTool')}
          action="simulate"
          tools={tools}
          value={settings.sim_tool}
          onChange={(sim_tool) => run(() => change({ sim_tool }))}
        />
      </div>
      <GateFields gates={settings.gates} onChange={(gates) => run(() => change({ gates }))} />
    </>
  );
}

function About({ tools }: { readonly tools: readonly ToolInfo[] }) {
  const { t } = useTranslation();
  const info = useSettings((store) => store.info);
  if (info === null) return null;
  return (
    <dl className="facts">
      <dt>genRTL</dt>
      <dd>{info.version}</dd>
      <dt>Node</dt>
      <dd>{info.node}</dd>
      <dt>{t('settings.shell')}</dt>
      <dd>{t(`settings.shells.${info.shell}`)}</dd>
      <dt>GENRTL_HOME</dt>
      <dd className="mono">{info.home}</dd>
      {tools
        .filter((tool) => tool.found)
        .map((tool) => (
          <Fragment key={tool.id}>
            <dt>{tool.title}</dt>
            <dd>
              {tool.version}
              {tool.edition === null ? '' : ` ${tool.edition}`}
            </dd>
          </Fragment>
        ))}
    </dl>
  );
}
