// The link of an invitation: who invites to what, then joining or refusing.
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct, useFetched } from '../api/answers.ts';
import { identity, readInvitation } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { CardPage, Said } from '../parts/card-page.tsx';
import { FailureNote } from '../parts/controls.tsx';
import { SignedInAs } from '../parts/signed-in-as.tsx';

export function InvitationPage() {
  const { t } = useTexts();
  const [query] = useSearchParams();
  const go = useNavigate();
  const [said, setSaid] = useState<string | null>(null);
  const id = query.get('id') ?? '';
  const { data, error } = useFetched(said === null ? ['invitation', id] : null, () => readInvitation(id));
  const doing = useAct();
  const decide = (accept: boolean): Promise<boolean> =>
    doing.run(async () => {
      await identity(accept ? '/organization/accept-invitation' : '/organization/reject-invitation', {
        invitationId: id,
      });
      // said before anything is asked again: an invitation that was answered is not there any more
      setSaid(t(accept ? 'invitation.joined' : 'invitation.refused'));
    });
  return (
    <CardPage title={t('invitation.title')}>
      <Said>{said ?? (error === null ? null : t('invitation.wrong'))}</Said>
      {said === null && data !== undefined ? (
        <>
          <p>
            {t('invitation.asks', {
              who: data.inviterEmail,
              organisation: data.organizationName,
              role: t(`roles.${data.role ?? 'member'}`),
            })}
          </p>
          <div className="portal-buttons">
            <Button tone="primary" disabled={doing.busy} onClick={() => void decide(true)}>
              {t('invitation.accept')}
            </Button>
            <Button disabled={doing.busy} onClick={() => void decide(false)}>
              {t('invitation.refuse')}
            </Button>
          </div>
        </>
      ) : null}
      <FailureNote error={doing.error} />
      {said === null ? <SignedInAs /> : <Button onClick={() => void go('/account')}>{t('invitation.open')}</Button>}
    </CardPage>
  );
}
