// A device shows a code; here the person sees which device it is and where it asks from, and lets it in or refuses.
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { DeviceView } from '@genrtl/contracts/http/accounts.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { bodyOf, Failure } from '../api/failure.ts';
import { useTexts } from '../i18n/index.ts';
import { CardPage, Said } from '../parts/card-page.tsx';
import { FailureNote, Field, Form } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';
import { SignedInAs } from '../parts/signed-in-as.tsx';

export function DevicePage() {
  const { t } = useTexts();
  const [query] = useSearchParams();
  const [code, setCode] = useState(query.get('user_code') ?? '');
  const [device, setDevice] = useState<DeviceView | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const doing = useAct();
  const decide = async (approve: boolean): Promise<void> => {
    const done = await doing.run(() =>
      ask('POST deviceDecision', { body: { user_code: device?.user_code ?? '', approve } }),
    );
    if (!done) return;
    setSaid(t(approve ? 'device.approved' : 'device.denied'));
    setOver(true);
  };
  return (
    <CardPage title={t('device.title')}>
      <Said>{said}</Said>
      {over ? null : device === null ? (
        <Form
          label={t('device.next')}
          submit={async () => {
            setSaid(null);
            setDevice(
              await ask('GET deviceDecision', { query: { user_code: code } }).catch((error: unknown) => {
                // which of the reasons it is tells a guesser nothing, and the person what to do
                if (bodyOf(error).code !== 'NOT_FOUND') throw error;
                throw new Failure({ ...bodyOf(error), message: t('device.noCode'), code: 'NO_SUCH_CODE' });
              }),
            );
          }}
        >
          <Field label={t('device.code')} value={code} onChange={setCode} required autoFocus maxLength={20} />
        </Form>
      ) : (
        <>
          <p>{t('device.asks')}</p>
          <dl className="facts portal-facts">
            <dt>{t('device.code')}</dt>
            <dd>
              <code className="portal-code">{device.user_code}</code>
            </dd>
            <dt>{t('device.name')}</dt>
            <dd>{device.device}</dd>
            <dt>{t('device.place')}</dt>
            <dd>{device.place}</dd>
            <dt>{t('device.askedAt')}</dt>
            <dd>
              <When at={device.asked_at} />
            </dd>
          </dl>
          <div className="portal-buttons">
            <Button tone="primary" disabled={doing.busy} onClick={() => void decide(true)}>
              {t('device.approve')}
            </Button>
            <Button disabled={doing.busy} onClick={() => void decide(false)}>
              {t('device.deny')}
            </Button>
          </div>
          <FailureNote error={doing.error} />
        </>
      )}
      {over ? null : <SignedInAs />}
    </CardPage>
  );
}
