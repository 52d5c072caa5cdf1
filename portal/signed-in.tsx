// What needs a person shows itself once there is one; until then, the way to become one stands at the same address.
import { useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Spinner } from '@genrtl/ui/controls.tsx';
import { forgetAnswers, useAnswer, useOwnAccount } from './api/answers.ts';
import { useTexts } from './i18n/index.ts';
import { LocalToken } from './pages/local-token.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { CardPage } from './parts/card-page.tsx';
import { FailureNote } from './parts/controls.tsx';

export function SignedIn() {
  const { t } = useTexts();
  const account = useOwnAccount();
  const out = account.data === null;
  useEffect(() => {
    if (out) forgetAnswers();
  }, [out]);
  const here = useAnswer('GET signInProviders', out ? {} : null);
  const state: unknown = useLocation().state;
  const saved = typeof state === 'object' && state !== null && 'said' in state && state.said === 'sign.saved';
  if (account.data != null) return <Outlet />;
  const error = out ? here.error : account.error;
  if (error !== null)
    return (
      <CardPage title={t('title')}>
        <FailureNote error={error} />
      </CardPage>
    );
  if (!out || here.data === undefined)
    return (
      <div className="portal-card-page">
        <Spinner label={t('ui.loading')} />
      </div>
    );
  return here.data.accounts ? <SignIn said={saved ? t('sign.saved') : null} /> : <LocalToken />;
}
