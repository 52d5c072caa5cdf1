// All data of an account, and its deletion, which can be called off until it is due.
import { useState } from 'react';
import { Download } from 'lucide-react';
import { Button } from '@genrtl/ui/controls.tsx';
import { useAct, useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { downloadExport } from '../api/download.ts';
import { useTexts } from '../i18n/index.ts';
import { Confirmed, FailureNote, Field, Section, Shown } from './controls.tsx';
import { When } from './when.tsx';

/** `as`: the organisation's id; null for the person's own. */
export function DataSection({ as }: { readonly as: string | null }) {
  const { t } = useTexts();
  const own = as === null;
  const deletion = useAnswer('GET accountDeletion', { as });
  const [confirm, setConfirm] = useState('');
  const doing = useAct();
  return (
    <Section title={t(own ? 'data.title' : 'data.organisationTitle')} note={t('data.exportNote')}>
      <div className="portal-buttons">
        <Button icon={Download} disabled={doing.busy} onClick={() => void doing.run(() => downloadExport(as))}>
          {t(own ? 'data.export' : 'data.exportOrganisation')}
        </Button>
        <Shown answer={deletion}>
          {({ deletion: planned }) =>
            planned === null ? (
              <Confirmed
                label={t(own ? 'data.deleteAccount' : 'data.deleteOrganisation')}
                ask={t(own ? 'data.confirmAccount' : 'data.confirmOrganisation')}
                ready={confirm.trim() !== ''}
                act={async () => {
                  await ask('POST accountDeletion', { as, body: { confirm: confirm.trim() } });
                  setConfirm('');
                }}
              >
                <Field label={t('data.confirm')} value={confirm} onChange={setConfirm} maxLength={320} />
              </Confirmed>
            ) : (
              <p className="notice-inline portal-planned">
                <span>
                  {t('data.planned', { day: '' })}
                  <When at={planned.due_at} />
                </span>
                <Button
                  disabled={doing.busy}
                  onClick={() => void doing.run(() => ask('DELETE accountDeletion', { as }))}
                >
                  {t('data.callOff')}
                </Button>
              </p>
            )
          }
        </Shown>
      </div>
      <FailureNote error={doing.error} />
    </Section>
  );
}
