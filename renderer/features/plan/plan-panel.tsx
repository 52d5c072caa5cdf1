// The plan as an outline: the interface it promises, what is bought, what is written, how it is checked.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ListTree } from 'lucide-react';
import type { Plan, PlanModule, Quote } from '@genrtl/contracts';
import { useJob } from '../../state/job-store.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { Chip, Empty } from '../../ui/controls.tsx';
import { formatUsd } from '../../ui/format.ts';
import { openFile } from '../workbench/dock-store.ts';
import { ModuleSymbol } from './module-symbol.tsx';

export function PlanPanel() {
  const { t } = useTranslation();
  const plan = useJob((store) => store.plan);
  const quotes = useJob((store) => store.quotes);
  if (plan === null) return <Empty icon={ListTree} title={t('plan.none')}>{t('plan.noneNote')}</Empty>;
  return (
    <article className="plan">
      <h2>{plan.title}</h2>
      <p>{plan.summary}</p>
      <Part title={t('plan.top', { name: plan.top.name })}><ModuleView module={plan.top} /></Part>
      {plan.modules.map((module) => <Part key={module.name} title={module.name} closed><ModuleView module={module} /></Part>)}
      <Part title={t('plan.packages', { count: plan.cbb_requirements.length })}><Packages plan={plan} quotes={quotes} /></Part>
      <Part title={t('plan.checks', { count: plan.verification.checks.length })}><Checks plan={plan} /></Part>
      <Part title={t('plan.files', { count: plan.files.length })}>
        <table className="table"><tbody>{plan.files.map((file) => <tr key={file.path}><td><button type="button" className="link mono" onClick={() => openFile(file.path)}>{file.path}</button></td><td>{file.purpose}</td></tr>)}</tbody></table>
      </Part>
      {plan.assumptions.length === 0 ? null : <Part title={t('plan.assumptions')}><ul>{plan.assumptions.map((text) => <li key={text}>{text}</li>)}</ul></Part>}
      {plan.questions.length === 0 ? null : <Part title={t('plan.questions')}><ul>{plan.questions.map((text) => <li key={text}>{text}</li>)}</ul></Part>}
    </article>
  );
}

function Part({ title, closed = false, children }: { readonly title: string; readonly closed?: boolean; readonly children: ReactNode }) {
  return <details className="plan-part" open={!closed}><summary><h3>{title}</h3></summary><div className="plan-part-body">{children}</div></details>;
}

function ModuleView({ module }: { readonly module: PlanModule }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{module.purpose}</p>
      <div className="plan-module">
        <ModuleSymbol module={module} />
        <table className="table ports">
          <thead><tr><th>{t('plan.port')}</th><th>{t('plan.direction')}</th><th>{t('plan.width')}</th><th>{t('plan.description')}</th></tr></thead>
          <tbody>
            {module.ports.map((port) => (
              <tr key={port.name}>
                <td className="mono">{port.name}{module.clocks.includes(port.name) ? <Chip tone="accent">{t('plan.clock')}</Chip> : null}{module.resets.some((reset) => reset.name === port.name) ? <Chip tone="muted">{t('plan.reset')}</Chip> : null}</td>
                <td>{t(`direction.${port.direction}`)}</td><td className="mono">{port.width}</td><td>{port.description}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {module.parameters.length === 0 ? null : (
        <table className="table">
          <thead><tr><th>{t('plan.parameter')}</th><th>{t('plan.default')}</th><th>{t('plan.description')}</th></tr></thead>
          <tbody>{module.parameters.map((parameter) => <tr key={parameter.name}><td className="mono">{parameter.name}</td><td className="mono">{parameter.default}</td><td>{parameter.description}</td></tr>)}</tbody>
        </table>
      )}
      {module.instances.length === 0 ? null : (
        <table className="table">
          <thead><tr><th>{t('plan.instance')}</th><th>{t('plan.of')}</th></tr></thead>
          <tbody>{module.instances.map((instance) => <tr key={instance.name}><td className="mono">{instance.name}</td><td className="mono">{instance.of}{instance.cbb === undefined ? null : <Chip tone="accent">CBB</Chip>}</td></tr>)}</tbody>
        </table>
      )}
    </>
  );
}

function Packages({ plan, quotes }: { readonly plan: Plan; readonly quotes: readonly Quote[] }) {
  const { t } = useTranslation();
  if (plan.cbb_requirements.length === 0) return <p className="muted">{t('plan.noPackages')}</p>;
  return (
    <table className="table">
      <thead><tr><th>{t('plan.requirement')}</th><th>{t('plan.function')}</th><th>{t('plan.parameters')}</th></tr></thead>
      <tbody>
        {plan.cbb_requirements.map((requirement) => (
          <tr key={requirement.id}>
            <td className="mono">{requirement.id}</td><td>{requirement.function}</td>
            <td className="mono">{Object.entries(requirement.parameters ?? {}).map(([name, value]) => `${name}=${String(value)}`).join(', ')}</td>
          </tr>
        ))}
      </tbody>
      {quotes.length === 0 ? null : (
        <tfoot>
          {quotes.map((quote) => <tr key={quote.cbb_id}><td colSpan={2} className="mono">{quote.cbb_id} {quote.version}</td><td className="number">{quote.owned ? t('gate.purchase.owned') : formatUsd(quote.price_usd)}</td></tr>)}
        </tfoot>
      )}
    </table>
  );
}

function Checks({ plan }: { readonly plan: Plan }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const spec = useJob((store) => store.state?.settings.spec_path ?? '');
  const file = relativePath(workspace, spec);
  return (
    <ol className="checks">
      {plan.verification.checks.map((check) => (
        <li key={check.id}>
          <span className="mono muted">{check.id}</span> {check.text}{' '}
          {check.spec_line === undefined || file === null ? null : <button type="button" className="link" onClick={() => openFile(file, check.spec_line === undefined ? {} : { line: check.spec_line })}>{t('plan.specLine', { line: check.spec_line })}</button>}
        </li>
      ))}
    </ol>
  );
}
