// A modal on the native dialog element: focus is trapped and given back, Escape closes.
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { X } from 'lucide-react';
import { IconButton } from './controls.tsx';

interface DialogProps {
  readonly title: string;
  readonly size?: 'small' | 'medium' | 'large';
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}

const FIELDS = 'input:not([disabled]):not([type=hidden]), textarea:not([disabled]), select:not([disabled])';
const CONTROLS = `[autofocus], ${FIELDS}, button:not([disabled]), a[href], [tabindex="0"]`;

/** The first field, else the first control of the body, else the answer at the bottom that
 * destroys nothing: never the closing cross. */
function firstOf(dialog: HTMLDialogElement | null): HTMLElement | null {
  const body = dialog?.querySelector('.dialog-body');
  const footer = dialog?.querySelector('.dialog-footer');
  const shown = (within: Element | null | undefined, selector: string): HTMLElement | null =>
    [...(within?.querySelectorAll<HTMLElement>(selector) ?? [])].find((element) => element.checkVisibility()) ?? null;
  return (
    shown(body, FIELDS) ??
    shown(footer, '.button-primary:not([disabled])') ??
    shown(body, CONTROLS) ??
    shown(footer, CONTROLS)
  );
}

export function Dialog({ title, size = 'medium', onClose, children, footer }: DialogProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog?.open === false) dialog.showModal();
    firstOf(dialog)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog dialog-${size}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      <div className="dialog-frame" data-first tabIndex={-1}>
        <header className="dialog-header">
          <h2 id={heading}>{title}</h2>
          <IconButton label={t('ui.close')} icon={X} onClick={onClose} />
        </header>
        <div className="dialog-body">{children}</div>
        {footer === undefined ? null : <footer className="dialog-footer">{footer}</footer>}
      </div>
    </dialog>
  );
}
