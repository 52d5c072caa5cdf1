// The plan as an outline: the interface it promises, what is bought, what is written, how it is checked. Editable while
// it waits at its gate.
import { COMPOSER_MODEL } from '@genrtl/contracts/composer.ts';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ListTree, Pencil, Save } from 'lucide-react';
import type { Plan } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useJob, waitingGate } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { usePlanEdit } from '../../state/plan-edit.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Empty, ErrorNote } from '@genrtl/ui/controls.tsx';
import { BlockDiagram } from './block-diagram.tsx';
import { EditableText } from './editable.tsx';
import { ModuleView } from './module-view.tsx';
import { PlanDraftContext } from './plan-draft.ts';
import { Checks, Files, Packages, Sentences } from './plan-lists.tsx';

export function PlanPanel() {
  const { t } = useTranslation();
  const plan = useJob((store) => store.plan);
  if (plan === null)
    return (
      <Empty icon={ListTree} title={t('plan.none')}>
        {t('plan.noneNote')}
      </Empty>
    );
  return <PlanOutline plan={plan} />;
}

function PlanOutline({ plan: standing }: { readonly plan: Plan }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const quotes = useJob((store) => store.quotes);
  const state = useJob((store) => store.state);
  const editing = usePlanEdit();
  const draft = editing.jobId === state?.job_id ? editing.draft : null;
  const error = draft === null ? null : editing.error;
  const waits = waitingGate(state) === 'plan';
  const composed = state?.facts.plan_model === COMPOSER_MODEL;
  const passed = state?.steps.findLast((step) => step.step === 'approve_plan' && step.status !== 'waiting');
  const plan = draft ?? standing;
  const context = useMemo(
    () => ({ plan, change: draft === null ? null : usePlanEdit.getState().change }),
    [plan, draft],
  );
  const change = context.change;
  const problems = error?.details?.['problems'];
  return (
    <PlanDraftContext value={context}>
      <article className="plan">
        <header className="plan-head">
          <h2>
            <EditableText
              value={plan.title}
              label={t('plan.title')}
              onChange={change === null ? undefined : (title) => change((before) => ({ ...before, title }))}
            />
          </h2>
          {draft !== null ? (
            <>
              <Button onClick={editing.discard}>{t('plan.discard')}</Button>
              <Button
                tone="primary"
                icon={Save}
                disabled={!waits}
                title={waits ? t('plan.saveNote') : t('plan.tooLate')}
                onClick={() => run(() => editing.save(workspace))}
              >
                {t('plan.save')}
              </Button>
            </>
          ) : waits ? (
            <Button
              icon={Pencil}
              disabled={composed}
              title={t(composed ? 'plan.composed' : 'plan.editNote')}
              onClick={() => editing.begin(standing, state?.job_id ?? '')}
            >
              {t('plan.edit')}
            </Button>
          ) : passed === undefined || state?.status === 'running' || composed ? null : (
            <Button
              icon={Pencil}
              title={t('plan.reopenNote')}
              onClick={() => run(() => bridge.call('job.retry', { workspace, step_id: passed.step_id, note: null }))}
            >
              {t('plan.reopen')}
            </Button>
          )}
        </header>
        {draft === null || waits ? null : (
          <p className="notice-inline" role="alert">
            {t('plan.tooLate')}
          </p>
        )}
        {error === null ? null : <ErrorNote error={error} />}
        {Array.isArray(problems) && problems.length > 1 ? (
          <ul className="plan-problems">
            {problems.slice(1).map((problem) => (
              <li key={String(problem)}>{String(problem)}</li>
            ))}
          </ul>
        ) : null}
        <p>
          <EditableText
            value={plan.summary}
            label={t('plan.summary')}
            long
            onChange={change === null ? undefined : (summary) => change((before) => ({ ...before, summary }))}
          />
        </p>
        {plan.top.instances.length === 0 ? null : (
          <Part title={t('plan.diagram')}>
            <BlockDiagram plan={plan} quotes={quotes} />
          </Part>
        )}
        <Part title={t('plan.top', { name: plan.top.name })}>
          <ModuleView module={plan.top} at={-1} />
        </Part>
        {plan.modules.map((module, at) => (
          <Part key={module.name} title={module.name} closed={draft === null}>
            <ModuleView module={module} at={at} />
          </Part>
        ))}
        <Part title={t('plan.packages', { count: plan.cbb_requirements.length })}>
          <Packages quotes={quotes} />
        </Part>
        <Part title={t('plan.checks', { count: plan.verification.checks.length })}>
          <Checks />
        </Part>
        <Part title={t('plan.files', { count: plan.files.length })}>
          <Files />
        </Part>
        {plan.assumptions.length === 0 && draft === null ? null : (
          <Part title={t('plan.assumptions')}>
            <Sentences part="assumptions" addLabel={t('plan.addAssumption')} />
          </Part>
        )}
        {plan.questions.length === 0 && draft === null ? null : (
          <Part title={t('plan.questions')}>
            <Sentences part="questions" addLabel={t('plan.addQuestion')} />
          </Part>
        )}
      </article>
    </PlanDraftContext>
  );
}

function Part({
  title,
  closed = false,
  children,
}: {
  readonly title: string;
  readonly closed?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <details className="plan-part" open={!closed}>
      <summary>
        <h3>{title}</h3>
      </summary>
      <div className="plan-part-body">{children}</div>
    </details>
  );
}
