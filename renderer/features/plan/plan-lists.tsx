// The rest of the outline: packages, checks, files, assumptions and questions.
import { useTranslation } from 'react-i18next';
import type { Plan, Quote } from '@genrtl/contracts';
import { useCall } from '../../bridge/use-call.ts';
import { shippedText } from '../../i18n/index.ts';
import { useJob } from '../../state/job-store.ts';
import { relativePath, useWorkspace } from '../../state/workspace-store.ts';
import { formatUsd } from '@genrtl/ui/format.ts';
import { OwnerChip, useOwners } from '../agent/file-owners.tsx';
import { PlainText } from '../agent/plain-text.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import { AddRow, EditableText, RemoveRow } from './editable.tsx';
import { replaced, usePlanDraft, without } from './plan-draft.ts';

export function Packages({ quotes }: { readonly quotes: readonly Quote[] }) {
  const { t } = useTranslation();
  const { plan, change } = usePlanDraft();
  const listings = useCall('cbb.search', { query: '' }).data?.listings ?? [];
  // the composer names a package by its id, which says nothing to a reader
  const functionOf = ({ function: named }: Plan['cbb_requirements'][number]): string => {
    const listed = listings.find(({ manifest }) => manifest.cbb_id === named)?.manifest.title;
    return listed === undefined || change !== null ? named : shippedText('packages', named, 'title', listed);
  };
  if (plan.cbb_requirements.length === 0) return <p className="muted">{t('plan.noPackages')}</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{t('plan.requirement')}</th>
          <th>{t('plan.function')}</th>
          <th>{t('plan.parameters')}</th>
          {change === null ? null : <td />}
        </tr>
      </thead>
      <tbody>
        {plan.cbb_requirements.map((requirement, nth) => (
          <tr key={nth}>
            <td className="mono">{requirement.id}</td>
            <td>
              <EditableText
                value={functionOf(requirement)}
                label={t('plan.function')}
                onChange={
                  change === null
                    ? undefined
                    : (text) =>
                        change((before) => ({
                          ...before,
                          cbb_requirements: replaced(before.cbb_requirements, nth, { ...requirement, function: text }),
                        }))
                }
              />
            </td>
            <td className="mono">
              {Object.entries(requirement.parameters ?? {})
                .map(([name, value]) => `${name}=${String(value)}`)
                .join(', ')}
            </td>
            {change === null ? null : (
              <RemoveRow
                name={requirement.id}
                onRemove={() =>
                  change((before) => ({ ...before, cbb_requirements: without(before.cbb_requirements, nth) }))
                }
              />
            )}
          </tr>
        ))}
      </tbody>
      {quotes.length === 0 ? null : (
        <tfoot>
          {quotes.map((quote) => (
            <tr key={quote.cbb_id}>
              <td colSpan={2} className="mono">
                {quote.cbb_id} {quote.version}
              </td>
              <td className="number">{quote.owned ? t('gate.purchase.owned') : formatUsd(quote.price_usd)}</td>
            </tr>
          ))}
        </tfoot>
      )}
    </table>
  );
}

export function Checks() {
  const { t } = useTranslation();
  const { plan, change } = usePlanDraft();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const spec = useJob((store) => store.state?.settings.spec_path ?? '');
  const file = relativePath(workspace, spec);
  const edit =
    (checks: Plan['verification']['checks']) =>
    (before: Plan): Plan => ({ ...before, verification: { checks } });
  const { checks } = plan.verification;
  return (
    <>
      <table className="table plan-checks">
        <tbody>
          {checks.map((check, nth) => (
            <tr key={nth}>
              <td className="mono muted check-id">{check.id}</td>
              <td>
                <EditableText
                  value={check.text}
                  label={t('plan.check')}
                  onChange={
                    change === null ? undefined : (text) => change(edit(replaced(checks, nth, { ...check, text })))
                  }
                />
              </td>
              <td className="check-line">
                {check.spec_line === undefined || file === null ? null : (
                  <button
                    type="button"
                    className="link"
                    onClick={() => openFile(file, check.spec_line === undefined ? {} : { line: check.spec_line })}
                  >
                    {t('plan.specLine', { line: check.spec_line })}
                  </button>
                )}
              </td>
              {change === null ? null : (
                <RemoveRow name={check.id} onRemove={() => change(edit(without(checks, nth)))} />
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {change === null ? null : (
        <AddRow
          label={t('plan.addCheck')}
          onAdd={() => change(edit([...checks, { id: freeId(checks.map((check) => check.id)), text: '' }]))}
        />
      )}
    </>
  );
}

function freeId(taken: readonly string[]): string {
  let nth = taken.length + 1;
  while (taken.includes(`C${nth}`)) nth += 1;
  return `C${nth}`;
}

export function Files() {
  const { t } = useTranslation();
  const { plan, change } = usePlanDraft();
  const owners = useOwners(plan.files.map((file) => file.path));
  return (
    <table className="table">
      <tbody>
        {plan.files.map((file, nth) => (
          <tr key={nth}>
            <td>
              <button type="button" className="link mono" onClick={() => openFile(file.path)}>
                {file.path}
              </button>
            </td>
            <td>
              <OwnerChip owner={owners.get(file.path)} />
            </td>
            <td>
              <EditableText
                value={file.purpose}
                label={t('plan.purpose')}
                onChange={
                  change === null
                    ? undefined
                    : (purpose) =>
                        change((before) => ({ ...before, files: replaced(before.files, nth, { ...file, purpose }) }))
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Assumptions and questions: plain sentences, one a line. */
export function Sentences({
  part,
  addLabel,
}: {
  readonly part: 'assumptions' | 'questions';
  readonly addLabel: string;
}) {
  const { plan, change } = usePlanDraft();
  const list = plan[part];
  if (change === null)
    return (
      <ul>
        {list.map((text) => (
          <li key={text}>
            <PlainText text={text} />
          </li>
        ))}
      </ul>
    );
  return (
    <>
      <table className="table">
        <tbody>
          {list.map((text, nth) => (
            <tr key={nth}>
              <td>
                <EditableText
                  value={text}
                  label={addLabel}
                  onChange={(value) => change((before) => ({ ...before, [part]: replaced(before[part], nth, value) }))}
                />
              </td>
              <RemoveRow
                name={text.slice(0, 40)}
                onRemove={() => change((before) => ({ ...before, [part]: without(before[part], nth) }))}
              />
            </tr>
          ))}
        </tbody>
      </table>
      <AddRow label={addLabel} onAdd={() => change((before) => ({ ...before, [part]: [...before[part], ''] }))} />
    </>
  );
}
