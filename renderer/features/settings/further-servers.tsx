// OpenAI-compatible servers beside the first one: asked for their models, taken with all of them, and dropped again.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PlugZap, X } from 'lucide-react';
import type { ErrorBody, ModelProbe, UserSettings } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { Button, ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';

const isUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);
/** As the settings take it: the keys of OpenAI and Anthropic go to nobody else. */
const isKeyName = (text: string): boolean =>
  text === '' || (/^[A-Z][A-Z0-9_]*_API_KEY$/.test(text) && !/^(OPENAI|ANTHROPIC)_/.test(text));
const MOST_MODELS = 500;

interface FurtherServersProps {
  readonly settings: UserSettings;
  readonly onSave: (part: Partial<UserSettings>) => void;
}

export function FurtherServers({ settings, onSave }: FurtherServersProps) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [keyName, setKeyName] = useState('');
  const [found, setFound] = useState<ModelProbe | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const servers = settings.model_servers;
  const address = url.trim();
  const fits = isUrl(address) && isKeyName(keyName.trim());
  const key = keyName.trim() === '' ? null : keyName.trim();
  const ask = (): void => {
    setFound(null);
    setError(null);
    bridge
      .call('models.probe', { server: 'openai', url: address, key_env: key })
      .then(setFound, (failure: unknown) => setError(errorBody(failure)));
  };
  const take = (probe: ModelProbe, free: boolean): void => {
    const models = probe.models.slice(0, MOST_MODELS);
    const others = servers.filter((server) => server.url !== address);
    onSave({
      model_servers: [...others, { name: probe.host, url: address, models, key_env: key }],
      ...(free
        ? {
            model_prices: {
              ...settings.model_prices,
              ...Object.fromEntries(
                models
                  .filter((model) => settings.model_prices[model] === undefined)
                  .map((model) => [model, { input: '0', output: '0' }]),
              ),
            },
          }
        : {}),
    });
    setUrl('');
    setKeyName('');
    setFound(null);
  };
  return (
    <section className="settings-prices" aria-label={t('settings.further.title')}>
      <h3>{t('settings.further.title')}</h3>
      <p className="muted">{t('settings.further.note')}</p>
      <ul>
        {servers.map((server) => (
          <li key={server.url}>
            <span className="mono path">{server.url}</span>
            <span className="muted" title={server.models.join(', ')}>
              {t('settings.further.models', { count: server.models.length })}
              {server.key_env === null ? '' : ` · ${server.key_env}`}
            </span>
            <IconButton
              label={t('settings.further.drop', { name: server.name })}
              icon={X}
              onClick={() => onSave({ model_servers: servers.filter((other) => other !== server) })}
            />
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) ask();
        }}
      >
        <input
          className="mono"
          aria-label={t('settings.further.url')}
          placeholder="http://gpu2:8000/v1"
          spellCheck={false}
          value={url}
          aria-invalid={address !== '' && !isUrl(address)}
          onChange={(event) => setUrl(event.target.value)}
        />
        <input
          className="mono"
          aria-label={t('settings.further.keyName')}
          placeholder={t('settings.further.keyName')}
          title={t('settings.further.keyNote')}
          spellCheck={false}
          value={keyName}
          aria-invalid={!isKeyName(keyName.trim())}
          onChange={(event) => setKeyName(event.target.value)}
        />
        <Button type="submit" icon={PlugZap} disabled={!fits}>
          {t('settings.further.ask')}
        </Button>
      </form>
      {error === null ? null : <ErrorNote error={error} />}
      {found === null ? null : (
        <>
          <p className="tone-ok" role="status" title={found.models.join(', ')}>
            {t('settings.probed', { host: found.host, count: found.models.length, ms: found.took_ms })}
          </p>
          <div className="settings-probe-row">
            <Button disabled={found.models.length === 0} onClick={() => take(found, true)}>
              {t('settings.further.takeFree')}
            </Button>
            <Button disabled={found.models.length === 0} onClick={() => take(found, false)}>
              {t('settings.further.takePriced')}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}
