// Shows exactly what would run and what it asks for; a yes trusts these commands and no others.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ShieldQuestion } from 'lucide-react';
import type { CheckView } from '@genrtl/contracts';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { bridge } from '../../bridge/bridge.ts';
import { showError } from '../../state/notice-store.ts';
import { useTrust } from './trust-store.ts';

interface TrustDialogProps {
  readonly workspace: string;
  readonly checks: readonly CheckView[];
}

export function TrustDialog({ workspace, checks }: TrustDialogProps) {
  const { t } = useTranslation();
  const answer = useTrust((store) => store.answer);
  const [busy, setBusy] = useState(false);
  const strange = checks.filter(({ trusted }) => trusted === false);
  const trust = async (): Promise<void> => {
    setBusy(true);
    try {
      await bridge.call('checks.trust', { workspace, keys: strange.flatMap(({ key }) => (key === null ? [] : [key])) });
      answer(true);
    } catch (error) {
      showError(error);
      answer(false);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t('checks.trustTitle')}
      onClose={() => answer(false)}
      footer={
        <>
          <Button onClick={() => answer(false)}>{t('checks.notTrusted')}</Button>
          <Button tone="primary" icon={ShieldQuestion} disabled={busy} onClick={() => void trust()}>
            {t('checks.trust')}
          </Button>
        </>
      }
    >
      <p>{t('checks.trustNote')}</p>
      <ul className="trust-list">
        {strange.map((check) => (
          <Command key={check.name} check={check} />
        ))}
      </ul>
    </Dialog>
  );
}

/** A command with what it asks for beside the workspace. */
function Command({ check: { name, what, needs } }: { readonly check: CheckView }) {
  const { t } = useTranslation();
  const places = (key: 'home' | 'read' | 'write' | 'env'): string => needs?.[key].join(', ') ?? '';
  const parts = [
    ...(needs?.network === true ? [t('checks.needsNetwork')] : []),
    ...(places('home') === '' ? [] : [t('checks.needsHome', { places: places('home') })]),
    ...(places('read') === '' ? [] : [t('checks.needsRead', { places: places('read') })]),
    ...(places('write') === '' ? [] : [t('checks.needsWrite', { places: places('write') })]),
    ...(places('env') === '' ? [] : [t('checks.needsEnv', { places: places('env') })]),
  ];
  return (
    <li>
      <b>{name}</b>
      <code>{what}</code>
      {parts.length === 0 ? null : <span className="muted">{parts.join('; ')}</span>}
    </li>
  );
}
