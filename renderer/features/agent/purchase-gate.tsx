// What a purchase is: price, licence, evidence, where the money comes from, and what happens without it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shippedText } from '../../i18n/index.ts';
import { COMPOSER_MODEL } from '@genrtl/contracts/composer.ts';
import type { CbbListing, JobState, Quote, UsageSummary } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';
import { openFile, openPanel } from '../../workbench/dock-store.ts';
import { useCbb } from '../cbb/cbb-store.ts';

export function PurchaseGate({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const quotes = useJob((store) => store.quotes);
  const listings = useCall('cbb.search', { query: '' }).data?.listings ?? [];
  const [declining, setDeclining] = useState<Quote | null>(null);
  const total = sumUsd(quotes.map((quote) => (quote.owned ? '0' : quote.price_usd)));
  const listingOf = (quote: Quote): CbbListing | undefined =>
    listings.find(({ manifest }) => manifest.cbb_id === quote.cbb_id && manifest.version === quote.version) ??
    listings.find(({ manifest }) => manifest.cbb_id === quote.cbb_id);
  return (
    <>
      <table className="table purchases">
        <tbody>
          {quotes.map((quote) => {
            const listing = listingOf(quote);
            return (
              <tr key={`${quote.cbb_id}@${quote.version}`}>
                <td>
                  <strong>
                    {shippedText('packages', quote.cbb_id, 'title', listing?.manifest.title ?? quote.cbb_id)}
                  </strong>
                  <div className="muted mono path">
                    {quote.cbb_id} {quote.version}
                  </div>
                  <div className="purchase-facts">
                    {listing === undefined ? null : (
                      <Chip tone="muted" title={t('gate.purchase.licence')}>
                        {listing.manifest.license}
                      </Chip>
                    )}
                    <button
                      type="button"
                      className="link"
                      onClick={() => {
                        useCbb.getState().choose(quote.cbb_id);
                        openPanel('cbb');
                      }}
                    >
                      {t('gate.purchase.evidence')}
                    </button>
                    <button type="button" className="link" onClick={() => setDeclining(quote)}>
                      {t('gate.purchase.without')}
                    </button>
                  </div>
                </td>
                <td className="number">{quote.owned ? t('gate.purchase.owned') : formatUsd(quote.price_usd)}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th>{t('gate.purchase.total')}</th>
            <td className="number">
              <strong>{formatUsd(total)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
      <Bucket total={total} />
      {declining === null ? null : (
        <Decline job={job} quote={declining} listings={listings} onClose={() => setDeclining(null)} />
      )}
    </>
  );
}

/** Not this package: another one, or none. What follows depends on who writes the design. */
function Decline({
  job,
  quote,
  listings,
  onClose,
}: {
  readonly job: JobState;
  readonly quote: Quote;
  readonly listings: readonly CbbListing[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const [other, setOther] = useState('');
  const declined = listings.find(({ manifest }) => manifest.cbb_id === quote.cbb_id);
  const alike = listings.filter(
    ({ manifest }) =>
      manifest.cbb_id !== quote.cbb_id &&
      (declined === undefined ||
        manifest.function === declined.manifest.function ||
        manifest.tags.some((tag) => declined.manifest.tags.includes(tag))),
  );
  const composed = job.facts.plan_model === COMPOSER_MODEL;
  const spec = relativePath(workspace, job.settings.spec_path);
  const go = (instead: string | null): void => {
    onClose();
    run(() => bridge.call('job.decline', { workspace, cbb_id: quote.cbb_id, instead }));
  };
  return (
    <Dialog
      title={t('gate.purchase.withoutTitle', { id: quote.cbb_id })}
      size="small"
      onClose={onClose}
      footer={
        composed ? (
          <>
            <Button onClick={onClose}>{t('ui.cancel')}</Button>
            <Button
              tone="primary"
              disabled={spec === null}
              onClick={() => {
                onClose();
                if (spec !== null) openFile(spec);
              }}
            >
              {t('gate.purchase.openSpec')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={() => go(null)}>{t('gate.purchase.writeIt')}</Button>
            {alike.length === 0 ? null : (
              <Button tone="primary" disabled={other === ''} onClick={() => go(other)}>
                {t('gate.purchase.takeOther')}
              </Button>
            )}
          </>
        )
      }
    >
      <p>{t(composed ? 'gate.purchase.withoutComposed' : 'gate.purchase.withoutWritten')}</p>
      {composed ? null : <p>{t(alike.length === 0 ? 'gate.purchase.noOther' : 'gate.purchase.orOther')}</p>}
      {composed || alike.length === 0 ? null : (
        <label className="field">
          <span>{t('gate.purchase.other')}</span>
          <select value={other} onChange={(event) => setOther(event.target.value)}>
            <option value="">{t('gate.purchase.choose')}</option>
            {alike.map(({ manifest }) => (
              <option key={manifest.cbb_id} value={manifest.cbb_id}>
                {shippedText('packages', manifest.cbb_id, 'title', manifest.title)} · {formatUsd(manifest.price_usd)} ·{' '}
                {manifest.license}
              </option>
            ))}
          </select>
        </label>
      )}
    </Dialog>
  );
}

/** Where the money comes from, as the ledger draws it down: the last bucket that the price reaches. */
function Bucket({ total }: { readonly total: string }) {
  const { t } = useTranslation();
  const usage = useCall('usage.read', { job_id: null, from: null, to: null }).data;
  if (usage === undefined) return null;
  const { used_usd: used, limit_usd: limit } = usage.included;
  const left = limit === null ? null : sumUsd([limit, `-${used}`]);
  const reached = left === null ? 'included' : lastBucket(Number(total), Number(left), usage);
  return (
    <>
      <p className="gate-bucket">
        <span>
          {t('gate.purchase.from', { bucket: t(reached === 'on_demand' ? 'usage.onDemand' : `usage.${reached}`) })}
        </span>
        <span className="muted">
          {left === null ? t('usage.unlimited') : t('gate.purchase.left', { left: formatUsd(left) })}
        </span>
      </p>
      {usage.local ? <p className="muted">{t('gate.purchase.local')}</p> : null}
    </>
  );
}

function lastBucket(total: number, included: number, usage: UsageSummary): UsageSummary['rows'][number]['bucket'] {
  let left = included;
  if (total <= left) return 'included';
  for (const bucket of ['promotion', 'prepaid'] as const) {
    left += Number(usage[bucket]?.left_usd ?? 0);
    if (total <= left) return bucket;
  }
  return 'on_demand';
}
