// What was read from the dropped files, beside its source and before anything runs: correct it, put several files in
// order, then take it.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ArrowUp, X } from 'lucide-react';
import type { ErrorBody } from '@genrtl/contracts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { Button, Chip, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatBytes } from '@genrtl/ui/format.ts';
import { base64Of } from './import-spec.ts';
import { SpecSource } from './spec-source.tsx';
import './spec-review.css';

interface Reading {
  readonly file: File;
  readonly read: IpcResponse<'spec.preview'> | null;
  readonly error: ErrorBody | null;
  /** the person's correction of what was read */
  readonly text: string | null;
}

interface SpecReviewProps {
  readonly files: readonly File[];
  readonly title: string;
  readonly action: string;
  /** asked above the buttons, such as the folder of a new workspace */
  readonly children?: ReactNode;
  readonly busy: boolean;
  readonly error: ErrorBody | null;
  readonly onClose: () => void;
  /** files to import as they are; the first is the specification */
  readonly onTake: (files: File[]) => void;
}

export function SpecReview({ files, title, action, children, busy, error, onClose, onTake }: SpecReviewProps) {
  const { t } = useTranslation();
  const [readings, setReadings] = useState<readonly Reading[]>(() =>
    files.map((file) => ({ file, read: null, error: null, text: null })),
  );
  const [shown, setShown] = useState(0);
  useEffect(() => {
    let current = true;
    const put = (file: File, part: Partial<Reading>): void => {
      if (current) setReadings((before) => before.map((one) => (one.file === file ? { ...one, ...part } : one)));
    };
    for (const file of files) {
      base64Of(file)
        .then((bytes_base64) => bridge.call('spec.preview', { name: file.name, bytes_base64 }))
        .then(
          (read) => put(file, { read }),
          (failure: unknown) => put(file, { error: errorBody(failure) }),
        );
    }
    return () => {
      current = false;
    };
  }, [files]);
  const at = Math.min(shown, readings.length - 1);
  const reading = readings[at];
  const ready = readings.length > 0 && readings.every((one) => one.read !== null && one.error === null);
  const change = (part: Partial<Reading>): void =>
    setReadings(readings.map((one, nth) => (nth === at ? { ...one, ...part } : one)));
  return (
    <Dialog
      title={title}
      size="large"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button tone="primary" disabled={busy || !ready} onClick={() => onTake(taken(readings))}>
            {action}
          </Button>
        </>
      }
    >
      <div className="spec-review">
        {readings.length < 2 ? null : (
          <div className="spec-tabs" role="tablist" aria-label={t('specReview.files')}>
            {readings.map((one, nth) => (
              <span key={`${nth} ${one.file.name}`} className={nth === at ? 'spec-tab spec-tab-on' : 'spec-tab'}>
                <button type="button" role="tab" aria-selected={nth === at} onClick={() => setShown(nth)}>
                  {nth + 1}. {one.file.name}
                  {one.error === null ? '' : ' ⚠'}
                </button>
              </span>
            ))}
          </div>
        )}
        {reading === undefined ? null : (
          <>
            <div className="spec-head">
              <span className="path mono" title={reading.file.name}>
                {reading.file.name}
              </span>
              <span className="muted">{formatBytes(reading.file.size)}</span>
              {reading.read === null ? null : (
                <Chip
                  tone={reading.read.structured ? 'ok' : 'accent'}
                  title={t(reading.read.structured ? 'specReview.structuredNote' : 'specReview.freeNote')}
                >
                  {t(reading.read.structured ? 'specReview.structured' : 'specReview.free')}
                </Chip>
              )}
              {reading.text === null ? null : <Chip tone="warning">{t('specReview.corrected')}</Chip>}
              <span className="status-space" />
              {readings.length < 2 ? null : (
                <>
                  <IconButton
                    label={t('specReview.up')}
                    icon={ArrowUp}
                    disabled={at === 0}
                    onClick={() => {
                      const next = [...readings];
                      next.splice(at - 1, 0, ...next.splice(at, 1));
                      setReadings(next);
                      setShown(at - 1);
                    }}
                  />
                  <IconButton
                    label={t('specReview.drop', { name: reading.file.name })}
                    icon={X}
                    onClick={() => setReadings(readings.filter((one) => one !== reading))}
                  />
                </>
              )}
            </div>
            <div className="spec-sides">
              <section aria-label={t('specReview.source')}>
                <h3>{t('specReview.source')}</h3>
                <SpecSource key={reading.file.name} file={reading.file} />
              </section>
              <section aria-label={t('specReview.read')}>
                <h3>{t('specReview.read')}</h3>
                {reading.error !== null ? (
                  <ErrorNote error={reading.error} />
                ) : reading.read === null ? (
                  <Spinner label={t('ui.loading')} />
                ) : (
                  <textarea
                    className="spec-text"
                    aria-label={t('specReview.read')}
                    spellCheck={false}
                    value={reading.text ?? reading.read.markdown}
                    onChange={(event) => change({ text: event.target.value })}
                  />
                )}
              </section>
            </div>
            {(reading.read?.diagnostics ?? []).length === 0 ? null : (
              <ul className="step-findings spec-findings">
                {reading.read?.diagnostics.slice(0, 20).map((found) => (
                  <li key={`${found.line ?? 0} ${found.message}`} className={`tone-${found.severity}`}>
                    <span className="mono">
                      {found.line === undefined ? '' : t('plan.specLine', { line: found.line })} {found.code}
                    </span>
                    <span>{found.message}</span>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
        {readings.length < 2 ? null : <p className="muted">{t('specReview.several')}</p>}
        {children}
        {error === null ? null : <ErrorNote error={error} />}
      </div>
    </Dialog>
  );
}

const stem = (name: string): string => name.replace(/\.[^.]*$/, '');

/**
 * One file as it was read goes in as it is; corrected text, or several files in order, become one Markdown file with
 * the sources beside it.
 */
function taken(readings: readonly Reading[]): File[] {
  const [first] = readings;
  if (first === undefined) return [];
  const originals = readings.map((one) => one.file);
  if (readings.length === 1 && first.text === null) return originals;
  const text = readings.map((one) => (one.text ?? one.read?.markdown ?? '').trimEnd()).join('\n\n');
  const name =
    readings.length === 1 && /\.(md|markdown)$/i.test(first.file.name)
      ? first.file.name
      : `${stem(first.file.name)}.spec.md`;
  const whole = new File([`${text}\n`], name, { type: 'text/markdown' });
  return [whole, ...originals.filter((file) => file.name !== name)];
}
