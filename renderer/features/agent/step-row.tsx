// One step: how it stands, how long it took, what it cost; opened, what it saw and what it left behind.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  CheckCircle2,
  ChevronDown,
  ChevronRight,
  CircleDashed,
  CirclePause,
  Loader2,
  ScrollText,
  SkipForward,
  XCircle,
} from 'lucide-react';
import type { StepRecord } from '@genrtl/contracts';
import { traitsOf, type StepTraits } from '@genrtl/contracts/steps.ts';
import { stepLine } from '../../i18n/index.ts';
import { useJob } from '../../state/job-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { formatDuration, formatUsd, shortUsd } from '@genrtl/ui/format.ts';
import { openPanel } from '../../workbench/dock-store.ts';
import { useNow } from './job-clock.tsx';
import { SendBack, canRetry } from './send-back.tsx';
import { StepDetails } from './step-details.tsx';
import { wordsOfPlan } from './words-of-plan.ts';

const GLYPHS = {
  running: Loader2,
  ok: CheckCircle2,
  failed: XCircle,
  skipped: SkipForward,
  waiting: CirclePause,
} as const;
/** What such a step left in its run folder is worth a look. */
const isDetailed = ({ keepsLog, writtenByModel }: StepTraits): boolean => keepsLog === true || writtenByModel === true;

/** Whether a step opens. */
export const opens = (step: StepRecord): boolean =>
  (isDetailed(traitsOf(step.step)) || canRetry(step)) && (step.status !== 'skipped' || step.outcome === 'LEFT');

interface StepRowProps {
  readonly step: StepRecord;
  readonly live: boolean;
  /** the one of the list that the Tab key reaches */
  readonly stop: boolean;
  readonly onFocus: () => void;
}

export function StepRow({ step, live, stop, onFocus }: StepRowProps) {
  const { t } = useTranslation();
  const running = step.status === 'running' && live;
  const now = useNow(running);
  const [open, setOpen] = useState(false);
  const tokens = useJob((store) => store.tokens[step.step_id] ?? '');
  const Glyph = step.status === 'running' && !live ? CircleDashed : GLYPHS[step.status];
  const elapsed = step.duration_ms ?? (running ? Math.max(0, now - Date.parse(step.started_at)) : null);
  // a step that is open in a job that ended waits for nobody
  const asks = useJob((store) => store.state?.status === 'needs_input' || store.state?.status === 'budget_exceeded');
  const shownStatus = step.status === 'waiting' && !asks ? 'stopped' : step.status;
  const hasDetails = opens(step);
  return (
    <li className={`step step-${step.status}`} data-step={step.step_id}>
      <button
        type="button"
        className="step-row"
        aria-expanded={hasDetails ? open : undefined}
        disabled={!hasDetails}
        tabIndex={stop ? 0 : -1}
        onFocus={onFocus}
        onClick={() => setOpen(!open)}
      >
        <Glyph
          size={15}
          className={running ? 'step-glyph spin' : 'step-glyph'}
          aria-label={t(`stepStatus.${shownStatus}`)}
        />
        <span className="step-name">{t(`steps.${step.step}`)}</span>
        <span className="step-summary" title={stepLine(step.summary)}>
          {stepLine(step.summary)}
        </span>
        <span className="step-cost" title={formatUsd(step.cost_usd)}>
          {/^0(\.0+)?$/.test(step.cost_usd) ? '' : shortUsd(step.cost_usd)}
        </span>
        <span className="step-time">{elapsed === null ? '' : formatDuration(elapsed)}</span>
        {hasDetails ? (
          open ? (
            <ChevronDown size={13} aria-hidden />
          ) : (
            <ChevronRight size={13} aria-hidden />
          )
        ) : (
          <span className="step-twist" />
        )}
      </button>
      {running && tokens !== '' ? <LiveAnswer text={step.step === 'plan' ? wordsOfPlan(tokens) : tokens} /> : null}
      {open ? (
        <div className="step-details">
          <StepDetails step={step} />
          <div className="step-actions">
            {traitsOf(step.step).keepsLog === true ? (
              <Button icon={ScrollText} onClick={() => openPanel('log', { stepId: step.step_id })}>
                {t('agent.showLog')}
              </Button>
            ) : null}
            {!live && canRetry(step) ? <SendBack step={step} label={t('retry.from')} /> : null}
          </div>
        </div>
      ) : null}
    </li>
  );
}

/** The model's answer as it streams, kept at its end. */
function LiveAnswer({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const element = useRef<HTMLPreElement>(null);
  useEffect(() => {
    element.current?.scrollTo({ top: element.current.scrollHeight });
  }, [text]);
  return (
    <pre ref={element} className="live-answer" tabIndex={0} aria-label={t('agent.answer')}>
      {text}
    </pre>
  );
}
