// What a new job takes: specification, model, cap, repairs, tools, gates. Values start from the person's settings.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChevronLeft, Play } from 'lucide-react';
import type { ErrorBody, Gates } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';
import { TakeSpec } from '../start/take-spec.tsx';
import { withTrust } from '../checks/trust-store.ts';
import { SpecField, WhatHappens } from './spec-field.tsx';
import { GateFields, ModelField, ToolField } from '../settings/job-fields.tsx';
import { OutgoingCard } from './outgoing-card.tsx';

interface JobFormProps {
  readonly onStarted: () => void;
  readonly onBack?: () => void;
}

export function JobForm({ onStarted, onBack }: JobFormProps) {
  const { t } = useTranslation();
  const view = useWorkspace((store) => store.view);
  const spec = useWorkspace((store) => store.spec);
  const settings = useSettings((store) => store.settings);
  const defaults = {
    model: settings?.model ?? null,
    max_usd: settings?.max_usd ?? '20.00',
    max_repairs: settings?.max_repairs ?? 5,
    lint_tool: settings?.lint_tool ?? 'verilator',
    sim_tool: settings?.sim_tool ?? 'icarus',
    gates: settings?.gates ?? ({ plan: 'ask', purchase: 'ask', patch: 'auto' } as Gates),
  };
  // only what was changed here is this form's own: the rest follows the settings
  const [own, setOwn] = useState<Partial<typeof defaults>>({});
  const form = { ...defaults, ...own };
  const models = useCall('models.list', {}).data?.models ?? [];
  const tools = useCall('tools.list', {}).data?.tools ?? [];
  const [picked, setPicked] = useState<readonly File[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  if (view === null) return null;

  const start = async (): Promise<void> => {
    if (spec === null) return;
    setBusy(true);
    setError(null);
    try {
      await withTrust(() =>
        bridge.call('job.start', {
          workspace: view.path,
          settings: { ...form, spec_path: spec, accept_dir: null },
        }),
      );
      const opened = await bridge.call('workspace.open', { path: view.path });
      if (useJob.getState().state?.job_id !== opened.job?.job_id) useJob.getState().reset(opened.job);
      onStarted();
    } catch (failure) {
      setError(errorBody(failure));
    } finally {
      setBusy(false);
    }
  };
  const change = (part: Partial<typeof form>): void => setOwn((before) => ({ ...before, ...part }));
  const priced = /^\d+(\.\d{1,6})?$/.test(form.max_usd);

  return (
    <form
      className="job-form"
      data-job-form
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <div className="job-form-head">
        {onBack === undefined ? null : <IconButton label={t('ui.back')} icon={ChevronLeft} onClick={onBack} />}
        <h2>{t('agent.newJob')}</h2>
      </div>
      <p className="muted">{t('agent.newJobNote')}</p>
      <SpecField spec={spec} workspace={view.path} onPick={setPicked} />
      <ModelField models={models} value={form.model} onChange={(model) => change({ model })} />
      <WhatHappens spec={spec} workspace={view.path} model={form.model} models={models} />
      <div className="field-row">
        <label className="field">
          <span>{t('settings.cap')}</span>
          <input
            inputMode="decimal"
            value={form.max_usd}
            aria-invalid={!priced}
            onChange={(event) => change({ max_usd: event.target.value })}
          />
        </label>
        <label className="field">
          <span>{t('settings.repairs')}</span>
          <input
            type="number"
            min={0}
            max={50}
            value={form.max_repairs}
            onChange={(event) => change({ max_repairs: Math.max(0, Math.min(50, Number(event.target.value))) })}
          />
        </label>
      </div>
      <div className="field-row">
        <ToolField
          label={t('settings.lintTool')}
          action="lint"
          tools={tools}
          value={form.lint_tool}
          onChange={(lint_tool) => change({ lint_tool })}
        />
        <ToolField
          label={t('settings.simTool')}
          action="simulate"
          tools={tools}
          value={form.sim_tool}
          onChange={(sim_tool) => change({ sim_tool })}
        />
      </div>
      <GateFields gates={form.gates} onChange={(gates) => change({ gates })} />
      <OutgoingCard workspace={view.path} spec={spec} model={form.model} />
      {picked.length === 0 ? null : <TakeSpec files={picked} workspace={view.path} onClose={() => setPicked([])} />}
      {error === null ? null : (
        <div ref={(note) => note?.scrollIntoView({ block: 'nearest' })}>
          <ErrorNote error={error} />
        </div>
      )}
      {spec === null ? <p className="muted">{t('agent.needsSpec')}</p> : null}
      <Button tone="primary" type="submit" icon={Play} disabled={busy || spec === null || !priced}>
        {t('agent.run')}
      </Button>
    </form>
  );
}
