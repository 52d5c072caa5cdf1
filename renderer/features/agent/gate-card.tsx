// A gate that waits for the person: what is asked, what it would cost, yes or stop.
import { useTranslation } from 'react-i18next';
import { Check, FileDiff, ListTree, ShieldQuestion } from 'lucide-react';
import type { JobState } from '@genrtl/contracts';
import { stepLine } from '../../i18n/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import type { GateName } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { formatUsd, sumUsd } from '@genrtl/ui/format.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import { SendBack } from './send-back.tsx';

export function GateCard({ job, gate }: { readonly job: JobState; readonly gate: GateName }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  // A plan goes back to the planner, a patch to who wrote it; a purchase has no author.
  const author =
    gate === 'purchase'
      ? undefined
      : job.steps.findLast((step) => (gate === 'plan' ? step.step === 'plan' : step.step_id === job.facts.patch_step));
  const approve = (): void => run(() => bridge.call('job.resume', { workspace, approve: true, max_usd: null }));
  return (
    <section className="card gate-card" aria-label={t(`gate.${gate}.waiting`)}>
      <h3>
        <ShieldQuestion size={16} aria-hidden />
        {t(`gate.${gate}.title`)}
      </h3>
      {job.error === null || job.error.code === 'APPROVAL_NEEDED' ? null : (
        <p className="gate-note">{job.error.message}</p>
      )}
      {gate === 'plan' ? (
        <PlanGist />
      ) : gate === 'purchase' ? (
        <Purchase />
      ) : (
        <p>{stepLine(job.steps.at(-1)?.summary ?? '')}</p>
      )}
      <div className="card-actions">
        {gate === 'plan' ? (
          <Button icon={ListTree} onClick={() => openPanel('plan')}>
            {t('gate.plan.look')}
          </Button>
        ) : null}
        {gate === 'patch' ? (
          <Button icon={FileDiff} onClick={() => openPanel('changes', { patchOf: job.facts.patch_step ?? null })}>
            {t('gate.patch.look')}
          </Button>
        ) : null}
        {author === undefined ? null : <SendBack step={author} label={t('retry.sendBack')} />}
        <Button tone="primary" icon={Check} onClick={approve}>
          {t(`gate.${gate}.approve`)}
        </Button>
      </div>
    </section>
  );
}

function PlanGist() {
  const { t } = useTranslation();
  const plan = useJob((store) => store.plan);
  if (plan === null) return null;
  return (
    <>
      <p>
        <strong>{plan.title}</strong>. {plan.summary}
      </p>
      <p className="muted">
        {t('gate.plan.counts', {
          ports: plan.top.ports.length,
          modules: plan.modules.length + 1,
          packages: plan.cbb_requirements.length,
          checks: plan.verification.checks.length,
        })}
      </p>
      {plan.questions.length === 0 ? null : (
        <ul className="questions">
          {plan.questions.map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Purchase() {
  const { t } = useTranslation();
  const quotes = useJob((store) => store.quotes);
  const total = sumUsd(quotes.map((quote) => (quote.owned ? '0' : quote.price_usd)));
  return (
    <>
      <table className="table">
        <thead>
          <tr>
            <th>{t('gate.purchase.package')}</th>
            <th>{t('gate.purchase.version')}</th>
            <th className="number">{t('gate.purchase.price')}</th>
          </tr>
        </thead>
        <tbody>
          {quotes.map((quote) => (
            <tr key={`${quote.cbb_id}@${quote.version}`}>
              <td className="mono">{quote.cbb_id}</td>
              <td>{quote.version}</td>
              <td className="number">{quote.owned ? t('gate.purchase.owned') : formatUsd(quote.price_usd)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th colSpan={2}>{t('gate.purchase.total')}</th>
            <td className="number">
              <strong>{formatUsd(total)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
      <Bucket total={total} />
    </>
  );
}

/** Where the money comes from: Included first, the rest On-Demand, as the ledger draws it down. */
function Bucket({ total }: { readonly total: string }) {
  const { t } = useTranslation();
  const usage = useCall('usage.read', { job_id: null, from: null, to: null }).data;
  if (usage === undefined) return null;
  const { used_usd: used, limit_usd: limit } = usage.included;
  const left = limit === null ? null : sumUsd([limit, `-${used}`]);
  const covered = left === null || Number(left) >= Number(total);
  return (
    <>
      <p className="gate-bucket">
        <span>{t('gate.purchase.from', { bucket: t(covered ? 'usage.included' : 'usage.onDemand') })}</span>
        <span className="muted">
          {left === null ? t('usage.unlimited') : t('gate.purchase.left', { left: formatUsd(left) })}
        </span>
      </p>
      {usage.local ? <p className="muted">{t('gate.purchase.local')}</p> : null}
    </>
  );
}
