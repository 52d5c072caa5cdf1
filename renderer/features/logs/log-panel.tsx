// Read-only log of a tool run, read by window: a gigabyte of log costs the page as little as a kilobyte.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ArrowDownToLine, ArrowUpToLine, ScrollText } from 'lucide-react';
import { traitsOf } from '@genrtl/contracts/steps.ts';
import type { IDockviewPanelProps } from 'dockview-react';
import { bridge } from '../../bridge/bridge.ts';
import { useJob } from '../../state/job-store.ts';
import { showError } from '../../state/notice-store.ts';
import { useToolRuns } from '../../state/tool-runs.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Empty, IconButton } from '@genrtl/ui/controls.tsx';
import { formatBytes } from '@genrtl/ui/format.ts';
import { useRows } from '@genrtl/ui/use-rows.ts';

const ROW_PX = 18;
/** Windows of 64 KB kept in the page; older ones are read again when asked for. */
const KEPT_CHARS = 1_048_576;
const POLL_MS = 500;
/** No step is called so. */
const LAST_RUN = '@last';

interface Shown {
  readonly text: string;
  readonly from: number;
  readonly next: number;
  readonly size: number;
}

const NOTHING: Shown = { text: '', from: 0, next: 0, size: 0 };

export function LogPanel({ params }: IDockviewPanelProps<{ stepId?: string }>) {
  const { t } = useTranslation();
  const steps = useJob((store) => store.state?.steps);
  const logs = useMemo(() => (steps ?? []).filter((step) => traitsOf(step.step).keepsLog === true), [steps]);
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const last = useToolRuns((store) => (store.last?.workspace === workspace ? store.last : null));
  const [chosen, setChosen] = useState<string | null>(null);
  const [stream, setStream] = useState<'stdout' | 'stderr'>('stdout');
  useEffect(() => setChosen(params.stepId ?? null), [params.stepId]);
  // a run that was just asked for is what one wants to read
  useEffect(() => {
    if (last !== null) setChosen(LAST_RUN);
  }, [last]);
  const step = logs.find((candidate) => candidate.step_id === chosen) ?? logs.at(-1);
  const alone = last !== null && (chosen === LAST_RUN || step === undefined);
  if (step === undefined && last === null) return <Empty icon={ScrollText} title={t('log.none')} />;
  return (
    <div className="log">
      <LogBody
        key={`${alone ? `${LAST_RUN} ${last.nth}` : step?.step_id} ${stream}`}
        stepId={alone || step === undefined ? null : step.step_id}
        stream={stream}
        running={!alone && step?.status === 'running'}
        tools={
          <>
            <select
              aria-label={t('log.step')}
              value={alone ? LAST_RUN : step?.step_id}
              onChange={(event) => setChosen(event.target.value)}
            >
              {last === null ? null : (
                <option value={LAST_RUN}>{t('log.alone', { what: t(`toolRun.actions.${last.action}`) })}</option>
              )}
              {logs.map((candidate) => (
                <option key={candidate.step_id} value={candidate.step_id}>
                  {candidate.step_id}
                </option>
              ))}
            </select>
            <div className="segmented" role="group" aria-label={t('log.stream')}>
              {(['stdout', 'stderr'] as const).map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={stream === name}
                  className={stream === name ? 'segment segment-on' : 'segment'}
                  onClick={() => setStream(name)}
                >
                  {name}
                </button>
              ))}
            </div>
          </>
        }
      />
    </div>
  );
}

interface LogBodyProps {
  /** null: the last run without a job */
  readonly stepId: string | null;
  readonly stream: 'stdout' | 'stderr';
  readonly running: boolean;
  readonly tools: React.ReactNode;
}

