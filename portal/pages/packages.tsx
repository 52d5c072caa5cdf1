// Packages that the account published: who sees and publishes them, how much they are used, withdrawing a version or
// offering it again, attempts to publish, and what others reported.
import { useState } from 'react';
import { Inbox, Package } from 'lucide-react';
import type { CbbListing } from '@genrtl/contracts';
import { Button, Chip, Empty } from '@genrtl/ui/controls.tsx';
import { formatBytes, formatUsd } from '@genrtl/ui/format.ts';
import { useAct, useAnswer } from '../api/answers.ts';
import { ask } from '../api/calls.ts';
import { useTexts } from '../i18n/index.ts';
import { Confirmed, FailureNote, Field, Section, Shown, Table } from '../parts/controls.tsx';
import { AttemptTable } from '../parts/attempt-table.tsx';
import { When } from '../parts/when.tsx';
import { useActing } from '../state/acting.ts';
import { PackageAccess } from './package-access.tsx';

export function PackagesPage() {
  const { t } = useTexts();
  const { account, as } = useActing();
  const answer = useAnswer('GET cbbOwn', { as });
  return (
    <>
      <p className="muted">{t('packages.note', { account: account.name })}</p>
      <Shown answer={answer}>
        {({ listings }) =>
          listings.length === 0 ? (
            <Empty icon={Package} title={t('packages.none')}>
              {t('packages.noneHow')}
            </Empty>
          ) : (
            <Table
              label={t('pages.packages')}
              head={[
                t('packages.package'),
                t('packages.version'),
                { number: t('packages.price') },
                { number: t('packages.size') },
                { number: t('packages.downloads') },
                { number: t('packages.passes') },
                t('packages.published'),
                t('packages.state'),
                '',
              ]}
            >
              {listings.map((listing) => (
                <Version key={`${listing.manifest.cbb_id} ${listing.manifest.version}`} listing={listing} />
              ))}
            </Table>
          )
        }
      </Shown>
      {answer.data !== undefined && as !== null ? <PackageAccess listings={answer.data.listings} as={as} /> : null}
      <Attempts />
      <Reports />
    </>
  );
}

function Attempts() {
  const { t } = useTexts();
  const { as } = useActing();
  const { data } = useAnswer('GET cbbPublications', { as });
  const open = data?.publications.filter(({ status }) => status !== 'published') ?? [];
  return open.length === 0 ? null : (
    <Section title={t('packages.attempts')} note={t('packages.attemptsNote')}>
      <AttemptTable attempts={open} />
    </Section>
  );
}

function Version({ listing }: { readonly listing: CbbListing }) {
  const { t } = useTexts();
  const { as } = useActing();
  const [reason, setReason] = useState('');
  const doing = useAct();
  const { cbb_id: cbbId, version, title, price_usd: price } = listing.manifest;
  const path = { cbb_id: cbbId, version };
  const name = `${cbbId} ${version}`;
  return (
    <tr>
      <td className="portal-long">
        <span className="mono">{cbbId}</span>{' '}
        {listing.visibility === 'private' ? <Chip tone="muted">{t('packages.private')}</Chip> : null}
        <br />
        <span className="muted">{title}</span>
      </td>
      <td className="mono">{version}</td>
      <td className="number">{formatUsd(price)}</td>
      <td className="number">{formatBytes(listing.size_bytes)}</td>
      <td className="number">{listing.counts?.downloads ?? '–'}</td>
      <td className="number">{listing.counts?.passes ?? '–'}</td>
      <td>
        <When at={listing.published_at} />
      </td>
      <td className="portal-long">
        {listing.yanked === undefined ? (
          t('packages.available')
        ) : (
          <>
            <Chip tone="warning">{t('packages.withdrawn')}</Chip> {listing.yanked.reason}
          </>
        )}
      </td>
      <td className="portal-acts">
        {listing.yanked === undefined ? (
          <Confirmed
            label={t('packages.yank')}
            spoken={t('packages.yankOne', { name })}
            ask={t('packages.yankAsk')}
            ready={reason.trim() !== ''}
            act={() => ask('PUT cbbYank', { as, path, body: { reason: reason.trim() } })}
          >
            <Field label={t('packages.reason')} value={reason} onChange={setReason} maxLength={1000} />
          </Confirmed>
        ) : (
          <Button
            disabled={doing.busy}
            title={t('packages.unyankOne', { name })}
            onClick={() => void doing.run(() => ask('DELETE cbbYank', { as, path }))}
          >
            {t('packages.unyank')}
          </Button>
        )}
        <FailureNote error={doing.error} />
      </td>
    </tr>
  );
}

function Reports() {
  const { t } = useTexts();
  const { as } = useActing();
  const answer = useAnswer('GET cbbReports', { as });
  return (
    <Section title={t('packages.reports')}>
      <Shown answer={answer}>
        {({ reports }) =>
          reports.length === 0 ? (
            <Empty icon={Inbox} title={t('packages.noReports')} />
          ) : (
            <Table
              label={t('packages.reports')}
              head={[t('packages.at'), t('packages.package'), t('packages.message'), t('packages.evidence'), '']}
            >
              {reports.map((report) => (
                <tr key={report.report_id}>
                  <td>
                    <When at={report.at} />
                  </td>
                  <td className="mono">
                    {report.cbb_id} {report.version}
                  </td>
                  <td className="portal-message">{report.message}</td>
                  <td className="mono" title={report.evidence ?? ''}>
                    {report.evidence === null ? '–' : `${report.evidence.slice(0, 12)}…`}
                  </td>
                  <td className="portal-acts">
                    <ReportAct id={report.report_id} closed={report.closed_at != null} />
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Shown>
    </Section>
  );
}

function ReportAct({ id, closed }: { readonly id: string; readonly closed: boolean }) {
  const { t } = useTexts();
  const { as } = useActing();
  const doing = useAct();
  const set = (state: 'open' | 'closed') => ask('PUT cbbReportState', { as, path: { report_id: id }, body: { state } });
  return (
    <>
      <Button disabled={doing.busy} onClick={() => void doing.run(() => set(closed ? 'open' : 'closed'))}>
        {t(closed ? 'packages.reopen' : 'packages.close')}
      </Button>
      <FailureNote error={doing.error} />
    </>
  );
}
