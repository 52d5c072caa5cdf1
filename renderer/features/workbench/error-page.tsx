// Shown when a route itself fails; the page can always go back to the start.
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Button, ErrorNote } from '@genrtl/ui/controls.tsx';
import { errorBody } from '../../bridge/call-error.ts';

export function ErrorPage() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <main className="boot">
      <ErrorNote error={errorBody(error)} />
      <Button tone="primary" onClick={() => location.replace('#/')}>
        {t('shell.toStart')}
      </Button>
      <Button onClick={() => location.reload()}>{t('shell.reload')}</Button>
    </main>
  );
}
