// The organisation acted for: its name, members with their roles, invitations, leaving it, its data and its end.
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { ORGANISATION_ROLES, type OrganisationRole } from '@genrtl/contracts/access.ts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { useAct, useFetched } from '../api/answers.ts';
import { identity, readOrganisation, type Organisation } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { Said } from '../parts/card-page.tsx';
import { Confirmed, FailureNote, Field, Form, Section, Shown, Table } from '../parts/controls.tsx';
import { DataSection } from '../parts/data-section.tsx';
import { When } from '../parts/when.tsx';
import { may, useActing } from '../state/acting.ts';
import { usePreferences } from '../state/preferences.ts';

export function OrganisationPage() {
  const acting = useActing();
  const id = acting.as ?? '';
  const answer = useFetched(['organisation', id], () => readOrganisation(id));
  return (
    <Shown answer={answer}>
      {(organisation) => (
        <>
          <Name organisation={organisation} />
          <Members organisation={organisation} />
          {may(acting, 'members.manage') ? <Invitations organisation={organisation} /> : null}
          {may(acting, 'account.delete') ? <DataSection as={id} /> : null}
        </>
      )}
    </Shown>
  );
}

function Name({ organisation }: { readonly organisation: Organisation }) {
  const { t } = useTexts();
  const acting = useActing();
  const [name, setName] = useState(organisation.name);
  const changes = may(acting, 'organisation.change');
  return (
    <>
      <dl className="facts portal-facts">
        {changes ? null : (
          <>
            <dt>{t('organisation.name')}</dt>
            <dd>{organisation.name}</dd>
          </>
        )}
        <dt>{t('organisation.slug')}</dt>
        <dd className="mono">{organisation.slug}</dd>
      </dl>
      {changes ? (
        <Form
          inline
          tone="plain"
          label={t('organisation.rename')}
          disabled={name.trim() === '' || name === organisation.name}
          submit={() => identity('/organization/update', { organizationId: organisation.id, data: { name } })}
        >
          <Field label={t('organisation.name')} value={name} onChange={setName} required maxLength={200} />
        </Form>
      ) : null}
    </>
  );
}

function Members({ organisation }: { readonly organisation: Organisation }) {
  const { t } = useTexts();
  const acting = useActing();
  const { actFor } = usePreferences();
  const go = useNavigate();
  const doing = useAct();
  const manages = may(acting, 'members.manage');
  const lastOwner = organisation.members.filter(({ role }) => role === 'owner').length === 1;
  // only owners make owners and unmake them
  const grants = ORGANISATION_ROLES.filter((role) => role !== 'owner' || acting.account.role === 'owner');
  const setRole = (memberId: string, role: OrganisationRole): void => {
    void doing.run(() =>
      identity('/organization/update-member-role', { organizationId: organisation.id, memberId, role }),
    );
  };
  return (
    <Section title={t('organisation.members')}>
      <Table
        label={t('organisation.members')}
        head={[t('organisation.member'), t('sign.email'), t('organisation.role'), t('organisation.since'), '']}
      >
        {organisation.members.map(({ id, role, user, createdAt }) => {
          const self = user.email === acting.own.email;
          const fixed = !manages || (role === 'owner' && (lastOwner || acting.account.role !== 'owner'));
          return (
            <tr key={id}>
              <td className="portal-long">
                {user.name}
                {self ? <Chip tone="muted">{t('organisation.you')}</Chip> : null}
              </td>
              <td className="portal-long">{user.email}</td>
              <td>
                {fixed ? (
                  t(`roles.${role}`)
                ) : (
                  <select
                    aria-label={t('organisation.roleOf', { name: user.name })}
                    value={role}
                    disabled={doing.busy}
                    onChange={(event) => setRole(id, event.target.value as OrganisationRole)}
                  >
                    {grants.map((one) => (
                      <option key={one} value={one}>
                        {t(`roles.${one}`)}
                      </option>
                    ))}
                  </select>
                )}
              </td>
              <td>
                <When at={createdAt} />
              </td>
              <td className="portal-acts">
                {fixed || self ? null : (
                  <Confirmed
                    label={t('organisation.remove')}
                    spoken={t('organisation.removeOne', { name: user.name })}
                    ask={t('organisation.removeAsk', { name: user.name })}
                    act={() =>
                      identity('/organization/remove-member', {
                        organizationId: organisation.id,
                        memberIdOrEmail: id,
                      })
                    }
                  />
                )}
              </td>
            </tr>
          );
        })}
      </Table>
      <FailureNote error={doing.error} />
      <div className="portal-buttons">
        {acting.account.role === 'owner' && lastOwner ? (
          <p className="muted">{t('organisation.lastOwner')}</p>
        ) : (
          <Confirmed
            label={t('organisation.leave')}
            ask={t('organisation.leaveAsk')}
            act={async () => {
              await identity('/organization/leave', { organizationId: organisation.id });
              actFor(null);
              void go('/account');
            }}
          />
        )}
      </div>
    </Section>
  );
}

function Invitations({ organisation }: { readonly organisation: Organisation }) {
  const { t } = useTexts();
  const acting = useActing();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<OrganisationRole>('member');
  const [said, setSaid] = useState<string | null>(null);
  const open = organisation.invitations.filter(
    ({ status, expiresAt }) => status === 'pending' && Date.parse(expiresAt) > Date.now(),
  );
  return (
    <Section title={t('organisation.invitations')}>
      {open.length === 0 ? (
        <p className="muted">{t('organisation.noInvitations')}</p>
      ) : (
        <Table
          label={t('organisation.invitations')}
          head={[t('organisation.email'), t('organisation.role'), t('organisation.expires'), '']}
        >
          {open.map((one) => (
            <tr key={one.id}>
              <td className="portal-long">{one.email}</td>
              <td>{t(`roles.${one.role ?? 'member'}`)}</td>
              <td>
                <When at={one.expiresAt} />
              </td>
              <td className="portal-acts">
                <Confirmed
                  label={t('organisation.cancel')}
                  spoken={t('organisation.cancelOne', { email: one.email })}
                  ask={one.email}
                  act={() => identity('/organization/cancel-invitation', { invitationId: one.id })}
                />
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Form
        inline
        tone="plain"
        label={t('organisation.invite')}
        submit={() => identity('/organization/invite-member', { organizationId: organisation.id, email, role })}
        onDone={() => {
          setSaid(t('organisation.invited', { email }));
          setEmail('');
        }}
      >
        <Field
          label={t('organisation.email')}
          type="email"
          value={email}
          onChange={setEmail}
          required
          maxLength={320}
        />
        <label className="field portal-field">
          {t('organisation.role')}
          <select value={role} onChange={(event) => setRole(event.target.value as OrganisationRole)}>
            {ORGANISATION_ROLES.filter((one) => one !== 'owner' || acting.account.role === 'owner').map((one) => (
              <option key={one} value={one}>
                {t(`roles.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </Form>
      <Said>{said}</Said>
    </Section>
  );
}
