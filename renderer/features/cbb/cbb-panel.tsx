// The package browser: what the registry offers on the left, everything about the chosen package on the right.
import { isVendorFile } from '@genrtl/core/cbb/vendor-path.ts';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shippedText } from '../../i18n/index.ts';
import { PackageOpen, PackageSearch, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { CbbListing, InstalledPackage } from '@genrtl/contracts';
import { onStale } from '../../bridge/answers.ts';
import { run } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useLink } from '../../state/link-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Empty, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { formatUsd } from '@genrtl/ui/format.ts';
import { useCbb } from './cbb-store.ts';
import { PackageDetails } from './package-details.tsx';
import './cbb.css';

export function CbbPanel() {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const epoch = useLink((store) => store.epoch);
  const { listings, error, installed, chosen, search, refresh, choose } = useCbb();
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  useEffect(() => {
    const timer = setTimeout(() => run(() => search(query)), query === '' ? 0 : 150);
    return () => clearTimeout(timer);
  }, [query, search, epoch]);
  // another account, another backend: other packages
  useEffect(() => onStale('cbb.search', () => run(() => search(query))), [query, search]);
  useEffect(() => {
    run(() => refresh(workspace));
    return onDiskChange(({ paths, anywhere }) => {
      if (anywhere || paths.some((path) => path === '.genRTL/genRTL.lock.json' || isVendorFile(path)))
        run(() => refresh(workspace));
    });
  }, [workspace, refresh, epoch]);
  const shown = listings?.find((listing) => listing.manifest.cbb_id === chosen) ?? listings?.[0] ?? null;

  return (
    <div className="cbb">
      <div className="cbb-side">
        <div className="panel-tools">
          <input
            type="search"
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder={t('cbb.search')}
            aria-label={t('cbb.search')}
          />
        </div>
        {listings === null && error === null ? (
          <div className="panel-wait">
            <Spinner label={t('cbb.loading')} />
          </div>
        ) : null}
        {listings?.length === 0 ? (
          <p className="muted panel-pad">{t(text.trim() === '' ? 'cbb.noneHere' : 'cbb.noMatch')}</p>
        ) : null}
        <ul className="cbb-list">
          {listings?.map((listing) => (
            <li key={listing.manifest.cbb_id}>
              <PackageRow
                listing={listing}
                installed={installed.find((each) => each.cbb_id === listing.manifest.cbb_id)}
                chosen={listing === shown}
                onChoose={() => choose(listing.manifest.cbb_id)}
              />
            </li>
          ))}
        </ul>
        {listings === null ? null : <p className="cbb-count muted">{t('cbb.count', { count: listings.length })}</p>}
      </div>
      <div className="cbb-main">
        {error === null ? null : (
          <div className="panel-pad">
            <ErrorNote error={error} />
          </div>
        )}
        {shown === null ? (
          listings === null ? null : (
            <Empty icon={PackageSearch} title={t('cbb.none')} />
          )
        ) : (
          <PackageDetails
            key={`${shown.manifest.cbb_id} ${shown.manifest.version}`}
            listing={shown}
            installed={installed.filter((each) => each.cbb_id === shown.manifest.cbb_id)}
          />
        )}
      </div>
    </div>
  );
}

interface PackageRowProps {
  readonly listing: CbbListing;
  readonly installed: InstalledPackage | undefined;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}

function PackageRow({ listing: { manifest }, installed, chosen, onChoose }: PackageRowProps) {
  const { t } = useTranslation();
  const Glyph = installed === undefined ? PackageOpen : installed.damage === null ? ShieldCheck : ShieldAlert;
  const state = installed === undefined ? '' : t(installed.damage === null ? 'cbb.intact' : 'cbb.damaged');
  return (
    <button
      type="button"
      className={`cbb-row${chosen ? ' cbb-row-chosen' : ''}`}
      aria-current={chosen}
      onClick={onChoose}
    >
      <Glyph
        size={15}
        className={installed === undefined ? 'tone-muted' : installed.damage === null ? 'tone-ok' : 'tone-error'}
        aria-hidden
      />
      <span className="cbb-row-text">
        <span className="cbb-row-title">{shippedText('packages', manifest.cbb_id, 'title', manifest.title)}</span>
        <span className="cbb-row-id mono">
          {manifest.cbb_id}
          <span className="visually-hidden"> {state}</span>
        </span>
      </span>
      <span className="cbb-row-price">{formatUsd(manifest.price_usd)}</span>
    </button>
  );
}
