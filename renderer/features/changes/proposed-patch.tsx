// The patch that waits at the gate, before anything of it is written: both sides beside each other, each change taken
// or left out.
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Check, ChevronLeft } from 'lucide-react';
import type { ReviewFile } from '@genrtl/contracts/review.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { OwnerChip, useOwners } from '../agent/file-owners.tsx';
import { DiffText } from '../agent/step-details.tsx';
import { useLineColours } from './line-colours.ts';
import type { Coloured, Span } from './line-colours.ts';
import { kindOf } from './review-row.tsx';
import { sideRows } from './side-by-side.ts';
import type { SideRow } from './side-by-side.ts';

const NO_FILES: readonly ReviewFile[] = [];
const keyOf = (path: string, hunk: string): string => `${path}\n${hunk}`;
const linesOf = (text: string | null): string[] =>
  text === null || text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);

export function ProposedPatch({ stepId, onBack }: { readonly stepId: string; readonly onBack: () => void }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const returns = useJob((store) =>
    store.state?.error?.code === 'REJECTED_CHANGE_RETURNS' ? store.state.error.message : null,
  );
  const { data, error } = useCall('review.proposed', { workspace });
  const patch = useCall('job.run', { workspace, step_id: stepId }).data?.patch ?? null;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const files = data?.files ?? NO_FILES;
  const owners = useOwners(files.map((file) => file.path));
  const colours = useLineColours(files);
  const count = files.reduce((sum, file) => sum + file.hunks.length, 0);
  const toggle = (path: string, hunks: readonly string[], out: boolean): void =>
    setLeft((before) => {
      const next = new Set(before);
      for (const hunk of hunks) {
        if (out) next.add(keyOf(path, hunk));
        else next.delete(keyOf(path, hunk));
      }
      return next;
    });
  const approve = (): void =>
    run(async () => {
      const targets = files
        .map((file) => ({
          path: file.path,
          hunks: file.hunks.map((hunk) => hunk.id).filter((id) => left.has(keyOf(file.path, id))),
        }))
        .filter((target) => target.hunks.length > 0);
      if (targets.length > 0) await bridge.call('review.leave_out', { workspace, targets });
      await bridge.call('job.resume', { workspace, approve: true, max_usd: null });
    });
  return (
    <div className="changes">
      <div className="panel-tools">
        <IconButton label={t('ui.back')} icon={ChevronLeft} onClick={onBack} />
        <h3>{t('changes.proposed')}</h3>
        <span className="muted" role="status">
          {t('changes.taken', { taken: count - left.size, count })}
        </span>
        <span className="status-space" />
        <Button tone="primary" icon={Check} onClick={approve}>
          {t(left.size === 0 ? 'gate.patch.approve' : 'changes.approveTaken')}
        </Button>
      </div>
      {returns === null ? null : (
        <p className="review-note review-note-warning" role="status">
          {returns}
        </p>
      )}
      <div className="proposed" tabIndex={0} role="region" aria-label={t('changes.proposed')}>
        {error === null ? null : <ErrorNote error={error} />}
        {data === undefined && error === null ? <Spinner label={t('ui.loading')} /> : null}
        {/* a patch that does not fit is shown as it came: its author is told by the next step */}
        {data !== undefined && files.length === 0 && patch !== null ? <DiffText text={patch} /> : null}
        {files.map((file) => (
          <section key={file.path} className="proposed-file" aria-label={file.path}>
            <header className="review-file">
              <span className={`change-kind change-${kindOf(file)}`} title={t(`changes.${kindOf(file)}`)}>
                {kindOf(file)[0]?.toUpperCase()}
              </span>
              <PathText className="mono" path={file.path} title={file.path} />
              <OwnerChip owner={owners.get(file.path)} />
              <span className="status-space" />
              <Choice
                label={t('changes.takeFile', { file: file.path })}
                taken={file.hunks.some((hunk) => !left.has(keyOf(file.path, hunk.id)))}
                onChange={(taken) =>
                  toggle(
                    file.path,
                    file.hunks.map((hunk) => hunk.id),
                    !taken,
                  )
                }
              />
            </header>
            <Sides
              file={file}
              colours={colours.get(file.path)}
              isLeft={(hunk) => left.has(keyOf(file.path, hunk))}
              onChange={(hunk, taken) => toggle(file.path, [hunk], !taken)}
            />
          </section>
        ))}
      </div>
    </div>
  );
}

function Choice({
  label,
  taken,
  onChange,
}: {
  readonly label: string;
  readonly taken: boolean;
  readonly onChange: (taken: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <label className="proposed-choice">
      <input type="checkbox" aria-label={label} checked={taken} onChange={({ target }) => onChange(target.checked)} />
      {t(taken ? 'changes.take' : 'changes.leave')}
    </label>
  );
}

export function Sides({
  file,
  colours,
  isLeft,
  onChange,
}: {
  readonly file: ReviewFile;
  readonly colours: Coloured | undefined;
  readonly isLeft: (hunk: string) => boolean;
  readonly onChange: (hunk: string, taken: boolean) => void;
}) {
  const { t } = useTranslation();
  const before = useMemo(() => linesOf(file.before), [file.before]);
  const after = useMemo(() => linesOf(file.after), [file.after]);
  const rows = useMemo(() => sideRows(file.hunks, before.length), [file.hunks, before.length]);
  const cell = (row: SideRow, side: 'old' | 'now') => {
    const line = row[side];
    const text = line === undefined ? '' : ((side === 'old' ? before : after)[line - 1] ?? '');
    const spans = line === undefined ? undefined : (side === 'old' ? colours?.before : colours?.after)?.[line - 1];
    const change = row.change === 'same' ? '' : line === undefined ? ' side-none' : ` side-${side}`;
    return (
      <>
        <td className={`side-number${change}`}>{line ?? ''}</td>
        <td className={`side-text${change}`}>
          {spans === undefined || spans.length === 0
            ? text
            : spans.map(([part, colour]: Span, at) => (
                <span key={at} className={colour}>
                  {part}
                </span>
              ))}
        </td>
      </>
    );
  };
  return (
    <table className="sides">
      <colgroup>
        <col className="side-number" />
        <col />
        <col className="side-number" />
        <col />
      </colgroup>
      <tbody>
        {rows.map((row, at) => {
          if (row.change === 'gap')
            return (
              <tr key={row.key}>
                <td colSpan={4} className="side-gap">
                  {t('changes.unchanged', { count: row.count ?? 0 })}
                </td>
              </tr>
            );
          const first = row.hunk !== undefined && rows[at - 1]?.hunk !== row.hunk ? row.hunk : null;
          const line = file.hunks.find((hunk) => hunk.id === row.hunk)?.new_start ?? 0;
          return [
            first === null ? null : (
              <tr key={`head ${row.key}`}>
                <td colSpan={4} className="side-hunk">
                  <Choice
                    label={t('changes.takeHunk', { file: file.path, line })}
                    taken={!isLeft(first)}
                    onChange={(taken) => onChange(first, taken)}
                  />
                </td>
              </tr>
            ),
            <tr key={row.key} className={row.hunk !== undefined && isLeft(row.hunk) ? 'side-left-out' : ''}>
              {cell(row, 'old')}
              {cell(row, 'now')}
            </tr>,
          ];
        })}
      </tbody>
    </table>
  );
}
