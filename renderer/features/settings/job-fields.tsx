// Fields that the settings and the form of a new job share: model, tool, gates.
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gates, ModelView, ToolInfo } from '@genrtl/contracts';

export function ModelField({
  models,
  value,
  onChange,
}: {
  readonly models: readonly ModelView[];
  readonly value: string | null;
  readonly onChange: (model: string | null) => void;
}) {
  const { t } = useTranslation();
  const known = value === null || models.some((model) => model.id === value);
  const onlyComposer = models.length > 0 && models.every((model) => model.provider === 'builtin');
  return (
    <label className="field">
      <span>{t('settings.model')}</span>
      <select value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}>
        <option value="">{t('settings.modelAuto')}</option>
        {known ? null : <option value={value}>{value}</option>}
        {models.map((model) => (
          <option key={model.id} value={model.id} disabled={!model.priced}>
            {model.id}
            {model.priced ? '' : ` – ${t('settings.unpriced')}`}
          </option>
        ))}
      </select>
      {onlyComposer ? <small className="muted">{t('settings.onlyComposer')}</small> : null}
    </label>
  );
}

interface ToolFieldProps {
  readonly label: string;
  readonly action: 'lint' | 'simulate';
  readonly tools: readonly ToolInfo[];
  readonly value: string;
  readonly onChange: (tool: string) => void;
}

export function ToolField({ label, action, tools, value, onChange }: ToolFieldProps) {
  const { t } = useTranslation();
  const fitting = tools
    .filter((tool) => tool.actions.includes(action))
    .sort((a, b) => Number(b.found) - Number(a.found));
  return (
    <label className="field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {fitting.some((tool) => tool.id === value) ? null : <option value={value}>{value}</option>}
        {fitting.map((tool) => (
          <option key={tool.id} value={tool.id} disabled={!tool.found}>
            {tool.title}
            {tool.found ? '' : ` – ${t('settings.notFound')}`}
          </option>
        ))}
      </select>
    </label>
  );
}

const GATES = ['plan', 'purchase', 'patch'] as const;

export function GateFields({ gates, onChange }: { readonly gates: Gates; readonly onChange: (gates: Gates) => void }) {
  const { t } = useTranslation();
  const group = useId();
  return (
    <fieldset className="gates">
      <legend>{t('settings.gates')}</legend>
      {GATES.map((gate) => (
        <div key={gate} className="gate-row">
          <span id={`${group}-${gate}`}>{t(`gate.${gate}.name`)}</span>
          <div className="segmented" role="radiogroup" aria-labelledby={`${group}-${gate}`}>
            {(['ask', 'auto'] as const).map((choice) => (
              <label key={choice} className={gates[gate] === choice ? 'segment segment-on' : 'segment'}>
                <input
                  type="radio"
                  className="visually-hidden"
                  name={`${group}-${gate}`}
                  checked={gates[gate] === choice}
                  onChange={() => onChange({ ...gates, [gate]: choice })}
                />
                {t(`gate.choice.${choice}`)}
              </label>
            ))}
          </div>
        </div>
      ))}
    </fieldset>
  );
}
