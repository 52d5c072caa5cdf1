// A program on the person's own machine asks to sign in (RFC 8252): what it asks for goes to the backend as it came.
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { AuthorizeRequest } from '@genrtl/contracts/http/accounts.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { CardPage, Said } from '../parts/card-page.tsx';
import { FailureNote } from '../parts/controls.tsx';
import { SignedInAs } from '../parts/signed-in-as.tsx';

export function AuthorizePage() {
  const { t } = useTexts();
  const [query] = useSearchParams();
  const [said, setSaid] = useState<string | null>(null);
  const doing = useAct();
  const asked = Object.fromEntries(query) as unknown as AuthorizeRequest;
  /** The program waits for either answer. */
  const decide = async (approve: boolean): Promise<void> => {
    await doing.run(async () => {
      const { redirect_to: back } = await ask('POST authorize', { body: { ...asked, approve } });
      setSaid(t('authorize.back'));
      location.assign(back);
    });
  };
  if (!query.has('redirect_uri'))
    return (
      <CardPage title={t('authorize.title')}>
        <Said>{t('authorize.broken')}</Said>
      </CardPage>
    );
  return (
    <CardPage title={t('authorize.title')}>
      <Said>{said}</Said>
      {said === null ? (
        <>
          <p>{t('authorize.asks')}</p>
          <dl className="facts portal-facts">
            <dt>{t('device.name')}</dt>
            <dd>{query.get('device') ?? '?'}</dd>
          </dl>
          <div className="portal-buttons">
            <Button tone="primary" disabled={doing.busy} onClick={() => void decide(true)}>
              {t('device.approve')}
            </Button>
            <Button disabled={doing.busy} onClick={() => void decide(false)}>
              {t('device.deny')}
            </Button>
          </div>
          <SignedInAs />
        </>
      ) : null}
      <FailureNote error={doing.error} />
    </CardPage>
  );
}
