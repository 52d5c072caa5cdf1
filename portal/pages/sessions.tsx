// Where the person is signed in: browsers and programs, each to be signed out, or all at once.
import { Chip } from '@genrtl/ui/controls.tsx';
import { useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { identity } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';
import { Confirmed, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';
import { browserOf } from '../parts/browser-name.ts';

async function signOutEverywhere(): Promise<void> {
  await ask('DELETE signIns');
  // The process may believe this browser's cookie for a moment longer: it goes too. Without a session that can fail.
  await identity('/sign-out', {}).catch(() => null);
}

export function SessionsPage() {
  const { t } = useTexts();
  const answer = useAnswer('GET signIns');
  return (
    <>
      <p className="muted">{t('sessions.note')}</p>
      <Shown answer={answer}>
        {({ sign_ins: signIns }) => (
          <Table
            label={t('pages.sessions')}
            head={[t('sessions.device'), t('sessions.place'), t('sessions.since'), t('sessions.used'), '']}
          >
            {signIns.map((one) => {
              const known = one.kind === 'browser' ? browserOf(one.device) : null;
              const device =
                known === null ? one.device || t('sessions.unknown') : t('sessions.browserOn', { ...known });
              return (
                <tr key={one.sign_in_id}>
                  <td className="portal-long" title={one.device}>
                    {device}
                    <Chip tone={one.current ? 'ok' : 'muted'}>
                      {t(one.current ? 'sessions.current' : `sessions.kinds.${one.kind}`)}
                    </Chip>
                  </td>
                  <td>{one.place === '' ? t('sessions.unknown') : one.place}</td>
                  <td>
                    <When at={one.created_at} />
                  </td>
                  <td>
                    <When at={one.last_used_at} />
                  </td>
                  <td className="portal-acts">
                    {one.current ? null : (
                      <Confirmed
                        label={t('sessions.end')}
                        spoken={t('sessions.endOne', { device })}
                        ask={device}
                        act={() => ask('DELETE signIn', { path: { sign_in_id: one.sign_in_id } })}
                      />
                    )}
                  </td>
                </tr>
              );
            })}
          </Table>
        )}
      </Shown>
      <div className="portal-buttons">
        <Confirmed label={t('sessions.everywhere')} ask={t('sessions.everywhereAsk')} act={signOutEverywhere} />
      </div>
    </>
  );
}
