// A gate that waits for the person: what is asked, what it would cost, whose files it would change, yes or no.
import { useTranslation } from 'react-i18next';
import { Check, FileDiff, ListTree, Save, ShieldQuestion } from 'lucide-react';
import { COMPOSER_MODEL } from '@genrtl/contracts/composer.ts';
import type { JobState } from '@genrtl/contracts';
import { stepLine } from '../../i18n/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import type { GateName } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { usePlanEdit, useUnsavedPlan } from '../../state/plan-edit.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { openPanel } from '../../workbench/dock-store.ts';
import { YourFiles } from './file-owners.tsx';
import { PlainText } from './plain-text.tsx';
import { PurchaseGate } from './purchase-gate.tsx';
import { SendBack } from './send-back.tsx';

/** Codes whose message says no more than that the gate waits. */
const SAID_ANYWAY: ReadonlySet<string> = new Set(['APPROVAL_NEEDED', 'FILE_OWNED']);

export function GateCard({ job, gate }: { readonly job: JobState; readonly gate: GateName }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const unsaved = useUnsavedPlan(job.job_id) && gate === 'plan';
  const { discard, save } = usePlanEdit();
  // A plan goes back to the planner, a patch to who wrote it; the composer would write the same again, and a purchase
  // has no author.
  const composed = job.facts.plan_model === COMPOSER_MODEL;
  const author =
    gate === 'purchase' || gate === 'confinement'
      ? undefined
      : job.steps.findLast((step) => (gate === 'plan' ? step.step === 'plan' : step.step_id === job.facts.patch_step));
  const approve = (): void => run(() => bridge.call('job.resume', { workspace, approve: true, max_usd: null }));
  return (
    <section className="card gate-card" aria-label={t(`gate.${gate}.waiting`)}>
      <div className="gate-text">
        <h3>
          <ShieldQuestion size={16} aria-hidden />
          {t(`gate.${gate}.title`)}
        </h3>
        {job.error === null || SAID_ANYWAY.has(job.error.code) ? null : (
          <p className="gate-note">{job.error.message}</p>
        )}
        {gate === 'plan' ? (
          <PlanGist />
        ) : gate === 'purchase' ? (
          <PurchaseGate job={job} />
        ) : gate === 'confinement' ? (
          <p>{t('gate.confinement.text')}</p>
        ) : (
          <PatchGist job={job} />
        )}
        {unsaved ? (
          <p className="gate-note" role="alert">
            {t('gate.plan.unsaved')}
          </p>
        ) : null}
      </div>
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
        {author === undefined || composed ? null : <SendBack step={author} label={t('retry.sendBack')} />}
        {unsaved ? (
          <>
            <Button onClick={discard}>{t('plan.discard')}</Button>
            <Button tone="primary" icon={Save} onClick={() => run(() => save(workspace))}>
              {t('plan.save')}
            </Button>
          </>
        ) : null}
        <Button tone={unsaved ? 'plain' : 'primary'} icon={Check} disabled={unsaved} onClick={approve}>
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
        <PlainText text={plan.summary} />
      </p>
      <p className="muted">
        {t('gate.plan.counts', {
          ports: plan.top.ports.length,
          modules: plan.modules.length + 1,
          packages: plan.cbb_requirements.length,
          checks: plan.verification.checks.length,
        })}
      </p>
      <YourFiles files={plan.files.map((file) => file.path)} />
      {plan.questions.length === 0 ? null : (
        <ul className="questions">
          {plan.questions.map((question) => (
            <li key={question}>
              <PlainText text={question} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function PatchGist({ job }: { readonly job: JobState }) {
  const author = job.steps.findLast((step) => step.step_id === job.facts.patch_step);
  const named = job.error?.details?.['files'];
  const files = Array.isArray(named)
    ? named.flatMap((file: unknown) =>
        typeof file === 'object' && file !== null && 'path' in file && typeof file.path === 'string' ? [file.path] : [],
      )
    : [];
  return (
    <>
      <p>{stepLine(author?.summary ?? '')}</p>
      <YourFiles files={files} />
    </>
  );
}
