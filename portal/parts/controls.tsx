// Parts that several pages are made of: failures in the person's language, fields, tables, questions before what cannot
// be undone.
import { useId, useState, type ReactNode } from 'react';
import type { ErrorBody } from '@genrtl/contracts';
import { Button, ErrorNote, Spinner, type Icon } from '@genrtl/ui/controls.tsx';
import { Dialog } from '@genrtl/ui/dialog.tsx';
import { useAct, type Answer } from '../api/answers.ts';
import { useTexts } from '../i18n/index.ts';

/** The server's sentences are English; a code that the page knows is told in the present language. */
export function FailureNote({ error }: { readonly error: ErrorBody | null }) {
  const { t, i18n } = useTexts();
  if (error === null) return null;
  const told = (group: 'identity' | 'failures'): string | null =>
    i18n.exists(`${group}.${error.code}`, { ns: 'portal' }) ? t(`${group}.${error.code}` as never) : null;
  const message = told('identity') ?? (i18n.language === 'en' ? null : told('failures')) ?? error.message;
  return <ErrorNote error={{ ...error, message }} />;
}

/** Draws what came, or that it is on its way, or why it did not come. */
export function Shown<T>({
  answer,
  children,
}: {
  readonly answer: Answer<T>;
  readonly children: (data: T) => ReactNode;
}) {
  const { t } = useTexts();
  if (answer.data !== undefined)
    return (
      <>
        <FailureNote error={answer.error} />
        {children(answer.data)}
      </>
    );
  return answer.error === null ? <Spinner label={t('ui.loading')} /> : <FailureNote error={answer.error} />;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'email' | 'password' | 'search';
  readonly note?: string;
  readonly autoComplete?: string;
  readonly required?: boolean;
  readonly inputMode?: 'decimal' | 'numeric';
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly autoFocus?: boolean;
}

export function Field({ label, value, onChange, type = 'text', note, autoComplete = 'off', ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className="field portal-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type={type}
        value={value}
        autoComplete={autoComplete}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
      {note === undefined ? null : (
        <small id={`${id}-note`} className="muted">
          {note}
        </small>
      )}
    </div>
  );
}

export function Section({
  title,
  note,
  children,
  actions,
}: {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) {
  const heading = useId();
  return (
    <section className="portal-section" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
        {actions}
      </header>
      {note === undefined ? null : <p className="muted">{note}</p>}
      {children}
    </section>
  );
}

/** A table that a narrow window scrolls; `label` names it for who cannot see the heading above. */
export function Table({
  label,
  head,
  children,
}: {
  readonly label: string;
  readonly head: readonly (string | { readonly number: string })[];
  readonly children: ReactNode;
}) {
  return (
    // scrolled by the keyboard too
    <div className="portal-table" role="group" aria-label={label} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {head.map((one, at) =>
              typeof one === 'string' ? (
                one === '' ? (
                  <td key={at} />
                ) : (
                  <th key={at} scope="col">
                    {one}
                  </th>
                )
              ) : (
                <th key={at} scope="col" className="number">
                  {one.number}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A button that asks first, with what will happen; what fails is told in the question. */
export function Confirmed({
  label,
  spoken,
  title,
  ask,
  act,
  icon,
  children,
  ready = true,
}: {
  readonly label: string;
  /** the whole name of the button, where several say the same */
  readonly spoken?: string;
  readonly title?: string;
  readonly ask: string;
  readonly act: () => Promise<unknown>;
  readonly icon?: Icon;
  /** fields to be filled in before */
  readonly children?: ReactNode;
  readonly ready?: boolean;
}) {
  const { t } = useTexts();
  const [open, setOpen] = useState(false);
  const doing = useAct();
  const close = (): void => {
    doing.clear();
    setOpen(false);
  };
  return (
    <>
      <button type="button" className="button button-danger" aria-label={spoken} onClick={() => setOpen(true)}>
        {icon === undefined ? null : <Glyph icon={icon} />}
        <span>{label}</span>
      </button>
      {open ? (
        <Dialog
          title={title ?? spoken ?? label}
          size="small"
          onClose={close}
          footer={
            <>
              <Button onClick={close}>{t('ui.cancel')}</Button>
              <Button
                tone="danger"
                disabled={doing.busy || !ready}
                onClick={() => void doing.run(act).then((done) => (done ? close() : undefined))}
              >
                {label}
              </Button>
            </>
          }
        >
          <p>{ask}</p>
          {children}
          <FailureNote error={doing.error} />
        </Dialog>
      ) : null}
    </>
  );
}

const Glyph = ({ icon: Drawn }: { readonly icon: Icon }) => <Drawn size={14} aria-hidden />;

/** A form that does one thing: its button waits, and what fails is told below the fields. */
export function Form({
  children,
  submit,
  label,
  tone = 'primary',
  onDone,
  disabled = false,
  inline = false,
  others,
}: {
  readonly children?: ReactNode;
  readonly submit: () => Promise<unknown>;
  readonly label: string;
  readonly tone?: 'primary' | 'plain';
  readonly onDone?: () => void;
  readonly disabled?: boolean;
  /** fields and button in one line */
  readonly inline?: boolean;
  /** further buttons beside the first */
  readonly others?: ReactNode;
}) {
  const doing = useAct();
  return (
    <form
      className={inline ? 'portal-form portal-form-inline' : 'portal-form'}
      onSubmit={(event) => {
        event.preventDefault();
        void doing.run(submit).then((done) => (done ? onDone?.() : undefined));
      }}
    >
      {children}
      <div className="portal-buttons">
        <Button type="submit" tone={tone} disabled={doing.busy || disabled}>
          {label}
        </Button>
        {others}
      </div>
      <FailureNote error={doing.error} />
    </form>
  );
}
