// The person's settings: language and theme, the defaults of a new job, the models and tools that were found.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CheckCircle2, XCircle } from 'lucide-react';
import type { ErrorBody, ModelView, ToolInfo } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Chip, ErrorNote, Spinner } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatUsd } from '../../ui/format.ts';
import { GateFields, ModelField, ToolField } from './job-fields.tsx';

const SECTIONS = ['general', 'job', 'models', 'tools', 'about'] as const;
type Section = (typeof SECTIONS)[number];

export function SettingsDialog() {
  const { t } = useTranslation();
  const close = useDialogs((store) => store.close);
  const [section, setSection] = useState<Section>('general');
  const [models, setModels] = useState<readonly ModelView[] | null>(null);
  const [tools, setTools] = useState<readonly ToolInfo[] | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  useEffect(() => {
    const failed = (failure: unknown): void => setError(errorBody(failure));
    bridge.call('models.list', {}).then((answer) => setModels(answer.models), failed);
    bridge.call('tools.list', {}).then((answer) => setTools(answer.tools), failed);
  }, []);
  return (
    <Dialog title={t('settings.title')} size="large" onClose={close}>
      <div className="settings">
        <div className="settings-nav" role="tablist" aria-orientation="vertical" aria-label={t('settings.title')}>
          {SECTIONS.map((name) => <button key={name} type="button" role="tab" aria-selected={section === name} onClick={() => setSection(name)}>{t(`settings.sections.${name}`)}</button>)}
        </div>
        <div className="settings-body" role="tabpanel" aria-label={t(`settings.sections.${section}`)}>
          {error === null ? null : <ErrorNote error={error} />}
          {section === 'general' ? <General /> : null}
          {section === 'job' ? <JobDefaults models={models ?? []} tools={tools ?? []} /> : null}
          {section === 'models' ? <Models models={models} /> : null}
          {section === 'tools' ? <Tools tools={tools} /> : null}
          {section === 'about' ? <About /> : null}
        </div>
      </div>
    </Dialog>
  );
}

function General() {
  const { t } = useTranslation();
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  if (settings === null) return null;
  return (
    <>
      <label className="field"><span>{t('settings.language')}</span>
        <select value={settings.language} onChange={(event) => run(() => change({ language: event.target.value === 'zh-CN' ? 'zh-CN' : 'en' }))}>
          <option value="en">English</option><option value="zh-CN">简体中文</option>
        </select>
      </label>
      <label className="field"><span>{t('settings.theme')}</span>
        <select value={settings.theme} onChange={(event) => run(() => change({ theme: event.target.value === 'light' ? 'light' : 'dark' }))}>
          <option value="dark">{t('settings.dark')}</option><option value="light">{t('settings.light')}</option>
        </select>
      </label>
      <p className="muted">{t('settings.telemetry')}</p>
    </>
  );
}

function JobDefaults({ models, tools }: { readonly models: readonly ModelView[]; readonly tools: readonly ToolInfo[] }) {
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
        <label className="field"><span>{t('settings.cap')}</span><input inputMode="decimal" value={cap} aria-invalid={!valid} onChange={(event) => setCap(event.target.value)} onBlur={() => (valid ? run(() => change({ max_usd: cap })) : setCap(settings.max_usd))} /></label>
        <label className="field"><span>{t('settings.repairs')}</span><input type="number" min={0} max={50} value={settings.max_repairs} onChange={(event) => run(() => change({ max_repairs: Math.max(0, Math.min(50, Math.trunc(Number(event.target.value)))) }))} /></label>
      </div>
      <div className="field-row">
        <ToolField label={t('settings.lintTool')} action="lint" tools={tools} value={settings.lint_tool} onChange={(lint_tool) => run(() => change({ lint_tool }))} />
        <ToolField label={t('settings.simTool')} action="simulate" tools={tools} value={settings.sim_tool} onChange={(sim_tool) => run(() => change({ sim_tool }))} />
      </div>
      <GateFields gates={settings.gates} onChange={(gates) => run(() => change({ gates }))} />
    </>
  );
}

function Models({ models }: { readonly models: readonly ModelView[] | null }) {
  const { t } = useTranslation();
  if (models === null) return <Spinner label={t('ui.loading')} />;
  const price = (amount: string | null): string => (amount === null ? '–' : formatUsd(amount));
  return (
    <>
      <p className="muted">{t('settings.modelsNote')}</p>
      <table className="table">
        <thead><tr><th>{t('usage.model')}</th><th>{t('settings.provider')}</th><th className="number">{t('settings.inputPrice')}</th><th className="number">{t('settings.outputPrice')}</th></tr></thead>
        <tbody>{models.map((model) => <tr key={model.id}><td className="mono">{model.id}{model.priced ? null : <Chip tone="warning">{t('settings.unpriced')}</Chip>}</td><td>{model.provider}</td><td className="number">{price(model.input_usd_per_mtok)}</td><td className="number">{price(model.output_usd_per_mtok)}</td></tr>)}</tbody>
      </table>
    </>
  );
}

function Tools({ tools }: { readonly tools: readonly ToolInfo[] | null }) {
  const { t } = useTranslation();
  if (tools === null) return <Spinner label={t('ui.loading')} />;
  return (
    <table className="table">
      <thead><tr><th>{t('settings.tool')}</th><th>{t('usage.version')}</th><th>{t('settings.path')}</th></tr></thead>
      <tbody>
        {tools.map((tool) => (
          <tr key={tool.id}>
            <td className="tool-name">{tool.found ? <CheckCircle2 size={14} className="tone-ok" aria-label={t('settings.found')} /> : <XCircle size={14} className="tone-muted" aria-label={t('settings.notFound')} />}{tool.title}{tool.tested_against_real_tool ? null : <Chip tone="muted" title={t('settings.untestedNote')}>{t('settings.untested')}</Chip>}</td>
            <td>{tool.version ?? '–'}{tool.edition === null ? '' : ` ${tool.edition}`}</td><td className="mono path" title={tool.path ?? ''}>{tool.path ?? t('settings.notFound')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function About() {
  const { t } = useTranslation();
  const info = useSettings((store) => store.info);
  if (info === null) return null;
  return (
    <dl className="facts">
      <dt>genRTL</dt><dd>{info.version}</dd>
      <dt>Node</dt><dd>{info.node}</dd>
      <dt>{t('settings.shell')}</dt><dd>{t(`settings.shells.${info.shell}`)}</dd>
      <dt>GENRTL_HOME</dt><dd className="mono">{info.home}</dd>
    </dl>
  );
}
