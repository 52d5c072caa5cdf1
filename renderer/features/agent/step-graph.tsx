// The job's flow as a small graph, live: every step with its state, the time and money that all its runs took, and the
// way back that repair takes.
import { useTranslation } from 'react-i18next';
import { CheckCircle2, Circle, CirclePause, Loader2, SkipForward, XCircle } from 'lucide-react';
import { STEP_NAMES, traitsOf } from '@genrtl/contracts/steps.ts';
import type { JobState, StepName, StepRecord } from '@genrtl/contracts';
import { formatDuration, formatUsd, sumUsd } from '@genrtl/ui/format.ts';
import { useNow } from './job-clock.tsx';

/** The flow as people think of it: four lanes, left to right. */
const LANES = (['plan', 'packages', 'write', 'check'] as const).map(
  (lane) => [lane, STEP_NAMES.filter((step) => traitsOf(step).lane === lane)] as const,
);
const GLYPHS = {
  running: Loader2,
  ok: CheckCircle2,
  failed: XCircle,
  skipped: SkipForward,
  waiting: CirclePause,
  idle: Circle,
} as const;

interface Node {
  readonly status: StepRecord['status'] | 'idle';
  readonly runs: number;
  readonly ms: number;
  readonly cost: string;
  readonly last: string | null;
}

export function nodeOf(steps: readonly StepRecord[], name: StepName, live: boolean, now: number): Node {
  const runs = steps.filter((step) => step.step === name);
  const last = runs.at(-1);
  return {
    status: last === undefined ? 'idle' : last.status === 'running' && !live ? 'waiting' : last.status,
    runs: runs.length,
    last: last?.step_id ?? null,
    ms: runs.reduce(
      (sum, step) =>
        sum +
        (step.duration_ms ?? (step.status === 'running' && live ? Math.max(0, now - Date.parse(step.started_at)) : 0)),
      0,
    ),
    cost: sumUsd(runs.map((step) => step.cost_usd)),
  };
}

/** Brings a step's row into view and opens nothing: the graph is a map. */
function show(stepId: string): void {
  const row = document.querySelector<HTMLElement>(`[data-panel=agent] [data-step="${CSS.escape(stepId)}"] .step-row`);
  row?.scrollIntoView({ block: 'center' });
  row?.focus();
}

export function StepGraph({ job, live }: { readonly job: JobState; readonly live: boolean }) {
  const { t } = useTranslation();
  const now = useNow(live);
  return (
    <section className="graph" aria-label={t('graph.title')}>
      {LANES.map(([lane, names]) => (
        <div key={lane} className="graph-lane">
          <h4>{t(`graph.${lane}`)}</h4>
          <ol>
            {names.map((name) => {
              const node = nodeOf(job.steps, name, live, now);
              const Glyph = GLYPHS[node.status];
              const facts = [
                node.runs > 0 && node.ms > 0 ? formatDuration(node.ms) : '',
                Number(node.cost) > 0 ? formatUsd(node.cost) : '',
              ].filter((text) => text !== '');
              return (
                <li key={name} className={`graph-node graph-${node.status}${name === 'repair' ? ' graph-back' : ''}`}>
                  <button
                    type="button"
                    disabled={node.last === null}
                    onClick={() => (node.last === null ? undefined : show(node.last))}
                    title={`${t(`steps.${name}`)}${facts.map((fact) => ` · ${fact}`).join('')}`}
                  >
                    <span className="graph-head">
                      <Glyph size={13} aria-hidden className={node.status === 'running' ? 'spin' : undefined} />
                      {node.runs > 1 ? <span className="graph-runs">×{node.runs}</span> : null}
                    </span>
                    <span className="graph-name">{t(`graph.steps.${name}`)}</span>
                    {facts.map((fact) => (
                      <span key={fact} className="graph-facts">
                        {fact}
                      </span>
                    ))}
                    <span className="visually-hidden">
                      {node.status === 'idle' ? t('graph.idle') : t(`stepStatus.${node.status}`)}
                    </span>
                  </button>
                </li>
              );
            })}
          </ol>
        </div>
      ))}
    </section>
  );
}
