// A backend without accounts: whoever has its token is its one local account.
import { useState } from 'react';
import { keepToken } from '../api/local-token.ts';
import { ask } from '../api/calls.ts';
import { bodyOf, Failure } from '../api/failure.ts';
import { useTexts } from '../i18n/index.ts';
import { CardPage } from '../parts/card-page.tsx';
import { Field, Form } from '../parts/controls.tsx';

export function LocalToken() {
  const { t } = useTexts();
  const [token, setToken] = useState('');
  return (
    <CardPage title={t('local.title')}>
      <p className="muted">{t('local.note')}</p>
      <Form
        label={t('local.open')}
        submit={async () => {
          keepToken(token.trim());
          try {
            await ask('GET account');
          } catch (error) {
            keepToken(null);
            const { code } = bodyOf(error);
            if (code !== 'UNAUTHORIZED') throw error;
            throw new Failure({ code: 'TOKEN_REFUSED', message: t('local.refused'), retryable: false });
          }
        }}
      >
        <Field label={t('local.token')} type="password" value={token} onChange={setToken} required autoFocus />
      </Form>
    </CardPage>
  );
}
