// What an import could not read and what is wrong with a specification, each a way to its place.
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { CircleCheck, CircleHelp, OctagonX, TriangleAlert } from 'lucide-react';
import type { Diagnostic } from '@genrtl/contracts';
import type { ImportNote } from '@genrtl/contracts/spec-import.ts';

interface SpecFindingsProps {
  readonly findings: readonly Diagnostic[];
  readonly onGo: (found: Diagnostic) => void;
}

export function SpecFindings({ findings, onGo }: SpecFindingsProps) {
  const { t } = useTranslation();
  return (
    <ul className="spec-list" aria-label={t('specReview.findings')}>
      {findings.map((found, at) => (
        <li key={`${at} ${found.message}`}>
          <button
            type="button"
            className={`spec-row tone-${found.severity}`}
            disabled={found.line === undefined}
            onClick={() => onGo(found)}
          >
            {found.severity === 'error' ? <OctagonX size={14} aria-hidden /> : <TriangleAlert size={14} aria-hidden />}
            {found.line === undefined ? null : (
              <span className="spec-where mono">{t('specReview.line', { line: found.line })}</span>
            )}
            <span className="spec-says">{found.message}</span>
            <code className="muted">{found.code}</code>
          </button>
        </li>
      ))}
    </ul>
  );
}

const GLYPHS = { lost: OctagonX, check: CircleHelp, done: CircleCheck } as const;
const TONES = { lost: 'tone-error', check: 'tone-warning', done: 'muted' } as const;
const ORDER = ['lost', 'check', 'done'] as const;

interface SpecNotesProps {
  readonly notes: readonly ImportNote[];
  readonly onGo: (note: ImportNote) => void;
}

/** What is lost comes first: it is what the person has to add. */
export function SpecNotes({ notes, onGo }: SpecNotesProps) {
  const { t } = useTranslation();
  const sorted = ORDER.flatMap((level) => notes.filter((note) => note.level === level));
  return (
    <ul className="spec-list" aria-label={t('specReview.notes')}>
      {sorted.map((note, at) => {
        const Glyph = GLYPHS[note.level];
        return (
          <li key={`${at} ${note.text}`}>
            <button
              type="button"
              className={`spec-row ${TONES[note.level]}`}
              disabled={note.page === undefined && note.line === undefined}
              onClick={() => onGo(note)}
            >
              <Glyph size={14} aria-label={t(`specReview.level.${note.level}`)} />
              {note.page === undefined && note.line === undefined ? null : (
                <span className="spec-where mono">
                  {note.page === undefined
                    ? t('specReview.line', { line: note.line })
                    : t('specReview.page', { number: note.page })}
                </span>
              )}
              <span className="spec-says">
                {noteText(note)}
                {note.place === undefined ? null : (
                  <span className="muted"> · {t('specReview.below', { place: note.place })}</span>
                )}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** In the present language; English comes with the note. */
export function noteText(note: ImportNote): string {
  if (!i18next.hasResourceBundle(i18next.language, 'importNotes')) return note.text;
  return i18next.t(note.kind as never, { ns: 'importNotes', ...note.values });
}
