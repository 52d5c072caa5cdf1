// Asks for the name of a new file or folder, or the new name of one; says what is wrong before anything is tried.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@genrtl/contracts';
import { errorBody } from '../../bridge/call-error.ts';
import { Button, ErrorNote } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';

interface NameDialogProps {
  readonly title: string;
  readonly action: string;
  /** what is asked for, where it is not a name */
  readonly label?: string;
  readonly initial: string;
  readonly onClose: () => void;
  /** throws what keeps the name from being taken */
  readonly onName: (name: string) => Promise<void>;
}

export function NameDialog({ title, action, label, initial, onClose, onName }: NameDialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const [error, setError] = useState<ErrorBody | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const dot = initial.lastIndexOf('.');
    input.current?.focus();
    input.current?.setSelectionRange(0, dot > 0 ? dot : initial.length);
  }, [initial]);
  const submit = (): void => {
    const wanted = name.trim();
    if (wanted === '' || wanted === initial) return;
    onName(wanted).then(onClose, (failure: unknown) => setError(errorBody(failure)));
  };
  return (
    <Dialog
      title={title}
      size="small"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button tone="primary" onClick={submit} disabled={name.trim() === '' || name.trim() === initial}>
            {action}
          </Button>
        </>
      }
    >
      <label className="field">
        <span>{label ?? t('explorer.name')}</span>
        <input
          ref={input}
          value={name}
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') submit();
          }}
        />
      </label>
      {error === null ? null : <ErrorNote error={error} />}
    </Dialog>
  );
}
