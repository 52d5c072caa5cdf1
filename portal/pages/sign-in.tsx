// Signing in, signing up, and asking for a new password, at the address where it was needed: once signed in, the page
// that was opened shows itself.
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct, useAnswer } from '../api/answers.ts';
import { identity } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { CardPage, Said } from '../parts/card-page.tsx';
import { FailureNote, Field, Form } from '../parts/controls.tsx';

type Way = 'in' | 'up' | 'forgot' | 'mailed';

/** Of a code with which a link of a mail or another provider led back. */
const reasonOf = (code: string): 'sign.linkOver' | 'sign.confirm' | 'sign.elsewhere' =>
  /token/i.test(code) ? 'sign.linkOver' : code === 'email_not_verified' ? 'sign.confirm' : 'sign.elsewhere';

/** Links of mails lead back to where the person was. */
const here = (): string => location.pathname + location.search;

export function SignIn({ said: before = null }: { readonly said?: string | null }) {
  const { t } = useTexts();
  const [query] = useSearchParams();
  const [way, setWay] = useState<Way>('in');
  const [email, setEmail] = useState('');
  const [mailed, setMailed] = useState(false);
  const failed = query.get('error');
  const said = before ?? (mailed ? t('sign.mailed') : failed === null ? null : t(reasonOf(failed)));
  const toSignIn = (
    <Button tone="quiet" onClick={() => setWay('in')}>
      {t('sign.toSignIn')}
    </Button>
  );
  const afterMail = (): void => {
    setMailed(true);
    setWay('mailed');
  };
  return (
    <CardPage title={t(way === 'up' ? 'sign.up' : way === 'forgot' ? 'sign.forgot' : 'sign.in')}>
      <Said>{said}</Said>
      {way === 'up' ? (
        <SignUp email={email} onEmail={setEmail} onDone={afterMail} back={toSignIn} />
      ) : way === 'forgot' ? (
        <Form
          label={t('sign.forgot')}
          submit={() => identity('/request-password-reset', { email, redirectTo: '/reset' })}
          onDone={afterMail}
          others={toSignIn}
        >
          <Email value={email} onChange={setEmail} />
        </Form>
      ) : (
        <>
          <Password email={email} onEmail={setEmail} />
          <div className="portal-buttons">
            <Button tone="quiet" onClick={() => setWay('up')}>
              {t('sign.up')}
            </Button>
            <Button tone="quiet" onClick={() => setWay('forgot')}>
              {t('sign.forgot')}
            </Button>
            {way === 'mailed' && email !== '' ? (
              <Button
                tone="quiet"
                onClick={() =>
                  void identity('/send-verification-email', { email, callbackURL: here() }).catch(() => null)
                }
              >
                {t('sign.again')}
              </Button>
            ) : null}
          </div>
          <OtherWays />
        </>
      )}
    </CardPage>
  );
}

function Email({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTexts();
  return (
    <Field
      label={t('sign.email')}
      type="email"
      autoComplete="username"
      value={value}
      onChange={onChange}
      required
      autoFocus
      maxLength={320}
    />
  );
}

function Password({ email, onEmail }: { readonly email: string; readonly onEmail: (email: string) => void }) {
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  return (
    <Form label={t('sign.in')} submit={() => identity('/sign-in/email', { email, password, callbackURL: here() })}>
      <Email value={email} onChange={onEmail} />
      <Field
        label={t('sign.password')}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
        required
        maxLength={128}
      />
    </Form>
  );
}

function SignUp({
  email,
  onEmail,
  onDone,
  back,
}: {
  readonly email: string;
  readonly onEmail: (email: string) => void;
  readonly onDone: () => void;
  readonly back: React.ReactNode;
}) {
  const { t } = useTexts();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <Form
      label={t('sign.up')}
      submit={() => identity('/sign-up/email', { name, email, password, callbackURL: here() })}
      onDone={onDone}
      others={back}
    >
      <Field
        label={t('sign.name')}
        autoComplete="name"
        value={name}
        onChange={setName}
        required
        autoFocus
        maxLength={200}
      />
      <Field
        label={t('sign.email')}
        type="email"
        autoComplete="username"
        value={email}
        onChange={onEmail}
        required
        maxLength={320}
      />
      <NewPassword label={t('sign.password')} value={password} onChange={setPassword} />
    </Form>
  );
}

export function NewPassword({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTexts();
  return (
    <Field
      label={label}
      note={t('sign.passwordRule')}
      type="password"
      autoComplete="new-password"
      value={value}
      onChange={onChange}
      pattern=".{10,}"
      required
      maxLength={128}
    />
  );
}

/** Buttons of other providers; the browser comes back to this very address. */
function OtherWays() {
  const { t } = useTexts();
  const { data } = useAnswer('GET signInProviders');
  const doing = useAct();
  if (data === undefined || data.providers.length === 0) return null;
  return (
    <div className="portal-ways">
      <p className="muted">{t('sign.or')}</p>
      {data.providers.map(({ id, name }) => (
        <Button
          key={id}
          disabled={doing.busy}
          onClick={() =>
            void doing.run(async () => {
              const begun = await identity('/sign-in/social', {
                provider: id,
                callbackURL: here(),
                errorCallbackURL: '/account',
              });
              location.assign(begun.url);
            })
          }
        >
          {t('sign.with', { name })}
        </Button>
      ))}
      <FailureNote error={doing.error} />
    </div>
  );
}
