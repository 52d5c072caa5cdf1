// Whether code that jobs write is kept from the rest of the machine, and whether it shall be.
import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/use-call.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Chip } from '@genrtl/ui/controls.tsx';

export function ConfinementSetting() {
  const { t } = useTranslation();
  const setting = useSettings((store) => store.settings?.confinement ?? 'auto');
  const change = useSettings((store) => store.change);
  const { data } = useCall('app.confinement', {});
  const reason = data?.unconfined_reason;
  return (
    <section aria-label={t('confinement.title')}>
      <h3>{t('confinement.title')}</h3>
      <p className="muted">{t('confinement.note')}</p>
      <label className="field">
        <span>{t('confinement.runs')}</span>
        <select
          value={setting}
          onChange={(event) => run(() => change({ confinement: event.target.value === 'off' ? 'off' : 'auto' }))}
        >
          <option value="auto">{t('confinement.auto')}</option>
          <option value="off">{t('confinement.off')}</option>
        </select>
      </label>
      {reason === undefined ? null : reason === null ? (
        <Chip tone="ok">{t('confinement.confined')}</Chip>
      ) : (
        <p>
          <Chip tone="warning">{t('confinement.unconfined')}</Chip> {t(`confinement.why.${reason}`)}
        </p>
      )}
    </section>
  );
}
