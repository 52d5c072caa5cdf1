// Who sees each package of an organisation, and which members may publish versions of it.
import { useState } from 'react';
import type { CbbListing, CbbPackage } from '@genrtl/contracts';
import { Button, Chip } from '@genrtl/ui/controls.tsx';
import { useAct, useAnswer, useFetched } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { readOrganisation, type Organisation } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { FailureNote, Section, Shown, Table } from '../parts/controls.tsx';
import { may, useActing } from '../state/acting.ts';

export function PackageAccess({ listings, as }: { readonly listings: readonly CbbListing[]; readonly as: string }) {
  const { t } = useTexts();
  const ids = [...new Set(listings.map(({ manifest }) => manifest.cbb_id))].sort();
  const members = useFetched(['organisation', as], () => readOrganisation(as));
  return ids.length === 0 ? null : (
    <Section title={t('packages.access')} note={t('packages.accessNote')}>
      <Shown answer={members}>
        {(organisation) => (
          <Table
            label={t('packages.access')}
            head={[t('packages.package'), t('packages.seenBy'), t('packages.owners'), '']}
          >
            {ids.map((id) => (
              <Access key={id} id={id} organisation={organisation} />
            ))}
          </Table>
        )}
      </Shown>
    </Section>
  );
}

function Access({ id, organisation }: { readonly id: string; readonly organisation: Organisation }) {
  const { t } = useTexts();
  const acting = useActing();
  const { as } = acting;
  const doing = useAct();
  const { data } = useAnswer('GET cbbPackage', { as, path: { cbb_id: id } });
  if (data === undefined) return null;
  const manages = may(acting, 'packages.manage');
  const other = data.visibility === 'private' ? 'public' : 'private';
  const set = () => ask('PUT cbbPackage', { as, path: { cbb_id: id }, body: { visibility: other } });
  return (
    <tr>
      <td className="mono portal-long">{id}</td>
      <td className="portal-chip">
        <Chip tone={data.visibility === 'private' ? 'accent' : 'muted'}>
          {t(data.visibility === 'private' ? 'packages.private' : 'packages.public')}
        </Chip>
      </td>
      <td className="portal-long">
        <Owners shown={data} organisation={organisation} manages={manages} />
      </td>
      <td className="portal-acts">
        {manages ? (
          <Button
            disabled={doing.busy}
            title={t(other === 'private' ? 'packages.hideOne' : 'packages.showOne', { name: id })}
            onClick={() => void doing.run(set)}
          >
            {t(other === 'private' ? 'packages.hide' : 'packages.show')}
          </Button>
        ) : null}
        <FailureNote error={doing.error} />
      </td>
    </tr>
  );
}

function Owners({
  shown: { cbb_id: id, owners },
  organisation,
  manages,
}: {
  readonly shown: CbbPackage;
  readonly organisation: Organisation;
  readonly manages: boolean;
}) {
  const { t } = useTexts();
  const { as } = useActing();
  const doing = useAct();
  const [chosen, setChosen] = useState('');
  const change = (call: 'PUT cbbOwner' | 'DELETE cbbOwner', userId: string): void => {
    void doing.run(() => ask(call, { as, path: { cbb_id: id, user_id: userId } })).then(() => setChosen(''));
  };
  // owners and admins of the organisation publish everything in its scope
  const others = organisation.members.filter(
    ({ role, userId }) => role === 'member' && !owners.some((owner) => owner.user_id === userId),
  );
  return (
    <>
      {owners.length === 0 ? <span className="muted">{t('packages.adminsOnly')}</span> : null}
      {owners.map((owner) => (
        <div key={owner.user_id} className="portal-row">
          <span title={owner.email}>{owner.name}</span>
          {manages ? (
            <Button
              disabled={doing.busy}
              title={t('packages.removeOwnerOne', { name: owner.name, id })}
              onClick={() => change('DELETE cbbOwner', owner.user_id)}
            >
              {t('packages.removeOwner')}
            </Button>
          ) : null}
        </div>
      ))}
      {manages && others.length > 0 ? (
        <select
          aria-label={t('packages.addOwnerTo', { name: id })}
          value={chosen}
          disabled={doing.busy}
          onChange={(event) => {
            setChosen(event.target.value);
            if (event.target.value !== '') change('PUT cbbOwner', event.target.value);
          }}
        >
          <option value="">{t('packages.addOwner')}</option>
          {others.map(({ userId, user }) => (
            <option key={userId} value={userId}>
              {user.name} · {user.email}
            </option>
          ))}
        </select>
      ) : null}
      <FailureNote error={doing.error} />
    </>
  );
}
