// One module of the plan: its symbol, ports, parameters and instances; each row is a field while the plan is edited.
import { useTranslation } from 'react-i18next';
import type { PlanModule } from '@genrtl/contracts';
import { Chip } from '@genrtl/ui/controls.tsx';
import { AddRow, EditableText, RemoveRow } from './editable.tsx';
import { ModuleSymbol } from './module-symbol.tsx';
import { replaced, usePlanDraft, without, withModule } from './plan-draft.ts';

const DIRECTIONS = ['input', 'output', 'inout'] as const;

type Change = ((change: (module: PlanModule) => PlanModule) => void) | null;

/** `at` is the module's place in the plan, -1 for the top. */
export function ModuleView({ module, at }: { readonly module: PlanModule; readonly at: number }) {
  const { t } = useTranslation();
  const { change: changePlan } = usePlanDraft();
  const change: Change = changePlan === null ? null : (edit) => changePlan((plan) => withModule(plan, at, edit));
  return (
    <>
      <p>
        <EditableText
          value={module.purpose}
          label={t('plan.purpose')}
          long
          onChange={change === null ? undefined : (purpose) => change((before) => ({ ...before, purpose }))}
        />
      </p>
      <div className="plan-module">
        <ModuleSymbol module={module} />
        <Ports module={module} change={change} />
      </div>
      {module.parameters.length === 0 && change === null ? null : <Parameters module={module} change={change} />}
      {module.instances.length === 0 ? null : (
        <table className="table">
          <thead>
            <tr>
              <th>{t('plan.instance')}</th>
              <th>{t('plan.of')}</th>
              {change === null ? null : <td />}
            </tr>
          </thead>
          <tbody>
            {module.instances.map((instance, nth) => (
              <tr key={instance.name}>
                <td className="mono">{instance.name}</td>
                <td className="mono">
                  {instance.of}
                  {instance.cbb === undefined ? null : <Chip tone="package">CBB</Chip>}
                </td>
                {change === null ? null : (
                  <RemoveRow
                    name={instance.name}
                    onRemove={() => change((before) => ({ ...before, instances: without(before.instances, nth) }))}
                  />
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Ports({ module, change }: { readonly module: PlanModule; readonly change: Change }) {
  const { t } = useTranslation();
  const edit = (nth: number, part: Partial<PlanModule['ports'][number]>): void =>
    change?.((before) => ({
      ...before,
      ports: before.ports.map((port, at) => (at === nth ? { ...port, ...part } : port)),
    }));
  const cell = change === null ? undefined : edit;
  return (
    <div className="ports">
      <table className="table">
        <thead>
          <tr>
            <th>{t('plan.port')}</th>
            <th>{t('plan.direction')}</th>
            <th>{t('plan.width')}</th>
            <th>{t('plan.description')}</th>
            {change === null ? null : <td />}
          </tr>
        </thead>
        <tbody>
          {module.ports.map((port, nth) => (
            <tr key={nth}>
              <td className="mono">
                <EditableText
                  value={port.name}
                  label={t('plan.port')}
                  mono
                  onChange={cell && ((name) => cell(nth, { name }))}
                />
                {module.clocks.includes(port.name) ? <Chip tone="muted">{t('plan.clock')}</Chip> : null}
                {module.resets.some((reset) => reset.name === port.name) ? (
                  <Chip tone="muted">{t('plan.reset')}</Chip>
                ) : null}
              </td>
              <td>
                {cell === undefined ? (
                  t(`direction.${port.direction}`)
                ) : (
                  <select
                    aria-label={t('plan.direction')}
                    value={port.direction}
                    onChange={(event) =>
                      cell(nth, {
                        direction: DIRECTIONS.find((direction) => direction === event.target.value) ?? port.direction,
                      })
                    }
                  >
                    {DIRECTIONS.map((direction) => (
                      <option key={direction} value={direction}>
                        {t(`direction.${direction}`)}
                      </option>
                    ))}
                  </select>
                )}
              </td>
              <td className="mono">
                <EditableText
                  value={port.width}
                  label={t('plan.width')}
                  mono
                  onChange={cell && ((width) => cell(nth, { width }))}
                />
              </td>
              <td>
                <EditableText
                  value={port.description}
                  label={t('plan.description')}
                  onChange={cell && ((description) => cell(nth, { description }))}
                />
              </td>
              {change === null ? null : (
                <RemoveRow
                  name={port.name}
                  onRemove={() => change((before) => ({ ...before, ports: without(before.ports, nth) }))}
                />
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {change === null ? null : (
        <AddRow
          label={t('plan.addPort')}
          onAdd={() =>
            change((before) => ({
              ...before,
              ports: [
                ...before.ports,
                { name: `port_${before.ports.length + 1}`, direction: 'input', width: '1', description: '' },
              ],
            }))
          }
        />
      )}
    </div>
  );
}

function Parameters({ module, change }: { readonly module: PlanModule; readonly change: Change }) {
  const { t } = useTranslation();
  const cell =
    change === null
      ? undefined
      : (nth: number, part: Partial<PlanModule['parameters'][number]>): void =>
          change((before) => ({
            ...before,
            parameters: before.parameters.flatMap((parameter, at) =>
              at === nth ? replaced([parameter], 0, { ...parameter, ...part }) : [parameter],
            ),
          }));
  return (
    <div>
      <table className="table">
        <thead>
          <tr>
            <th>{t('plan.parameter')}</th>
            <th>{t('plan.default')}</th>
            <th>{t('plan.description')}</th>
            {change === null ? null : <td />}
          </tr>
        </thead>
        <tbody>
          {module.parameters.map((parameter, nth) => (
            <tr key={nth}>
              <td className="mono">
                <EditableText
                  value={parameter.name}
                  label={t('plan.parameter')}
                  mono
                  onChange={cell && ((name) => cell(nth, { name }))}
                />
              </td>
              <td className="mono">
                <EditableText
                  value={parameter.default}
                  label={t('plan.default')}
                  mono
                  onChange={cell && ((value) => cell(nth, { default: value }))}
                />
              </td>
              <td>
                <EditableText
                  value={parameter.description}
                  label={t('plan.description')}
                  onChange={cell && ((description) => cell(nth, { description }))}
                />
              </td>
              {change === null ? null : (
                <RemoveRow
                  name={parameter.name}
                  onRemove={() => change((before) => ({ ...before, parameters: without(before.parameters, nth) }))}
                />
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {change === null ? null : (
        <AddRow
          label={t('plan.addParameter')}
          onAdd={() =>
            change((before) => ({
              ...before,
              parameters: [
                ...before.parameters,
                { name: `PARAMETER_${before.parameters.length + 1}`, default: '1', description: '' },
              ],
            }))
          }
        />
      )}
    </div>
  );
}
