// The plan as an outline: the interface it promises, what is bought, what is written, how it is checked. Editable while
// it waits at its gate.
import { COMPOSER_MODEL } from '@genrtl/contracts/composer.ts';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ListTree, Pencil, Save } from 'lucide-react';
import type { ErrorBody, Plan } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useJob, waitingGate } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { loadPlan, useWorkspace } from '../../state/workspace-store.ts';
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
  const [draft, setDraft] = useState<Plan | null>(null);
  const [error, setError] = useState<ErrorBody | null>(null);
  const waits =
    waitingGate(state) === 'plan' ||
    (state?.steps.at(-1)?.step === 'approve_plan' && state.steps.at(-1)?.status === 'waiting');
  const composed = state?.facts.plan_model === COMPOSER_MODEL;
  const passed = state?.steps.findLast((step) => step.step === 'approve_plan' && step.status !== 'waiting');
  useEffect(() => {
    if (!waits) setDraft(null);
  }, [waits]);
  const plan = draft ?? standing;
  const context = useMemo(
    () => ({
      plan,
      change:
        draft === null
          ? null
          : (edit: (before: Plan) => Plan): void => setDraft((before) => (before === null ? null : edit(before))),
    }),
    [plan, draft],
  );
  const change = context.change;

  const save = async (): Promise<void> => {
    if (draft === null) return;
    try {
      await bridge.call('job.editPlan', { workspace, plan: draft });
      setDraft(null);
      setError(null);
      await loadPlan(workspace);
    } catch (failure) {
      setError(errorBody(failure));
    }
  };
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
              <Button
                onClick={() => {
                  setDraft(null);
                  setError(null);
                }}
              >
                {t('ui.cancel')}
              </Button>
              <Button tone="primary" icon={Save} onClick={() => run(save)}>
                {t('plan.save')}
              </Button>
            </>
          ) : waits ? (
            <Button
              icon={Pencil}
              disabled={composed}
              title={t(composed ? 'plan.composed' : 'plan.editNote')}
              onClick={() => setDraft(standing)}
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
