// The account: which backend is in use and whether it answers, who is signed in, organisation and plan; signing in by
// the browser of this machine or by a code that is typed in any browser.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Copy, LogIn, LogOut } from 'lucide-react';
import type { ErrorBody } from '@genrtl/contracts';
import type { AccountState, SigningIn } from '@genrtl/contracts/ipc/account.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { Button, Chip, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import './account.css';

export function AccountDialog() {
  const { t } = useTranslation();
  const close = useDialogs((store) => store.close);
  const state = useCall('account.read', {});
  const [error, setError] = useState<ErrorBody | null>(null);
  useEffect(() => bridge.on('account.changed', ({ error: failed }) => setError(failed)), []);
  const { data } = state;
  return (
    <Dialog title={t('account.title')} size="medium" onClose={close}>
      {state.error === null ? null : <ErrorNote error={state.error} />}
      {error === null ? null : <ErrorNote error={error} />}
      {data === undefined ? <Spinner label={t('ui.loading')} /> : <Facts state={data} />}
      {data === undefined || data.url === null || data.by === 'token' ? null : data.by === 'nothing' ? (
        <SignIn known={data.signing_in} onError={setError} />
      ) : (
        <p className="account-ways">
          {data.error !== null && data.organisation_by === 'person' ? (
            <Button onClick={() => actFor(null)}>{t('account.toYourself')}</Button>
          ) : null}
          <Button icon={LogOut} onClick={() => run(() => bridge.call('account.sign_out', {}))}>
            {t('account.signOut')}
          </Button>
        </p>
      )}
    </Dialog>
  );
}

const actFor = (organisation: string | null): void => run(() => bridge.call('account.act_for', { organisation }));

/** An answer that says no is no silence. */
const failed = ({ code }: ErrorBody) => (code === 'FORBIDDEN' ? 'account.refuses' : 'account.unreachable');

/** For whom the work is done, and who pays: chosen here unless that was settled where the program was started. */
function WorksFor({ state: { by, organisation_by: chosenBy }, account }: WorksForProps) {
  const { t } = useTranslation();
  const acting = account.organisations.find(({ organisation_id: id }) => account.account_id === `org_${id}`);
  if (by !== 'sign_in' || chosenBy === 'environment' || account.organisations.length === 0)
    return (
      <>
        {acting?.name ?? account.email ?? account.name}
        {chosenBy === 'environment' ? <p className="muted">{t('account.byEnvironment')}</p> : null}
      </>
    );
  return (
    <select
      aria-label={t('account.worksFor')}
      value={acting?.organisation_id ?? ''}
      onChange={(event) => actFor(event.target.value || null)}
    >
      <option value="">{t('account.yourself', { name: account.email ?? account.name })}</option>
      {account.organisations.map(({ organisation_id: id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
interface WorksForProps {
  readonly state: AccountState;
  readonly account: NonNullable<AccountState['account']>;
}

function Facts({ state }: { readonly state: AccountState }) {
  const { url, error, account, billing, by } = state;
  const { t, i18n } = useTranslation();
  if (url === null) return <p>{t('account.local')}</p>;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' });
  const plan = billing?.plan ?? null;
  const left = billing?.grants.reduce((sum, { left_usd: amount }) => sum + Number(amount), 0) ?? 0;
  return (
    <>
      <dl className="facts">
        <dt>{t('account.backend')}</dt>
        <dd>
          <span className="mono">{url}</span>{' '}
          <Chip tone={error !== null ? 'error' : account === null ? 'warning' : 'ok'}>
            {t(error !== null ? failed(error) : account === null ? 'account.signedOut' : 'account.connected')}
          </Chip>
        </dd>
        {account === null ? null : (
          <>
            <dt>{t('account.person')}</dt>
            <dd>
              {account.email ?? account.name} <span className="muted">{t(`account.roles.${account.role}`)}</span>
            </dd>
            <dt>{t('account.organisations')}</dt>
            <dd>
              {account.organisations.length === 0
                ? t('account.noOrganisation')
                : account.organisations.map(({ name, role }) => `${name} (${t(`account.roles.${role}`)})`).join(', ')}
            </dd>
            <dt>{t('account.worksFor')}</dt>
            <dd>
              <WorksFor state={state} account={account} />
            </dd>
            <dt>{t('account.plan')}</dt>
            <dd>
              {plan === null ? (
                <span className="muted">{t('account.noPlan')}</span>
              ) : (
                <>
                  {plan.name[i18n.language === 'zh-CN' ? 'zh-CN' : 'en']}
                  {` · ${t('account.left', { amount: formatUsd(left.toFixed(6)) })}`}
                  {billing?.period == null
                    ? ''
                    : ` · ${t('account.until', { day: day.format(new Date(billing.period.end)) })}`}
                </>
              )}
              {billing === null || billing.standing === 'good' ? null : (
                <Chip tone="warning">{t(`account.standing.${billing.standing}`)}</Chip>
              )}
            </dd>
          </>
        )}
      </dl>
      {by === 'token' ? <p className="muted">{t('account.byToken')}</p> : null}
      {error === null ? null : <ErrorNote error={error} />}
    </>
  );
}

function SignIn({
  known,
  onError,
}: {
  readonly known: SigningIn | null;
  readonly onError: (error: ErrorBody | null) => void;
}) {
  const { t } = useTranslation();
  const [begun, setBegun] = useState<SigningIn | null>(null);
  const [busy, setBusy] = useState(false);
  const shown = begun ?? known;
  useEffect(() => bridge.on('account.changed', () => setBegun(null)), []);
  const begin = (way: SigningIn['way']): void => {
    setBusy(true);
    onError(null);
    bridge
      .call('account.sign_in', { way })
      .then(setBegun, (failed: unknown) => onError(errorBody(failed)))
      .finally(() => setBusy(false));
  };
  if (shown === null)
    return (
      <div className="account-ways">
        <Button tone="primary" icon={LogIn} disabled={busy} onClick={() => begin('browser')}>
          {t('account.byBrowser')}
        </Button>
        <Button icon={LogIn} disabled={busy} onClick={() => begin('code')}>
          {t('account.byCode')}
        </Button>
        <p className="muted">{t('account.waysNote')}</p>
      </div>
    );
  return (
    <section className="account-waiting" aria-label={t('account.waiting')}>
      {shown.way === 'code' ? (
        <p className="account-code">
          <strong className="mono">{shown.user_code}</strong>
          <IconButton
            label={t('account.copyCode')}
            icon={Copy}
            onClick={() => run(() => navigator.clipboard.writeText(shown.user_code))}
          />
        </p>
      ) : null}
      <p>
        {t(shown.way === 'code' ? 'account.typeCode' : shown.opened ? 'account.inBrowser' : 'account.openHere')}{' '}
        <a href={shown.url} target="_blank" rel="noopener noreferrer" className="mono">
          {new URL(shown.url).host}
        </a>
      </p>
      <p>
        <Spinner label={t('account.waiting')} /> <span className="muted">{t('account.waiting')}</span>
      </p>
      <Button
        onClick={() =>
          run(async () => {
            await bridge.call('account.cancel', {});
            setBegun(null);
          })
        }
      >
        {t('ui.cancel')}
      </Button>
    </section>
  );
}
