// One file of a review: its source at the left with what could not be read, the text that is planned from at the right
// with what is wrong in it. A file that is its own text stands once.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '@genrtl/contracts';
import { Button, ErrorNote, Spinner } from '@genrtl/ui/controls.tsx';
import { SpecFindings, SpecNotes } from './spec-findings.tsx';
import { SpecSource } from './spec-source.tsx';
import type { ShownPlace } from './spec-source.tsx';
import { SpecText } from './spec-text.tsx';
import type { ShownLine } from './spec-text.tsx';
import type { Reading } from './spec-review.tsx';

interface SpecSidesProps {
  readonly reading: Reading;
  readonly findings: readonly Diagnostic[];
  readonly checked: boolean;
  readonly onCorrect: (text: string) => void;
}

export function SpecSides({ reading, findings, checked, onCorrect }: SpecSidesProps) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<ShownPlace | null>(null);
  const [shown, setShown] = useState<ShownLine | null>(null);
  const [compared, setCompared] = useState(false);
  const { file, read, error, text } = reading;
  if (error !== null) return <ErrorNote error={error} />;
  if (read === null) return <Spinner label={t('ui.loading')} />;
  const isItsText = read.source.kind === 'text' && /\.(md|markdown|txt)$/i.test(file.name) && read.notes.length === 0;
  const single = isItsText && !(compared && text !== null);
  const errors = findings.filter((found) => found.severity === 'error').length;
  const lost = read.notes.filter((note) => note.level === 'lost').length;
  return (
    <div className={single ? 'spec-sides spec-single' : 'spec-sides'}>
      {single ? null : (
        <section aria-label={t('specReview.source')}>
          <h3>{t('specReview.source')}</h3>
          <SpecSource file={file} source={read.source} shown={place} />
          {read.notes.length === 0 ? null : (
            <>
              <h3 className={lost > 0 ? 'tone-error' : ''}>
                {lost > 0 ? t('specReview.lost', { count: lost }) : t('specReview.notes')}
              </h3>
              <SpecNotes
                notes={read.notes}
                onGo={({ page, line: at }) =>
                  setPlace({ ...(page === undefined ? {} : { page }), ...(at === undefined ? {} : { line: at }) })
                }
              />
            </>
          )}
        </section>
      )}
      <section aria-label={t('specReview.read')}>
        <h3 className="spec-side-head">
          {t('specReview.read')}
          {isItsText && text !== null ? (
            <Button tone="quiet" onClick={() => setCompared(!compared)}>
              {t(compared ? 'specReview.alone' : 'specReview.compare')}
            </Button>
          ) : null}
        </h3>
        <SpecText
          label={t('specReview.read')}
          name="specification.md"
          initial={text ?? read.markdown}
          findings={findings}
          shown={shown}
          onChange={onCorrect}
        />
        {findings.length > 0 ? (
          <>
            <h3 className={errors > 0 ? 'tone-error' : ''}>{t('specReview.errors', { count: findings.length })}</h3>
            <SpecFindings
              findings={findings}
              onGo={(found) => found.line !== undefined && setShown({ line: found.line })}
            />
          </>
        ) : checked ? (
          <p className="muted">{t('specReview.nothingWrong')}</p>
        ) : null}
      </section>
    </div>
  );
}
