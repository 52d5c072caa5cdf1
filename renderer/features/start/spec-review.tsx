// What was read from the dropped files, beside its source and before anything runs: see what could not be read and what
// is wrong, correct it, put several files in order, then take it.
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ArrowUp, X } from 'lucide-react';
import type { ErrorBody } from '@genrtl/contracts';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { Button, Chip, ErrorNote, IconButton } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { formatBytes } from '@genrtl/ui/format.ts';
import { base64Of } from './import-spec.ts';
import { findingsOf, joined, useSpecCheck } from './spec-check.ts';
import { SpecSides } from './spec-sides.tsx';
import './spec-review.css';

export interface Reading {
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
  const [leaving, setLeaving] = useState(false);
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
  const whole = useMemo(() => (ready ? joined(readings.map(textOf)) : null), [ready, readings]);
  const check = useSpecCheck(reading?.file.name ?? '', whole?.text ?? null);
  const findings = useMemo(
    () => (check === null || whole === null ? [] : findingsOf(check.diagnostics, whole.starts, at)),
    [check, whole, at],
  );
  const correct = (file: File, text: string): void =>
    setReadings((before) =>
      before.map((one) => (one.file === file ? { ...one, text: text === one.read?.markdown ? null : text } : one)),
    );
  // corrections are never thrown away by a key or a click beside the dialog
  const close = (): void => (readings.some((one) => one.text !== null) ? setLeaving(true) : onClose());
  return (
    <Dialog
      title={title}
      size="large"
      onClose={close}
      footer={
        leaving ? (
          <>
            <span className="spec-leaving" role="alert">
              {t('specReview.leaving')}
            </span>
            <Button onClick={onClose}>{t('specReview.discard')}</Button>
            <Button tone="primary" onClick={() => setLeaving(false)}>
              {t('specReview.keepEditing')}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={close}>{t('ui.cancel')}</Button>
            <Button tone="primary" disabled={busy || !ready} onClick={() => onTake(taken(readings))}>
              {action}
            </Button>
          </>
        )
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
              {check === null ? null : (
                <Chip
                  tone={check.structured ? 'ok' : 'muted'}
                  title={t(check.structured ? 'specReview.structuredNote' : 'specReview.freeNote')}
                >
                  {t(check.structured ? 'specReview.structured' : 'specReview.free')}
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
            <SpecSides
              key={files.indexOf(reading.file)}
              reading={reading}
              findings={findings}
              checked={check !== null}
              onCorrect={(text) => correct(reading.file, text)}
            />
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
const textOf = (one: Reading): string => one.text ?? one.read?.markdown ?? '';

/**
 * One file as it was read goes in as it is; corrected text, or several files in order, become one Markdown file with
 * the sources beside it.
 */
function taken(readings: readonly Reading[]): File[] {
  const [first] = readings;
  if (first === undefined) return [];
  const originals = readings.map((one) => one.file);
  if (readings.length === 1 && first.text === null) return originals;
  const name =
    readings.length === 1 && /\.(md|markdown)$/i.test(first.file.name)
      ? first.file.name
      : `${stem(first.file.name)}.spec.md`;
  const whole = new File([joined(readings.map(textOf)).text], name, { type: 'text/markdown' });
  return [whole, ...originals.filter((file) => file.name !== name)];
}
