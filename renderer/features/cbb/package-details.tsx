// Everything about one package: what it does, its interface and timing, how it was verified, what it costs, what is
// installed.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { shippedText } from '../../i18n/index.ts';
import type { CbbListing, InstalledPackage } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { PackageActions } from './package-actions.tsx';
import { PackageEvidence } from './package-evidence.tsx';
import { PackageInterface } from './package-interface.tsx';
import { PackageNotes } from './package-notes.tsx';
import { Part } from './part.tsx';
import { readSections } from './readme-parts.ts';
import type { Section } from './readme-parts.ts';

interface DetailsProps {
  readonly listing: CbbListing;
  /** entries of this package in the lockfile that are in use */
  readonly installed: readonly InstalledPackage[];
}

export function PackageDetails({ listing, installed }: DetailsProps) {
  const { t } = useTranslation();
  const { manifest } = listing;
  const sections = useReadme(manifest.cbb_id, manifest.version);
  return (
    <article className="cbb-details" aria-label={manifest.title}>
      <header className="cbb-head">
        <div className="cbb-head-text">
          <h2>{shippedText('packages', manifest.cbb_id, 'title', manifest.title)}</h2>
          <p className="mono muted">
            {manifest.cbb_id} {manifest.version}
          </p>
          <p>{shippedText('packages', manifest.cbb_id, 'description', manifest.description)}</p>
          <p className="cbb-tags">
            {[...manifest.protocols, ...manifest.tags.slice(0, 6)].map((tag) => (
              <Chip key={tag} tone="muted">
                {tag}
              </Chip>
            ))}
          </p>
        </div>
        <PackageActions listing={listing} installed={installed} />
      </header>
      <Part title={t('cbb.interface')}>
        <PackageInterface manifest={manifest} />
      </Part>
      {sections === null ? null : <PackageNotes sections={sections} title={manifest.title} />}
      <Part title={t('cbb.verification')}>
        <PackageEvidence listing={listing} />
      </Part>
      <Part title={t('cbb.integration')}>
        <dl className="facts">
          <dt>{t('cbb.clocks')}</dt>
          <dd>
            {manifest.clock_domains.length === 0
              ? t('cbb.combinational')
              : manifest.clock_domains
                  .map((domain) => `${domain.clock}${domain.reset === undefined ? '' : ` / ${domain.reset}`}`)
                  .join(', ')}
          </dd>
          <dt>{t('cbb.tools')}</dt>
          <dd>{manifest.compatibility.tools.join(', ')}</dd>
          <dt>{t('cbb.dependencies')}</dt>
          <dd>
            {manifest.dependencies.length === 0
              ? t('cbb.noDependencies')
              : manifest.dependencies.map((need) => `${need.cbb_id} ${need.range}`).join(', ')}
          </dd>
          <dt>{t('cbb.licence')}</dt>
          <dd>{manifest.license}</dd>
          <dt>SHA-256</dt>
          <dd className="mono path" title={listing.sha256}>
            {listing.sha256}
          </dd>
        </dl>
      </Part>
    </article>
  );
}

/** Sections of the package's README; null until it is there, and for good when there is none. */
function useReadme(cbbId: string, version: string): readonly Section[] | null {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  // The manifest says all that is needed; a README that cannot be had only costs the diagrams.
  const readme = useCall('cbb.document', { workspace, cbb_id: cbbId, version }).data?.readme ?? null;
  return useMemo(() => (readme === null ? null : readSections(readme)), [readme]);
}
