// One skill: what it does and measures, and a form made from its parameter schema.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shippedText } from '../../i18n/index.ts';
import { Play } from 'lucide-react';
import type { ErrorBody } from '@genrtl/contracts';
import type { SkillCard } from '@genrtl/contracts/skill-views.ts';
import type { IpcRequest } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip, ErrorNote } from '@genrtl/ui/controls.tsx';
import { fieldsOf, valuesOf } from './parameter-form.ts';
import type { ParameterField } from './parameter-form.ts';

const LAUNCHERS: readonly IpcRequest<'skills.run'>['launcher'][] = ['local', 'slurm', 'lsf', 'dsub'];

export function SkillForm({
  card,
  onStarted,
}: {
  readonly card: SkillCard;
  readonly onStarted: (jobId: string) => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  // a skill of another origin may have a shipped one's name, and speaks for itself
  const text = (kind: 'title' | 'description', own: string): string =>
    card.origin === 'shipped' ? shippedText('skills', card.name, kind, own) : own;
  const fields = fieldsOf(card.parameters);
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map((field) => [field.name, field.initial])),
  );
  const [database, setDatabase] = useState('');
  const [design, setDesign] = useState('');
  const [launcher, setLauncher] = useState(LAUNCHERS[0] ?? 'local');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorBody | null>(null);
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  const start = async (): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      const { job_id } = await bridge.call('skills.run', {
        workspace,
        skill: card.name,
        parameters: valuesOf(fields, entered),
        database: orNull(database),
        design: orNull(design),
        launcher,
        tool: null,
      });
      onStarted(job_id);
    } catch (failure) {
      setError(errorBody(failure));
    } finally {
      setBusy(false);
    }
  };
  const filled = (name: string): boolean => (name === 'database' ? database : (entered[name] ?? '')).trim() !== '';
  const missing = fields.filter((field) => field.required && !filled(field.name)).map((field) => field.title);
  const noInput = card.one_of.length > 0 && !card.one_of.some(filled);
  const titleOf = (name: string): string =>
    name === 'database' ? t('skills.database') : (fields.find((field) => field.name === name)?.title ?? name);
  return (
    <form
      className="skill-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <header>
        <h2>{text('title', card.title)}</h2>
        {card.version === null ? null : <Chip tone="muted">{card.version}</Chip>}
        {card.host === null ? null : <Chip tone="muted">{card.host}</Chip>}
      </header>
      <p>{text('description', card.description)}</p>
      {card.diagnostics.length === 0 ? null : (
        <ul className="step-findings">
          {card.diagnostics.map((found) => (
            <li key={`${found.file ?? ''}:${found.line ?? 0} ${found.message}`} className="tone-error">
              <span className="mono">
                {found.file}:{found.line}
              </span>
              <span>{found.message}</span>
            </li>
          ))}
        </ul>
      )}
      {card.installed || card.host === null ? null : (
        <p className="notice-inline">{t('skills.toolMissing', { tool: card.host })}</p>
      )}
      {card.hides_shipped ? <p className="notice-inline">{t('skills.hidesShipped', { name: card.name })}</p> : null}
      {card.trusted ? null : <Trust card={card} onFailed={setError} />}
      {card.metrics.length === 0 ? null : (
        <p className="muted">{t('skills.measures', { metrics: card.metrics.join(', ') })}</p>
      )}
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={entered[field.name] ?? ''}
          onChange={(value) => setEntered({ ...entered, [field.name]: value })}
        />
      ))}
      {card.database_forms.length > 0 ? (
        <label className="field">
          <span>
            {t('skills.database')}
            {card.database ? ` · ${t('skills.required')}` : ''}
          </span>
          <input
            value={database}
            spellCheck={false}
            placeholder={t('skills.databaseNote', { forms: card.database_forms.join(', ') })}
            onChange={(event) => setDatabase(event.target.value)}
          />
        </label>
      ) : null}
      <div className="field-row">
        <label className="field">
          <span>{t('skills.design')}</span>
          <input
            value={design}
            spellCheck={false}
            placeholder={t('skills.designNote')}
            onChange={(event) => setDesign(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t('skills.launcher')}</span>
          <select
            value={launcher}
            onChange={(event) => setLauncher(LAUNCHERS.find((id) => id === event.target.value) ?? 'local')}
          >
            {LAUNCHERS.map((id) => (
              <option key={id} value={id}>
                {t(`skills.launchers.${id}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error === null ? null : <ErrorNote error={error} />}
      {missing.length === 0 ? null : <p className="muted">{t('skills.missing', { fields: missing.join(', ') })}</p>}
      {noInput ? <p className="muted">{t('skills.oneOf', { fields: card.one_of.map(titleOf).join(', ') })}</p> : null}
      <div>
        <Button
          tone="primary"
          type="submit"
          icon={Play}
          disabled={busy || missing.length > 0 || noInput || !card.trusted || card.parameters === null}
        >
          {t('skills.run')}
        </Button>
      </div>
    </form>
  );
}

/** A skill that came with the workspace, and that nobody on this machine let run as it is now. */
function Trust({ card, onFailed }: { readonly card: SkillCard; readonly onFailed: (error: ErrorBody) => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { sha256 } = card;
  if (sha256 === null) return null;
  return (
    <section className="notice-inline skill-trust">
      <p>{t('skills.trustNote', { folder: card.folder, tool: card.host ?? '' })}</p>
      <Button
        onClick={() => {
          bridge
            .call('skills.trust', { workspace, skill: card.name, sha256 })
            .catch((failure: unknown) => onFailed(errorBody(failure)));
        }}
      >
        {t('skills.trust')}
      </Button>
    </section>
  );
}

function Field({
  field,
  value,
  onChange,
}: {
  readonly field: ParameterField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const label = (
    <span>
      {field.title}
      {field.required ? ` · ${t('skills.required')}` : ''}
      {field.note === '' ? '' : ` · ${field.note}`}
    </span>
  );
  if (field.kind === 'choice' || field.kind === 'switch') {
    const choices = field.kind === 'switch' ? ['true', 'false'] : field.choices;
    return (
      <label className="field">
        {label}
        <select value={value} onChange={(event) => onChange(event.target.value)}>
          {choices.includes(value) ? null : <option value={value}>–</option>}
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {field.kind === 'switch' ? t(`skills.switch.${choice === 'true' ? 'on' : 'off'}`) : choice}
            </option>
          ))}
        </select>
      </label>
    );
  }
  return (
    <label className="field">
      {label}
      <input
        value={value}
        spellCheck={false}
        inputMode={field.kind === 'number' ? 'decimal' : 'text'}
        placeholder={field.kind === 'list' ? t('skills.list') : ''}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