function LogBody({ stepId, stream, running, tools }: LogBodyProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const growth = useJob((store) => store.logGrowth[stepId ?? ''] ?? 0);
  const [shown, setShown] = useState<Shown>(NOTHING);
  // A live log is read at its end, and so is that of a run just asked for; the others from their beginning.
  const [follow, setFollow] = useState(running || stepId === null);
  const scroller = useRef<HTMLDivElement>(null);
  const reading = useRef(false);
  const latest = useRef(shown);
  latest.current = shown;

  const readFrom = useCallback(
    async (offset: number): Promise<void> => {
      if (reading.current) return;
      reading.current = true;
      try {
        const window =
          stepId === null
            ? await bridge.call('tools.log', { workspace, stream, offset })
            : await bridge.call('job.log', { workspace, step_id: stepId, stream, offset });
        setShown((before) => {
          const start = offset < 0 ? Math.max(0, window.size_bytes + offset) : offset;
          if (start !== before.next)
            return { text: window.text, from: start, next: window.next_offset, size: window.size_bytes };
          const joined = before.text + window.text;
          if (joined.length <= KEPT_CHARS)
            return { text: joined, from: before.from, next: window.next_offset, size: window.size_bytes };
          return { text: window.text, from: start, next: window.next_offset, size: window.size_bytes };
        });
      } catch (error) {
        showError(error);
      } finally {
        reading.current = false;
      }
    },
    [workspace, stepId, stream],
  );

  useEffect(() => void readFrom(0), [readFrom]);
  useEffect(() => {
    // Finished logs are read on while more is known to be there; live ones are asked again as they grow.
    if (shown.next < shown.size && (follow || shown.text === '')) void readFrom(shown.next);
  }, [shown, follow, readFrom]);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void readFrom(latest.current.next), POLL_MS);
    return () => clearInterval(timer);
  }, [running, readFrom]);
  useEffect(() => {
    if (growth > 0) void readFrom(latest.current.next);
  }, [growth, running, readFrom]);

  const lines = useMemo(
    () => (shown.text.endsWith('\n') ? shown.text.slice(0, -1) : shown.text).split('\n'),
    [shown.text],
  );
  const rows = useRows({ count: shown.text === '' ? 0 : lines.length, scroller, height: ROW_PX, overscan: 20 });
  useEffect(() => {
    if (follow) scroller.current?.scrollTo({ top: lines.length * ROW_PX });
  }, [follow, lines.length]);

  return (
    <>
      <div className="panel-tools">
        {tools}
        <span className="muted">{formatBytes(shown.size)}</span>
        <span className="status-space" />
        {shown.from > 0 ? (
          <Button
            onClick={() => {
              setFollow(false);
              void readFrom(0);
            }}
          >
            {t('log.fromStart')}
          </Button>
        ) : null}
        {shown.next < shown.size && !follow ? (
          <Button onClick={() => void readFrom(shown.next)}>{t('log.more')}</Button>
        ) : null}
        <IconButton
          label={t('log.top')}
          icon={ArrowUpToLine}
          onClick={() => {
            setFollow(false);
            rows.scrollToIndex(0);
          }}
        />
        <IconButton
          label={t('log.follow')}
          icon={ArrowDownToLine}
          pressed={follow}
          onClick={() => {
            setFollow(!follow);
            if (!follow && shown.next < shown.size) void readFrom(-65_536);
          }}
        />
      </div>
      {shown.text === '' ? (
        <p className="muted panel-pad">{running ? t('log.waiting') : t('log.empty')}</p>
      ) : (
        <div
          ref={scroller}
          className="log-scroll"
          tabIndex={0}
          role="log"
          aria-label={`${stepId ?? t('panels.log')} ${stream}`}
          onWheel={(event) => {
            if (event.deltaY < 0) setFollow(false);
          }}
        >
          <div style={{ height: rows.getTotalSize() }} className="log-lines">
            {rows.getVirtualItems().map((row) => (
              <div key={row.key} className="log-line" style={{ transform: `translateY(${row.start}px)` }}>
                {lines[row.index]}
              </div>
            ))}
          </div>
        </div>
      )}
    </>
  );
}
