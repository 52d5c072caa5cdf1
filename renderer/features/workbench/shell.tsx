// What surrounds every route: settings are loaded first, notices and the lost-connection bar lie above all.
import { Suspense, lazy, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import type { ErrorBody } from '@genrtl/contracts';
import { errorBody } from '../../bridge/call-error.ts';
import { useLink } from '../../state/link-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { useNotices } from '../../state/notice-store.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { Notices } from '@genrtl/ui/notices.tsx';
import { CommandPalette } from '../palette/command-palette.tsx';
import { useGlobalKeys } from '../../workbench/global-keys.ts';

const SettingsDialog = lazy(async () => ({
  default: (await import('../settings/settings-dialog.tsx')).SettingsDialog,
}));

const AccountDialog = lazy(async () => ({
  default: (await import('../account/account-dialog.tsx')).AccountDialog,
}));

export function Shell() {
  const { t } = useTranslation();
  const loaded = useSettings((store) => store.settings !== null);
  const load = useSettings((store) => store.load);
  const { link, epoch } = useLink();
  const [error, setError] = useState<ErrorBody | null>(null);
  const { notices, dismiss } = useNotices();
  useGlobalKeys();
  useEffect(() => {
    if (epoch === 0) return;
    load().then(
      () => setError(null),
      (failure: unknown) => setError(errorBody(failure)),
    );
  }, [epoch, load]);
  if (!loaded) {
    return (
      <main className="boot">
        {error === null ? <Spinner label={t('shell.connecting')} /> : <ErrorNote error={error} />}
        {link === 'lost' ? <p className="muted">{t('shell.lost')}</p> : null}
      </main>
    );
  }
  return (
    <>
      {link === 'open' ? null : (
        <div className="link-bar" role="status">
          {t('shell.lost')}
        </div>
      )}
      <Outlet />
      <OpenDialog />
      <Notices notices={notices} onDismiss={dismiss} />
    </>
  );
}

/** By itself: what lies below is not drawn anew for it. */
function OpenDialog() {
  const dialog = useDialogs((store) => store.dialog);
  if (dialog === 'palette') return <CommandPalette />;
  return (
    <Suspense fallback={null}>
      {dialog === 'settings' ? <SettingsDialog /> : null}
      {dialog === 'account' ? <AccountDialog /> : null}
    </Suspense>
  );
}
