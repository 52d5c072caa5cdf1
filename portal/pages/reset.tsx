// The link of a reset mail: a new password, then signing in with it.
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Button } from '@genrtl/ui/controls.tsx';
import { identity } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { CardPage, Said } from '../parts/card-page.tsx';
import { Form } from '../parts/controls.tsx';
import { NewPassword } from './sign-in.tsx';

export function ResetPage() {
  const { t } = useTexts();
  const [query] = useSearchParams();
  const go = useNavigate();
  const [newPassword, setNewPassword] = useState('');
  const token = query.get('token');
  if (token === null)
    return (
      <CardPage title={t('sign.forgot')}>
        <Said>{t('sign.linkOver')}</Said>
        <Button tone="primary" onClick={() => void go('/account')}>
          {t('sign.toSignIn')}
        </Button>
      </CardPage>
    );
  return (
    <CardPage title={t('sign.forgot')}>
      <Form
        label={t('sign.setPassword')}
        submit={() => identity('/reset-password', { newPassword, token })}
        onDone={() => void go('/account', { state: { said: 'sign.saved' } })}
      >
        <NewPassword label={t('sign.newPassword')} value={newPassword} onChange={setNewPassword} />
      </Form>
    </CardPage>
  );
}
