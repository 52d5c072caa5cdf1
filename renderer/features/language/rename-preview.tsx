// What a rename over several files is going to change, before it does.
import { useTranslation } from 'react-i18next';
import { create } from 'zustand';
import type { IpcResponse } from '@genrtl/contracts/ipc/index.ts';
import { Button } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import './language.css';

type Preview = IpcResponse<'language.rename_preview'>;

interface Asked {
  readonly name: string;
  readonly preview: Preview;
  answer(yes: boolean): void;
}

const useAsked = create<{ readonly asked: Asked | null }>()(() => ({ asked: null }));

/** Shows the dialog; whether the person agreed. */
export function agreeToRename(name: string, preview: Preview): Promise<boolean> {
  useAsked.getState().asked?.answer(false);
  return new Promise((resolve) =>
    useAsked.setState({
      asked: {
        name,
        preview,
        answer: (yes) => {
          useAsked.setState({ asked: null });
          resolve(yes);
        },
      },
    }),
  );
}

export function RenamePreview() {
  const { t } = useTranslation();
  const asked = useAsked((store) => store.asked);
  if (asked === null) return null;
  const { name, preview, answer } = asked;
  return (
    <Dialog
      title={t('rename.title', { old: preview.old_name, name })}
      onClose={() => answer(false)}
      footer={
        <>
          <Button onClick={() => answer(false)}>{t('ui.cancel')}</Button>
          <Button tone="primary" onClick={() => answer(true)}>
            {t('rename.apply')}
          </Button>
        </>
      }
    >
      <p>{t('rename.preview', { count: preview.places, files: preview.files })}</p>
      <ul className="rename-changes mono" tabIndex={0} aria-label={t('rename.title', { old: preview.old_name, name })}>
        {preview.changes.map(({ path, line, column, end_column, before, text }) => (
          <li key={`${path}:${line}:${column}`}>
            <span className="muted">
              {path}:{line}
            </span>{' '}
            {before.slice(0, column - 1).trimStart()}
            <del>{before.slice(column - 1, end_column - 1)}</del>
            <ins>{text}</ins>
            {before.slice(end_column - 1)}
          </li>
        ))}
      </ul>
      {preview.places > preview.changes.length ? <p className="muted">{t('search.truncated')}</p> : null}
      {preview.left.length === 0 ? null : (
        <p className="tone-warning">
          {t('rename.left', {
            count: preview.left.length,
            places: preview.left
              .slice(0, 5)
              .map(({ path, line }) => `${path}:${line}`)
              .join(', '),
          })}
        </p>
      )}
    </Dialog>
  );
}
