// How a package was verified before it was published: tools, parameter sets, mutants, stubs.
import { useTranslation } from 'react-i18next';
import { CheckCircle2, XCircle } from 'lucide-react';
import type { CbbListing } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';

export function PackageEvidence({ listing }: { readonly listing: CbbListing }) {
  const { t } = useTranslation();
  const { verification } = listing.manifest;
  const { evidence } = listing;
  const mutants = evidence?.mutants ?? verification.mutants;
  const tools = evidence?.tools ?? verification.tools;
  return (
    <>
      <p className="cbb-proof">
        <Chip tone={mutants.killed === mutants.total ? 'ok' : 'warning'}>{t('strength.mutants', mutants)}</Chip>
        {evidence?.stubs.map((stub) => (
          <Chip key={stub.tied_to} tone={stub.failed ? 'ok' : 'error'}>
            {t(stub.failed ? 'strength.stubCaught' : 'strength.stubPassed', { value: stub.tied_to.toUpperCase() })}
          </Chip>
        ))}
        {tools.map((tool) => (
          <Chip key={tool.name} tone="muted">
            {tool.name} {tool.version}
          </Chip>
        ))}
      </p>
      {evidence === undefined ? (
        <p>{verification.coverage}</p>
      ) : (
        <>
          <table className="table cbb-sets">
            <thead>
              <tr>
                <th>{t('cbb.parameterSet')}</th>
                <th>{t('plan.parameters')}</th>
                <th>{t('cbb.benches')}</th>
              </tr>
            </thead>
            <tbody>
              {evidence.parameter_sets.map((set) => (
                <tr key={set.name}>
                  <td>{set.name}</td>
                  <td className="mono">
                    {Object.entries(set.parameters)
                      .map(([name, value]) => `${name}=${value}`)
                      .join(' ') || t('cbb.defaults')}
                  </td>
                  <td>
                    {set.benches.map((bench) => (
                      <Verdict key={`${bench.tb} ${bench.tool}`} passed={bench.passed} label={bench.tool} />
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <ul className="cbb-checks">
            {evidence.checks.map((check) => (
              <li key={check.name}>
                <Verdict passed={check.passed} label={check.name} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Verdict({ passed, label }: { readonly passed: boolean; readonly label: string }) {
  const { t } = useTranslation();
  const Glyph = passed ? CheckCircle2 : XCircle;
  return (
    <span className="cbb-verdict">
      <Glyph
        size={13}
        className={passed ? 'tone-ok' : 'tone-error'}
        aria-label={t(passed ? 'outcome.passed' : 'outcome.failed')}
      />{' '}
      {label}
    </span>
  );
}
