// One letter for what happened to a file; its meaning is its name.
import { useTranslation } from 'react-i18next';
import { LETTERS } from './marks.ts';
import type { Mark } from './marks.ts';

export function GitMark({ mark }: { readonly mark: Mark }) {
  const { t } = useTranslation();
  const said = t(`git.change.${mark.change}`);
  return (
    <span className={`git-mark git-${mark.change}`} title={said}>
      <span aria-hidden>{mark.inside ? '•' : LETTERS[mark.change]}</span>
      <span className="visually-hidden">{said}</span>
    </span>
  );
}
