// Models: keys (written, never shown again), servers on the site, prices for what has no rate card, and what the router
// offers now.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyRound, PlugZap, Plus, X } from 'lucide-react';
import type { SecretName, UserSettings } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Button, Chip, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { FurtherServers } from './further-servers.tsx';
import { KeyVault } from './key-vault.tsx';
import { UrlSetting } from './url-setting.tsx';

const PROVIDERS: Readonly<Record<SecretName, 'OpenAI' | 'Anthropic'>> = {
  OPENAI_API_KEY: 'OpenAI',
  ANTHROPIC_API_KEY: 'Anthropic',
};
const AMOUNT = /^\d{1,6}(\.\d{1,6})?$/;

export function ModelsSection() {
  const { t } = useTranslation();
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  const models = useCall('models.list', {}).data?.models;
  if (settings === null) return null;
  const save = (part: Partial<UserSettings>): void => run(() => change(part));
  const price = (amount: string | null): string => (amount === null ? '–' : formatUsd(amount));
  return (
    <>
      <Keys />
      <div className="field-row">
        <UrlSetting
          label={t('settings.openaiUrl')}
          value={settings.openai_base_url}
          placeholder="https://api.openai.com/v1"
          onSave={(openai_base_url) => save({ openai_base_url })}
        />
        <UrlSetting
          label={t('settings.anthropicUrl')}
          value={settings.anthropic_base_url}
          placeholder="https://api.anthropic.com"
          onSave={(anthropic_base_url) => save({ anthropic_base_url })}
        />
      </div>
      <Probe
        settings={settings}
        onTake={(model, free) =>
          save({
            default_model: model,
            // a server on the site costs nothing by the token; a price is needed all the same
            ...(free ? { model_prices: { ...settings.model_prices, [model]: { input: '0', output: '0' } } } : {}),
          })
        }
      />
      <FurtherServers settings={settings} onSave={save} />
      <DefaultModel value={settings.default_model} onSave={(default_model) => save({ default_model })} />
      <Prices prices={settings.model_prices} onSave={(model_prices) => save({ model_prices })} />
      <h3>{t('settings.offered')}</h3>
      {models === undefined ? (
        <Spinner label={t('ui.loading')} />
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>{t('usage.model')}</th>
              <th>{t('settings.provider')}</th>
              <th className="number">{t('settings.inputPrice')}</th>
              <th className="number">{t('settings.outputPrice')}</th>
            </tr>
          </thead>
          <tbody>
            {models.map((model) => (
              <tr key={model.id}>
                <td className="mono">
                  {model.id}
                  {model.priced ? null : <Chip tone="warning">{t('settings.unpriced')}</Chip>}
                  {model.default_for.map((service) => (
                    <Chip key={service} tone="accent">
                      {t(`settings.service.${service}`)}
                    </Chip>
                  ))}
                </td>
                <td>{model.provider}</td>
                <td className="number">{price(model.input_usd_per_mtok)}</td>
                <td className="number">{price(model.output_usd_per_mtok)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="muted">{t('settings.modelsNote')}</p>
    </>
  );
}

function Keys() {
  const { t } = useTranslation();
  const view = useCall('secrets.read', {}).data;
  const [entered, setEntered] = useState<Partial<Record<SecretName, string>>>({});
  if (view === undefined) return <Spinner label={t('ui.loading')} />;
  const write = (name: SecretName, value: string | null): void =>
    run(async () => {
      await bridge.call('secrets.write', { name, value });
      setEntered({ ...entered, [name]: '' });
    });
  return (
    <section className="settings-keys" aria-label={t('settings.keys')}>
      <h3>{t('settings.keys')}</h3>
      {view.secrets.map(({ name, from }) => {
        const value = entered[name] ?? '';
        return (
          <form
            key={name}
            className="settings-key"
            autoComplete="off"
            onSubmit={(event) => {
              event.preventDefault();
              if (value !== '') write(name, value);
            }}
          >
            <span className="settings-key-name">
              <KeyRound size={14} aria-hidden />
              {PROVIDERS[name]}
            </span>
            <input
              type="password"
              autoComplete="off"
              spellCheck={false}
              aria-label={t('settings.keyOf', { provider: PROVIDERS[name] })}
              placeholder={from === null ? t('settings.keyNone') : t(`settings.keyFrom.${from}`)}
              disabled={from === 'environment'}
              value={value}
              onChange={(event) => setEntered({ ...entered, [name]: event.target.value })}
            />
            <Button type="submit" disabled={value === ''}>
              {t('settings.keySet')}
            </Button>
            <Button disabled={from !== 'kept'} onClick={() => write(name, null)}>
              {t('settings.keyForget')}
            </Button>
          </form>
        );
      })}
      <p className="muted">{t(view.vault === 'locked' ? 'settings.keeps.locked' : `settings.keeps.${view.keeps}`)}</p>
      {view.vault === null ? null : <KeyVault state={view.vault} />}
    </section>
  );
}

function DefaultModel({
  value,
  onSave,
}: {
  readonly value: string | null;
  readonly onSave: (value: string | null) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(value ?? '');
  return (
    <label className="field">
      <span>{t('settings.siteModel')}</span>
      <input
        value={text}
        spellCheck={false}
        placeholder="qwen3-coder"
        onChange={(event) => setText(event.target.value)}
        onBlur={() => ((value ?? '') === text.trim() ? undefined : onSave(text.trim() === '' ? null : text.trim()))}
      />
    </label>
  );
}

function Prices({
  prices,
  onSave,
}: {
  readonly prices: UserSettings['model_prices'];
  readonly onSave: (prices: UserSettings['model_prices']) => void;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState({ model: '', input: '', output: '' });
  const valid = draft.model.trim() !== '' && AMOUNT.test(draft.input) && AMOUNT.test(draft.output);
  return (
    <section className="settings-prices" aria-label={t('settings.prices')}>
      <h3>{t('settings.prices')}</h3>
      <ul>
        {Object.entries(prices).map(([model, price]) => (
          <li key={model}>
            <span className="mono path">{model}</span>
            <span className="muted">
              {t('settings.priceOf', { input: formatUsd(price.input), output: formatUsd(price.output) })}
            </span>
            <IconButton
              label={t('settings.priceDrop', { model })}
              icon={X}
              onClick={() => onSave(Object.fromEntries(Object.entries(prices).filter(([other]) => other !== model)))}
            />
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!valid) return;
          onSave({ ...prices, [draft.model.trim()]: { input: draft.input, output: draft.output } });
          setDraft({ model: '', input: '', output: '' });
        }}
      >
        <input
          aria-label={t('usage.model')}
          placeholder={t('usage.model')}
          spellCheck={false}
          value={draft.model}
          onChange={(event) => setDraft({ ...draft, model: event.target.value })}
        />
        <input
          aria-label={t('settings.inputPrice')}
          placeholder={t('settings.inputPrice')}
          inputMode="decimal"
          value={draft.input}
          onChange={(event) => setDraft({ ...draft, input: event.target.value })}
        />
        <input
          aria-label={t('settings.outputPrice')}
          placeholder={t('settings.outputPrice')}
          inputMode="decimal"
          value={draft.output}
          onChange={(event) => setDraft({ ...draft, output: event.target.value })}
        />
        <Button type="submit" icon={Plus} disabled={!valid}>
          {t('settings.priceAdd')}
        </Button>
      </form>
    </section>
  );
}

/** Asks the servers for their models: proof that address and key are right, and names that need no typing. */
function Probe({
  settings,
  onTake,
}: {
  readonly settings: UserSettings;
  readonly onTake: (model: string, free: boolean) => void;
}) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<'openai' | 'anthropic' | null>(null);
  const [model, setModel] = useState('');
  const { data, error, loading, reload } = useCall('models.probe', asked === null ? null : { server: asked });
  const ask = (server: 'openai' | 'anthropic'): void => {
    setModel('');
    if (server === asked) reload();
    else setAsked(server);
  };
  const site = data?.server === 'openai' && settings.openai_base_url !== null;
  return (
    <section className="settings-probe" aria-label={t('settings.probe')}>
      <div className="settings-probe-row">
        <Button icon={PlugZap} onClick={() => ask('openai')}>
          {settings.openai_base_url === null
            ? t('settings.probeOf', { name: 'OpenAI' })
            : t('settings.probeSite', { host: hostOf(settings.openai_base_url) })}
        </Button>
        <Button icon={PlugZap} onClick={() => ask('anthropic')}>
          {t('settings.probeOf', { name: 'Anthropic' })}
        </Button>
        {loading ? <Spinner label={t('ui.loading')} /> : null}
      </div>
      {error === null ? null : <ErrorNote error={error} />}
      {data === undefined || error !== null ? null : (
        <>
          <p className="tone-ok" role="status">
            {t('settings.probed', { host: data.host, count: data.models.length, ms: data.took_ms })}
          </p>
          {site ? (
            <div className="settings-probe-row">
              <select
                aria-label={t('settings.probeModel')}
                value={model}
                onChange={(event) => setModel(event.target.value)}
              >
                <option value="">{t('settings.probeModel')}</option>
                {data.models.map((name) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
              <Button disabled={model === ''} onClick={() => onTake(model, true)}>
                {t('settings.takeFree')}
              </Button>
              <Button disabled={model === ''} onClick={() => onTake(model, false)}>
                {t('settings.takePriced')}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </section>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
