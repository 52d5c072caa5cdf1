// The person: who they are, their organisations, and their data with its end.
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct } from '../api/answers.ts';
import { identity } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { Said } from '../parts/card-page.tsx';
import { FailureNote, Field, Form, Section, Table } from '../parts/controls.tsx';
import { DataSection } from '../parts/data-section.tsx';
import { useActing } from '../state/acting.ts';
import { usePreferences } from '../state/preferences.ts';

export function ProfilePage() {
  const { t } = useTexts();
  const { own } = useActing();
  return (
    <>
      <dl className="facts portal-facts">
        <dt>{t('profile.name')}</dt>
        <dd>{own.name}</dd>
        <dt>{t('profile.email')}</dt>
        <dd>{own.email}</dd>
        <dt>{t('profile.accountId')}</dt>
        <dd className="mono">{own.account_id}</dd>
        <dt>{t('profile.role')}</dt>
        <dd>{t(`roles.${own.role}`)}</dd>
      </dl>
      <PasswordSection email={own.email ?? ''} />
      <Organisations />
      <DataSection as={null} />
    </>
  );
}

function PasswordSection({ email }: { readonly email: string }) {
  const { t } = useTexts();
  const [said, setSaid] = useState<string | null>(null);
  const doing = useAct();
  return (
    <Section title={t('profile.password')} note={t('profile.passwordNote')}>
      <div className="portal-buttons">
        <Button
          disabled={doing.busy}
          onClick={() =>
            void doing.run(async () => {
              await identity('/request-password-reset', { email, redirectTo: '/reset' });
              setSaid(t('sign.mailed'));
            })
          }
        >
          {t('profile.changePassword')}
        </Button>
      </div>
      <Said>{said}</Said>
      <FailureNote error={doing.error} />
    </Section>
  );
}

function Organisations() {
  const { t } = useTexts();
  const { own } = useActing();
  const { actFor } = usePreferences();
  const go = useNavigate();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState('');
  const open = (id: string): void => {
    actFor(id);
    void go('/account/organisation');
  };
  return (
    <Section title={t('profile.organisations')}>
      {own.organisations.length === 0 ? (
        <p className="muted">{t('profile.noOrganisations')}</p>
      ) : (
        <Table
          label={t('profile.organisations')}
          head={[t('organisation.name'), t('profile.slug'), t('profile.role'), '']}
        >
          {own.organisations.map(({ organisation_id: id, ...one }) => (
            <tr key={id}>
              <td>{one.name}</td>
              <td className="mono">{one.slug}</td>
              <td>{t(`roles.${one.role}`)}</td>
              <td className="portal-acts">
                <Button onClick={() => open(id)}>{t('profile.open')}</Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Form
        inline
        tone="plain"
        label={t('profile.found')}
        submit={() => identity('/organization/create', { name, slug })}
        onDone={() => {
          setName('');
          setSlug('');
        }}
      >
        <Field label={t('profile.organisationName')} value={name} onChange={setName} required maxLength={200} />
        <Field
          label={t('profile.slug')}
          note={t('profile.slugRule')}
          value={slug}
          onChange={setSlug}
          required
          pattern="[a-z0-9][a-z0-9\-]{1,38}"
        />
      </Form>
    </Section>
  );
}
