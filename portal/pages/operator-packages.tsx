// For operators: packages that are being verified or were refused, and versions that people reported, which can be
// withdrawn here.
import { useState } from 'react';
import { Inbox, PackageSearch } from 'lucide-react';
import type { OperatorPackages } from '@genrtl/contracts/http/operators.ts';
import { Chip, Empty } from '@genrtl/ui/controls.tsx';
import { useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { AttemptTable } from '../parts/attempt-table.tsx';
import { Confirmed, Field, Section, Shown, Table } from '../parts/controls.tsx';
import { When } from '../parts/when.tsx';

export function OperatorPackagesPage() {
  const { t } = useTexts();
  return (
    <Shown answer={useAnswer('GET operatorPackages')}>
      {({ publications, reported }) => (
        <>
          <Section title={t('operator.reported')} note={t('operator.reportedNote')}>
            {reported.length === 0 ? (
              <Empty icon={Inbox} title={t('operator.noReported')} />
            ) : (
              <Table
                label={t('operator.reported')}
                head={[
                  t('packages.package'),
                  t('operator.account'),
                  { number: t('operator.openReports') },
                  t('operator.oldest'),
                  t('packages.state'),
                  '',
                ]}
              >
                {reported.map((one) => (
                  <Reported key={`${one.cbb_id} ${one.version}`} one={one} />
                ))}
              </Table>
            )}
          </Section>
          <Section title={t('packages.attempts')} note={t('operator.attemptsNote')}>
            {publications.length === 0 ? (
              <Empty icon={PackageSearch} title={t('operator.noAttempts')} />
            ) : (
              <AttemptTable attempts={publications} />
            )}
          </Section>
        </>
      )}
    </Shown>
  );
}

function Reported({ one }: { readonly one: OperatorPackages['reported'][number] }) {
  const { t } = useTexts();
  const [reason, setReason] = useState('');
  const path = { cbb_id: one.cbb_id, version: one.version };
  return (
    <tr>
      <td className="mono portal-long">
        {one.cbb_id} {one.version}
      </td>
      <td className="portal-long">{one.account}</td>
      <td className="number">{one.open_reports}</td>
      <td>
        <When at={one.oldest_at} />
      </td>
      <td className="portal-chip">
        <Chip tone={one.yanked ? 'warning' : 'muted'}>
          {t(one.yanked ? 'packages.withdrawn' : one.private ? 'packages.private' : 'packages.available')}
        </Chip>
      </td>
      <td className="portal-acts">
        {one.yanked ? null : (
          <Confirmed
            label={t('packages.yank')}
            spoken={t('packages.yankOne', { name: `${one.cbb_id} ${one.version}` })}
            ask={t('operator.yankAsk')}
            ready={reason.trim() !== ''}
            act={() => ask('PUT cbbYank', { path, body: { reason: reason.trim() } })}
          >
            <Field label={t('packages.reason')} value={reason} onChange={setReason} maxLength={1000} />
          </Confirmed>
        )}
      </td>
    </tr>
  );
}
