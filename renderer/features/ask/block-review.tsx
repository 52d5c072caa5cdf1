// The review gate of a code block: what it would change, side by side and hunk by hunk, before anything is written.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Check } from 'lucide-react';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import { Sides } from '../changes/proposed-patch.tsx';
import { useLineColours } from '../changes/line-colours.ts';
import '../changes/changes.css';

interface BlockReviewProps {
  readonly threadId: string;
  readonly messageId: string;
  readonly code: string;
  readonly onClose: () => void;
}

const keyOf = (path: string, hunk: string): string => `${path}\n${hunk}`;

export function BlockReview({ threadId, messageId, code, onClose }: BlockReviewProps) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const asked = { workspace, thread_id: threadId, message_id: messageId, code };
  const { data, error } = useCall('ask.propose', asked);
  const files = data?.files ?? [];
  const colours = useLineColours(files);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const count = files.reduce((sum, file) => sum + file.hunks.length, 0);
  const choose = (key: string, taken: boolean): void =>
    setLeft((before) => new Set(taken ? [...before].filter((one) => one !== key) : [...before, key]));
  const apply = (): void =>
    run(async () => {
      const leaveOut = files
        .map((file) => ({
          path: file.path,
          hunks: file.hunks.map((hunk) => hunk.id).filter((id) => left.has(keyOf(file.path, id))),
        }))
        .filter((file) => file.hunks.length > 0);
      const done = await bridge.call('ask.apply', { ...asked, leave_out: leaveOut });
      onClose();
      useNotices.getState().add({
        tone: 'success',
        text: t('ask.applied', { files: done.files.join(', ') }),
        action: {
          label: t('ask.undo'),
          run: () => run(() => bridge.call('ask.undo', { workspace, undo: done.undo })),
        },
      });
    });
  return (
    <Dialog
      title={t('ask.review')}
      size="large"
      onClose={onClose}
      footer={
        <>
          <span className="muted" role="status">
            {count === 0 ? '' : t('changes.taken', { taken: count - left.size, count })}
          </span>
          <span className="status-space" />
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button tone="primary" icon={Check} disabled={count === 0 || left.size === count} onClick={apply}>
            {t('ask.applyNow')}
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      {data === undefined && error === null ? <Spinner label={t('ui.loading')} /> : null}
      {data !== undefined && count === 0 ? (
        <div className="ask-refusals">
          <p>{t(data.refusals.length === 0 ? 'ask.changesNothing' : 'ask.doesNotFit')}</p>
          <ul>
            {data.refusals.map((refusal, at) => (
              <li key={at}>
                <code>{refusal.code}</code> {refusal.path === undefined ? '' : `${refusal.path}: `}
                {refusal.message}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {files.map((file) => (
        <section key={file.path} className="proposed-file" aria-label={file.path}>
          <header className="review-file">
            <PathText className="mono" path={file.path} title={file.path} />
          </header>
          <Sides
            file={file}
            colours={colours.get(file.path)}
            isLeft={(hunk) => left.has(keyOf(file.path, hunk))}
            onChange={(hunk, taken) => choose(keyOf(file.path, hunk), taken)}
          />
        </section>
      ))}
    </Dialog>
  );
}
