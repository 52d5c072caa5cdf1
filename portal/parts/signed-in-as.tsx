// Who says yes on a page that stands alone, and the way to be somebody else.
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct, useOwnAccount } from '../api/answers.ts';
import { identity } from '../api/identity.ts';
import { useTexts } from '../i18n/index.ts';

export function SignedInAs() {
  const { t } = useTexts();
  const { data } = useOwnAccount();
  const doing = useAct();
  if (data == null) return null;
  return (
    <p className="portal-as muted">
      <span>{t('sign.as', { who: data.email ?? data.name })}</span>
      <Button tone="quiet" disabled={doing.busy} onClick={() => void doing.run(() => identity('/sign-out', {}))}>
        {t('sign.other')}
      </Button>
    </p>
  );
}
