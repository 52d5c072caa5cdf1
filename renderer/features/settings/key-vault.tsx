// Keeping keys where the system has no key store: a passphrase of the person's encrypts them, and is said once a start.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { run } from '../../state/notice-store.ts';
import { Button, ErrorNote } from '@genrtl/ui/controls.tsx';

const SHORTEST = 8;

export function KeyVault({ state }: { readonly state: 'none' | 'locked' | 'open' }) {
  const { t } = useTranslation();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<ErrorBody | null>(null);
  const forget = (
    <Button tone="danger" onClick={() => run(() => bridge.call('secrets.forget', {}))}>
      {t('settings.vault.forget')}
    </Button>
  );
  if (state === 'open') return <div className="settings-vault">{forget}</div>;
  const fits = passphrase.length >= SHORTEST && (state === 'locked' || passphrase === again);
  return (
    <form
      className="settings-vault"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (!fits) return;
        bridge.call('secrets.open', { passphrase }).then(
          () => {
            setError(null);
            setPassphrase('');
            setAgain('');
          },
          (failure: unknown) => setError(errorBody(failure)),
        );
      }}
    >
      <input
        type="password"
        autoComplete="off"
        aria-label={t('settings.vault.passphrase')}
        placeholder={t('settings.vault.passphrase')}
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
      />
      {state === 'locked' ? null : (
        <input
          type="password"
          autoComplete="off"
          aria-label={t('settings.vault.again')}
          placeholder={t('settings.vault.again')}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      )}
      <Button type="submit" disabled={!fits}>
        {t(state === 'locked' ? 'settings.vault.unlock' : 'settings.vault.choose')}
      </Button>
      {state === 'locked' ? forget : null}
      {error === null ? null : <ErrorNote error={error} />}
    </form>
  );
}
