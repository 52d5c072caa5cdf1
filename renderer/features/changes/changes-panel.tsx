// Everything the job changed in one cumulative diff over all files; accepted and rejected by hunk, by file, or all at
// once.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FileDiff } from 'lucide-react';
import type { IDockviewPanelProps } from 'dockview-react';
import { useJob } from '../../state/job-store.ts';
import { useWorkspace, wasInterrupted } from '../../state/workspace-store.ts';
import { Empty, Spinner } from '@genrtl/ui/controls.tsx';
import { useRows } from '@genrtl/ui/use-rows.ts';
import { ProposedPatch } from './proposed-patch.tsx';
import { RejectedList } from './rejected-list.tsx';
import { ReviewBar } from './review-bar.tsx';
import { ReviewFiles } from './review-files.tsx';
import { ReviewRowView } from './review-row.tsx';
import { ROW_PX, reviewRows, widestLine } from './review-rows.ts';
import { useLineColours } from './line-colours.ts';
import { useReview } from './use-review.ts';
import './changes.css';

const NO_FILES = [] as const;

/** The set with the item put in or taken out. */
function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

export function ChangesPanel({ params }: IDockviewPanelProps<{ patchOf?: string | null }>) {
  const waiting = useJob((store) =>
    store.state?.steps.at(-1)?.step === 'approve_patch' && store.state.steps.at(-1)?.status === 'waiting'
      ? (store.state.facts.patch_step ?? null)
      : null,
  );
  const [looking, setLooking] = useState(false);
  useEffect(() => setLooking(params.patchOf != null), [params.patchOf, waiting]);
  return waiting !== null && looking ? (
    <ProposedPatch stepId={waiting} onBack={() => setLooking(false)} />
  ) : (
    <ReviewRoom {...(waiting === null ? {} : { onProposed: () => setLooking(true) })} />
  );
}

function ReviewRoom({ onProposed }: { readonly onProposed?: () => void }) {
  const { t } = useTranslation();
  const review = useReview();
  const interrupted = useWorkspace((store) => wasInterrupted(store.view));
  const running = useJob((store) => store.state?.status === 'running') && !interrupted;
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const files = review.view?.files ?? NO_FILES;
  const rows = useMemo(() => reviewRows(files, expanded, closed), [files, expanded, closed]);
  const width = useMemo(() => widestLine(rows), [rows]);
  const colours = useLineColours(files);
  const list = useRows({
    count: rows.length,
    scroller,
    height: (at) => ROW_PX[rows[at]?.kind ?? 'line'],
    keyOf: (at) => rows[at]?.key ?? at,
    overscan: 30,
  });
  useEffect(() => list.measure(), [list, rows]);
  const hunks = useMemo(() => rows.flatMap((row, at) => (row.kind === 'hunk' ? [{ at, row }] : [])), [rows]);
  const at = Math.min(current, Math.max(0, hunks.length - 1));
  const locked = running || review.busy;

  const go = (to: number): void => {
    const wanted = Math.max(0, Math.min(hunks.length - 1, to));
    setCurrent(wanted);
    const row = hunks[wanted]?.at;
    if (row !== undefined) list.scrollToIndex(row, { align: 'center' });
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const chosen = hunks[at]?.row;
    const actions: Readonly<Record<string, () => void>> = {
      n: () => go(at + 1),
      p: () => go(at - 1),
      a: () => {
        if (chosen !== undefined && !locked) review.decide('accept', [{ file: chosen.file, hunks: [chosen.hunk.id] }]);
      },
      r: () => {
        if (chosen !== undefined && !locked) review.decide('reject', [{ file: chosen.file, hunks: [chosen.hunk.id] }]);
      },
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  if (review.view === null)
    return (
      <div className="panel-wait">
        <Spinner label={t('ui.loading')} />
      </div>
    );
  return (
    <div className="changes">
      <ReviewBar review={review} running={running} {...(onProposed === undefined ? {} : { onProposed })} />
      {files.length === 0 ? (
        <div className="changes-body">
          <Empty icon={FileDiff} title={t('changes.none')}>
            {t('changes.noneNote')}
          </Empty>
        </div>
      ) : (
        <div className="changes-body">
          <ReviewFiles
            files={files}
            onGo={(path) => {
              const row = rows.findIndex((candidate) => candidate.kind === 'file' && candidate.file.path === path);
              if (row >= 0) list.scrollToIndex(row, { align: 'start' });
            }}
          />
          <div
            ref={scroller}
            className="review-scroll"
            tabIndex={0}
            role="region"
            aria-label={t('changes.diff')}
            onKeyDown={onKey}
          >
            <div
              className="review-rows"
              style={{ height: list.getTotalSize(), width: `max(100%, calc(${width}ch + 130px))` }}
            >
              {list.getVirtualItems().map((item) => {
                const row = rows[item.index];
                if (row === undefined) return null;
                const path = row.kind === 'line' ? row.path : row.kind === 'gap' ? '' : row.file.path;
                return (
                  <div
                    key={item.key}
                    className="review-row"
                    style={{ transform: `translateY(${item.start}px)`, height: item.size }}
                    onClick={
                      row.kind === 'hunk' ? () => setCurrent(hunks.findIndex((hunk) => hunk.row === row)) : undefined
                    }
                  >
                    <ReviewRowView
                      row={row}
                      review={review}
                      locked={locked}
                      current={row.kind === 'hunk' && row === hunks[at]?.row}
                      folded={closed.has(path)}
                      colours={colours.get(path)}
                      onFold={(file) => setClosed(toggled(closed, file))}
                      onExpand={(key) => setExpanded(toggled(expanded, key))}
                    />
                  </div>
                );
              })}
            </div>
          </div>
        </div>
      )}
      <RejectedList review={review} locked={locked} />
    </div>
  );
}
