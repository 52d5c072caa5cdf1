// Small controls that every feature uses: buttons, chips, empty states, error notes.
import type { ComponentType, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorBody } from '@genrtl/contracts';
import { AlertTriangle } from 'lucide-react';
import { hintFor, titleFor } from './i18n/engine.ts';
import { mendFor } from './mends.ts';

export type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean; className?: string }>;

interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly tone?: 'primary' | 'plain' | 'danger' | 'quiet';
  readonly icon?: Icon;
  readonly disabled?: boolean;
  readonly type?: 'button' | 'submit';
  readonly title?: string;
}

export function Button({
  children,
  onClick,
  tone = 'plain',
  icon: Glyph,
  disabled,
  type = 'button',
  title,
}: ButtonProps) {
  return (
    <button type={type} className={`button button-${tone}`} onClick={onClick} disabled={disabled} title={title}>
      {Glyph === undefined ? null : <Glyph size={14} aria-hidden />}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps {
  readonly label: string;
  readonly icon: Icon;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
}

export function IconButton({ label, icon: Glyph, onClick, pressed, disabled }: IconButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
      disabled={disabled}
    >
      <Glyph size={16} aria-hidden />
    </button>
  );
}

export type Tone = 'ok' | 'error' | 'warning' | 'info' | 'muted' | 'accent' | 'live' | 'package';

export function Chip({
  tone,
  children,
  title,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
  readonly title?: string;
}) {
  return (
    <span className={`chip chip-${tone}`} title={title}>
      {children}
    </span>
  );
}

export function Empty({
  icon: Glyph,
  title,
  children,
}: {
  readonly icon: Icon;
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="empty">
      <Glyph size={28} aria-hidden />
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <div className="empty-body">{children}</div>}
    </div>
  );
}

/** An error as a person needs it: what happened, what to do, and the code for who is asked for help. */
export function ErrorNote({ error }: { readonly error: ErrorBody }) {
  const hint = useHint(error);
  const mend = mendFor(error);
  const title = titleFor(error);
  return (
    <div className="error-note" role="alert">
      <AlertTriangle size={16} aria-hidden />
      <div>
        {title === null ? null : <p className="error-note-text">{title}</p>}
        <p
          className={title === null ? 'error-note-text' : 'error-note-detail'}
          lang={title === null ? undefined : 'en'}
        >
          {error.message}
        </p>
        {hint === '' ? null : <p className="error-note-hint">{hint}</p>}
        {mend === null ? null : <Button onClick={mend.run}>{mend.label}</Button>}
        <code className="error-note-code">{error.code}</code>
      </div>
    </div>
  );
}

/** The hint in the person's language and in the words of the page. */
export function useHint(error: { readonly code: string; readonly hint?: string | undefined }): string {
  useTranslation(); // draws again when the language changes
  return hintFor(error);
}

export function Spinner({ label }: { readonly label: string }) {
  return <span className="spinner" role="status" aria-label={label} />;
}
