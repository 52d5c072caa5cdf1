// Symbol, ports and parameters of a package from its manifest.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CbbManifest, PlanModule } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { ModuleSymbol } from '../plan/module-symbol.tsx';

function asModule(manifest: CbbManifest): PlanModule {
  return {
    name: manifest.toplevel,
    purpose: manifest.description,
    parameters: [],
    instances: [],
    resets: [],
    ports: manifest.ports,
    clocks: manifest.ports.filter((port) => port.role === 'clock').map((port) => port.name),
  };
}

export function PackageInterface({ manifest }: { readonly manifest: CbbManifest }) {
  const { t } = useTranslation();
  const module = useMemo(() => asModule(manifest), [manifest]);
  return (
    <>
      <div className="cbb-interface">
        <ModuleSymbol module={module} />
        <table className="table cbb-ports">
          <thead>
            <tr>
              <th>{t('plan.port')}</th>
              <th>{t('plan.direction')}</th>
              <th>{t('plan.width')}</th>
              <th>{t('plan.description')}</th>
            </tr>
          </thead>
          <tbody>
            {manifest.ports.map((port) => (
              <tr key={port.name}>
                <td className="mono">
                  {port.name}
                  {port.role === 'clock' || port.role === 'reset' ? (
                    <Chip tone="muted">{t(`plan.${port.role}`)}</Chip>
                  ) : null}
                </td>
                <td>{t(`direction.${port.direction}`)}</td>
                <td className="mono">{port.width}</td>
                <td>{port.description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {manifest.parameters.length === 0 ? null : (
        <table className="table">
          <thead>
            <tr>
              <th>{t('plan.parameter')}</th>
              <th>{t('plan.default')}</th>
              <th>{t('cbb.legal')}</th>
              <th>{t('plan.description')}</th>
            </tr>
          </thead>
          <tbody>
            {manifest.parameters.map((parameter) => (
              <tr key={parameter.name}>
                <td className="mono">{parameter.name}</td>
                <td className="mono">{parameter.default}</td>
                <td className="mono">{legal(parameter)}</td>
                <td>{parameter.description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function legal({ allowed, min, max, type }: CbbManifest['parameters'][number]): string {
  if (allowed !== undefined) return allowed.join(', ');
  if (min !== undefined && max !== undefined) return `${min} … ${max}`;
  if (min !== undefined) return `≥ ${min}`;
  return max === undefined ? type : `≤ ${max}`;
}
