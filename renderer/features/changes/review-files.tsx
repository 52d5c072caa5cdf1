// The changed files beside the diff: what happened to each, and how many of its hunks still wait for a decision.
import { useTranslation } from 'react-i18next';
import type { ReviewFile } from '@genrtl/contracts/review.ts';
import { kindOf } from './review-row.tsx';
import { PathText } from '@genrtl/ui/path-text.tsx';

export function ReviewFiles({
  files,
  onGo,
}: {
  readonly files: readonly ReviewFile[];
  readonly onGo: (path: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <nav className="changes-files" aria-label={t('changes.files', { count: files.length })}>
      <ul>
        {files.map((file) => {
          const open = file.hunks.filter((hunk) => hunk.status !== 'accepted').length;
          const returned = file.hunks.some((hunk) => hunk.status === 'returned');
          return (
            <li key={file.path}>
              <button type="button" className="changes-file" title={file.path} onClick={() => onGo(file.path)}>
                <span className={`change-kind change-${kindOf(file)}`} aria-label={t(`changes.${kindOf(file)}`)}>
                  {kindOf(file)[0]?.toUpperCase()}
                </span>
                <PathText path={file.path} />
                {open === 0 ? null : (
                  <span
                    className={returned ? 'changes-open tone-warning' : 'changes-open'}
                    title={t('changes.openCount', { count: open })}
                  >
                    {open}
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
