// One row of the review: a file's head, a hunk's head with its decision, a folded stretch, or a line of the diff.
import { useTranslation } from 'react-i18next';
import { Check, ChevronDown, ChevronRight, SquareArrowOutUpRight, UnfoldVertical, X } from 'lucide-react';
import type { ReviewFile, ReviewHunk } from '@genrtl/contracts/review.ts';
import { Chip, IconButton } from '@genrtl/ui/controls.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { openFile } from '../../workbench/dock-store.ts';
import type { Coloured, Span } from './line-colours.ts';
import type { ReviewRow } from './review-rows.ts';
import type { Review } from './use-review.ts';

export const kindOf = (file: ReviewFile): 'created' | 'deleted' | 'modified' =>
  file.before === null ? 'created' : file.after === null ? 'deleted' : 'modified';

interface RowProps {
  readonly row: ReviewRow;
  readonly review: Review;
  /** decisions wait while a job writes */
  readonly locked: boolean;
  readonly current: boolean;
  readonly folded: boolean;
  readonly colours: Coloured | undefined;
  onFold(path: string): void;
  onExpand(key: string): void;
}

export function ReviewRowView({ row, review, locked, current, folded, colours, onFold, onExpand }: RowProps) {
  const { t } = useTranslation();
  switch (row.kind) {
    case 'file':
      return (
        <FileHead
          file={row.file}
          review={review}
          locked={locked}
          folded={folded}
          onFold={() => onFold(row.file.path)}
        />
      );
    case 'hunk':
      return (
        <HunkHead
          file={row.file}
          hunk={row.hunk}
          ordinal={row.ordinal}
          review={review}
          locked={locked}
          current={current}
        />
      );
    case 'gap':
      return (
        <button type="button" className="review-gap" onClick={() => onExpand(row.key)}>
          <UnfoldVertical size={12} aria-hidden />
          {t('changes.unchanged', { count: row.count })}
        </button>
      );
    case 'line': {
      const spans = row.change === 'del' ? colours?.before[(row.old ?? 0) - 1] : colours?.after[(row.now ?? 0) - 1];
      return (
        <div className={`review-line review-${row.change}`}>
          <span className="review-number">{row.old ?? ''}</span>
          <span className="review-number">{row.now ?? ''}</span>
          <span className="review-sign">{row.change === 'add' ? '+' : row.change === 'del' ? '−' : ' '}</span>
          <code>
            {spans === undefined || spans.length === 0
              ? row.text
              : spans.map(([text, colour]: Span, at) => (
                  <span key={at} className={colour}>
                    {text}
                  </span>
                ))}
          </code>
        </div>
      );
    }
  }
}

function FileHead({
  file,
  review,
  locked,
  folded,
  onFold,
}: {
  readonly file: ReviewFile;
  readonly review: Review;
  readonly locked: boolean;
  readonly folded: boolean;
  readonly onFold: () => void;
}) {
  const { t } = useTranslation();
  const kind = kindOf(file);
  const added = file.hunks.reduce((sum, hunk) => sum + hunk.new_lines, 0);
  const removed = file.hunks.reduce((sum, hunk) => sum + hunk.old_lines, 0);
  const settled = file.hunks.every((hunk) => hunk.status === 'accepted');
  return (
    <div className="review-file">
      <button type="button" className="review-fold" aria-expanded={!folded} onClick={onFold} title={file.path}>
        {folded ? <ChevronRight size={14} aria-hidden /> : <ChevronDown size={14} aria-hidden />}
        <span className={`change-kind change-${kind}`} aria-label={t(`changes.${kind}`)}>
          {kind[0]?.toUpperCase()}
        </span>
        <PathText className="mono" path={file.path} />
        <span className="review-counts">
          <span className="tone-ok">+{added}</span> <span className="tone-error">−{removed}</span>
        </span>
      </button>
      {settled ? <Chip tone="ok">{t('changes.accepted')}</Chip> : null}
      {file.after === null ? null : (
        <IconButton
          label={t('changes.open')}
          icon={SquareArrowOutUpRight}
          onClick={() => openFile(file.path, { line: file.hunks[0]?.new_start ?? 1 })}
        />
      )}
      <IconButton
        label={t('changes.acceptFile', { file: file.path })}
        icon={Check}
        disabled={locked || settled}
        onClick={() => review.decide('accept', [{ file }])}
      />
      <IconButton
        label={t('changes.rejectFile', { file: file.path })}
        icon={X}
        disabled={locked}
        onClick={() => review.decide('reject', [{ file }])}
      />
    </div>
  );
}

const TONES = { open: 'muted', accepted: 'ok', returned: 'warning' } as const;

function HunkHead({
  file,
  hunk,
  ordinal,
  review,
  locked,
  current,
}: {
  readonly file: ReviewFile;
  readonly hunk: ReviewHunk;
  readonly ordinal: number;
  readonly review: Review;
  readonly locked: boolean;
  readonly current: boolean;
}) {
  const { t } = useTranslation();
  const choice = [{ file, hunks: [hunk.id] }];
  return (
    <div
      className={`review-hunk review-hunk-${hunk.status}${current ? ' review-hunk-current' : ''}`}
      data-hunk={ordinal}
      aria-current={current}
    >
      <span className="review-hunk-place">@@ {t('changes.atLine', { line: hunk.new_start })}</span>
      {hunk.status === 'open' ? null : (
        <Chip tone={TONES[hunk.status]} {...(hunk.status === 'returned' ? { title: t('changes.returnedNote') } : {})}>
          {t(`changes.${hunk.status}`)}
        </Chip>
      )}
      <span className="status-space" />
      {hunk.status === 'accepted' ? null : (
        <button
          type="button"
          className="review-yes"
          disabled={locked}
          aria-label={t('changes.acceptHunk', { file: file.path, line: hunk.new_start })}
          onClick={() => review.decide('accept', choice)}
        >
          <Check size={12} aria-hidden />
          {t('changes.accept')}
        </button>
      )}
      <button
        type="button"
        className="review-no"
        disabled={locked}
        aria-label={t('changes.rejectHunk', { file: file.path, line: hunk.new_start })}
        onClick={() => review.decide('reject', choice)}
      >
        <X size={12} aria-hidden />
        {t('changes.reject')}
      </button>
    </div>
  );
}
