// Attempts to publish: which package, where its verification stands, what it found.
import type { CbbPublications } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { useTexts } from '../i18n/index.ts';
import { Table } from './controls.tsx';
import { When } from './when.tsx';

type Attempt = CbbPublications['publications'][number] & { readonly account?: string };

const TONES = { verifying: 'accent', published: 'muted', refused: 'warning', interrupted: 'muted' } as const;
/** The rest is in the answer of the command line. */
const SHOWN_FINDINGS = 3;

export function AttemptTable({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const { t } = useTexts();
  const owned = attempts.some(({ account }) => account !== undefined);
  return (
    <Table
      label={t('packages.attempts')}
      head={[
        t('packages.at'),
        t('packages.package'),
        ...(owned ? [t('operator.account')] : []),
        t('packages.state'),
        t('packages.found'),
      ]}
    >
      {attempts.map((one) => (
        <tr key={`${one.cbb_id} ${one.version} ${one.started_at}`}>
          <td>
            <When at={one.started_at} />
          </td>
          <td className="mono portal-long">
            {one.cbb_id} {one.version}
          </td>
          {owned ? <td className="portal-long">{one.account}</td> : null}
          <td className="portal-chip">
            <Chip tone={TONES[one.status]}>{t(`packages.statuses.${one.status}`)}</Chip>
          </td>
          <td className="portal-message">
            {one.status === 'verifying' ? one.part : one.findings.slice(0, SHOWN_FINDINGS).join('\n')}
            {one.findings.length > SHOWN_FINDINGS
              ? `\n${t('packages.more', { count: one.findings.length - SHOWN_FINDINGS })}`
              : null}
          </td>
        </tr>
      ))}
    </Table>
  );
}
