// The frame of an account's pages: which account is acted for, where one can go, and who is signed in.
import { useEffect, useId, useState } from 'react';
import { NavLink, Navigate, Outlet, useLocation } from 'react-router';
import { Lock, LogOut, Menu } from 'lucide-react';
import { Button, Empty, Spinner } from '@genrtl/ui/controls.tsx';
import { useAct, useAnswer, useOwnAccount } from './api/answers.ts';
import { identity } from './api/identity.ts';
import { keepToken } from './api/local-token.ts';
import { useTexts } from './i18n/index.ts';
import { addressOf, PLACES, type Place } from './nav.ts';
import { FailureNote } from './parts/controls.tsx';
import { LanguageAndTheme } from './parts/language-and-theme.tsx';
import { ActingContext, isLocal, useActing, type Acting } from './state/acting.ts';
import { usePreferences } from './state/preferences.ts';

export function Frame() {
  const { t } = useTexts();
  const own = useOwnAccount().data ?? undefined;
  const { actingFor, actFor } = usePreferences();
  const known = own?.organisations.some(({ organisation_id: id }) => id === actingFor) === true;
  const as = known ? actingFor : null;
  const organisation = useAnswer('GET account', as === null ? null : { as });
  useEffect(() => {
    if (own !== undefined && actingFor !== null && !known) actFor(null);
  }, [own, actingFor, known, actFor]);
  const account = as === null ? own : organisation.data;
  if (own === undefined || account === undefined)
    return organisation.error === null ? (
      <Spinner label={t('ui.loading')} />
    ) : (
      <FailureNote error={organisation.error} />
    );
  const acting: Acting = { own, account, as };
  return (
    <ActingContext value={acting}>
      <div className="portal">
        <a className="portal-skip" href="#content">
          {t('shell.skip')}
        </a>
        <SideBar acting={acting} />
        <div className="portal-body">
          <TopBar acting={acting} />
          <main id="content" tabIndex={-1}>
            <Outlet />
          </main>
        </div>
      </div>
    </ActingContext>
  );
}

function SideBar({ acting }: { readonly acting: Acting }) {
  const { t } = useTexts();
  const { actFor } = usePreferences();
  const { own, as } = acting;
  const { pathname } = useLocation();
  const list = useId();
  // on a narrow screen the page itself comes first
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [pathname]);
  return (
    <nav className={open ? 'portal-side portal-side-open' : 'portal-side'} aria-label={t('shell.nav')}>
      <div className="portal-head">
        <span className="portal-brand">
          <img src="/portal/icon.svg" alt="" width={22} height={22} />
          genRTL
        </span>
        <button
          type="button"
          className="icon-button portal-menu"
          aria-label={t('shell.menu')}
          title={t('shell.menu')}
          aria-expanded={open}
          aria-controls={list}
          onClick={() => setOpen(!open)}
        >
          <Menu size={18} aria-hidden />
        </button>
      </div>
      {own.organisations.length === 0 ? null : (
        <label className="portal-acting">
          <span>{t('shell.actingFor')}</span>
          <select value={as ?? ''} onChange={(event) => actFor(event.target.value || null)}>
            <option value="">{t('shell.own', { name: own.name })}</option>
            {own.organisations.map(({ organisation_id: id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <div className="portal-nav" id={list}>
        {(['person', 'account', 'service'] as const).map((group) => {
          const places = PLACES.filter((place) => place.group === group && place.shown(acting));
          return places.length === 0 ? null : (
            <div key={group} className="portal-nav-group">
              <p title={group === 'account' ? acting.account.name : ''}>
                {group === 'account' ? acting.account.name : t(`shell.groups.${group}`)}
              </p>
              <ul>
                {places.map((place) => (
                  <li key={place.name}>
                    <NavLink to={addressOf(place)} end>
                      <place.icon size={15} aria-hidden />
                      {t(`pages.${place.name}`)}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </div>
      <a href="/reference" className="portal-reference">
        {t('shell.reference')}
      </a>
    </nav>
  );
}

function TopBar({ acting }: { readonly acting: Acting }) {
  const { t } = useTexts();
  const doing = useAct();
  const { own } = acting;
  const local = isLocal(acting);
  const leave = (): void => {
    void doing.run(async () => {
      if (local) keepToken(null);
      else await identity('/sign-out', {});
    });
  };
  return (
    <header className="portal-top">
      <span className="portal-who" title={own.email ?? ''}>
        {local ? t('local.account') : (own.email ?? own.name)}
      </span>
      <LanguageAndTheme />
      <Button tone="quiet" icon={LogOut} disabled={doing.busy} onClick={leave}>
        {t(local ? 'shell.leaveToken' : 'shell.signOut')}
      </Button>
      <FailureNote error={doing.error} />
    </header>
  );
}

/** One page below its heading; `null`: an address that is none. */
export function PlacePage({ place }: { readonly place: Place | null }) {
  const { t } = useTexts();
  const acting = useActing();
  const title = place === null ? t('frame.notHere') : t(`pages.${place.name}`);
  useEffect(() => {
    document.title = `${title} · genRTL`;
  }, [title]);
  // without accounts there is no profile: the first page that there is
  const first = PLACES.find((one) => one.shown(acting));
  if (place !== null && !place.shown(acting) && place.path === '' && first !== undefined)
    return <Navigate to={addressOf(first)} replace />;
  return (
    <>
      <h1>{title}</h1>
      {place === null ? null : place.shown(acting) ? (
        // another account: nothing that was typed for the one before
        <place.page key={acting.account.account_id} />
      ) : (
        <Empty icon={Lock} title={t('frame.notYours')} />
      )}
    </>
  );
}
