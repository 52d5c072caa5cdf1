// What was rejected: gone from the disk, kept here, and taken back with one click.
import { useTranslation } from 'react-i18next';
import { Undo2 } from 'lucide-react';
import type { RejectedHunk } from '@genrtl/contracts/review.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';
import type { Review } from './use-review.ts';

const SHOWN_LINES = 12;

export function RejectedList({ review, locked }: { readonly review: Review; readonly locked: boolean }) {
  const { t } = useTranslation();
  const rejected = review.view?.rejected ?? [];
  if (rejected.length === 0) return null;
  return (
    <section className="rejected" aria-label={t('changes.rejected', { count: rejected.length })}>
      <details>
        <summary>{t('changes.rejected', { count: rejected.length })}</summary>
        <p className="muted">{t('changes.rejectedNote')}</p>
        <ul>
          {rejected.map((hunk) => (
            <Rejected key={hunk.id} hunk={hunk} locked={locked} onRestore={() => review.restore(hunk.id)} />
          ))}
        </ul>
      </details>
    </section>
  );
}

function Rejected({
  hunk,
  locked,
  onRestore,
}: {
  readonly hunk: RejectedHunk;
  readonly locked: boolean;
  readonly onRestore: () => void;
}) {
  const { t } = useTranslation();
  const lines = [...hunk.removed.map((line) => `- ${line}`), ...hunk.added.map((line) => `+ ${line}`)];
  const more = lines.length - SHOWN_LINES;
  return (
    <li className="rejected-hunk">
      <header>
        <PathText className="mono" path={hunk.path} title={hunk.path} />
        <Button icon={Undo2} disabled={locked} onClick={onRestore}>
          {t('changes.restore')}
        </Button>
      </header>
      <pre className="code diff" tabIndex={0}>
        {lines.slice(0, SHOWN_LINES).map((line, at) => (
          <span key={at} className={line.startsWith('+') ? 'diff-add' : 'diff-del'}>
            {line}
          </span>
        ))}
        {more > 0 ? <span className="muted">{t('changes.moreLines', { count: more })}</span> : null}
      </pre>
    </li>
  );
}
