// Draws the notices; each goes by itself after a while, unless somebody is at it.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { X } from 'lucide-react';
import { Button, IconButton, useHint } from './controls.tsx';
import { titleFor } from './i18n/engine.ts';

export interface Notice {
  readonly id: number;
  readonly tone: 'error' | 'info' | 'success';
  readonly text: string;
  readonly hint?: string;
  readonly code?: string;
  /** what it means here, in the page's language */
  readonly note?: string;
  /** what can still be done about it; such a notice stays longer */
  readonly action?: { readonly label: string; run(): void };
}

const SHOWN_MS = 6000;
/** Longer for what has to be read or acted upon; what is under the pointer or has the focus stays. */
const LONG_SHOWN_MS = 30_000;

interface NoticesProps {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: number) => void;
}

export function Notices({ notices, onDismiss }: NoticesProps) {
  return (
    <div className="notices" role="region" aria-live="polite" aria-label="genRTL">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} onDismiss={onDismiss} />
      ))}
    </div>
  );
}

function NoticeCard({ notice, onDismiss }: { readonly notice: Notice } & Pick<NoticesProps, 'onDismiss'>) {
  const { t } = useTranslation();
  const hint = useHint({ code: notice.code ?? '', hint: notice.hint });
  const title = titleFor({ code: notice.code ?? '', message: notice.text });
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const long = notice.tone === 'error' || notice.action !== undefined;
    const timer = setTimeout(() => onDismiss(notice.id), long ? LONG_SHOWN_MS : SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, onDismiss, held]);
  return (
    <div
      className={`notice notice-${notice.tone}`}
      role={notice.tone === 'error' ? 'alert' : 'status'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className="notice-text">
        {title === null ? null : <p>{title}</p>}
        <p className={title === null ? '' : 'notice-hint'} lang={title === null ? undefined : 'en'}>
          {notice.text}
        </p>
        {notice.note === undefined ? null : <p>{notice.note}</p>}
        {hint === '' ? null : <p className="notice-hint">{hint}</p>}
        {notice.action === undefined ? null : (
          <Button
            onClick={() => {
              onDismiss(notice.id);
              notice.action?.run();
            }}
          >
            {notice.action.label}
          </Button>
        )}
      </div>
      <IconButton label={t('ui.close')} icon={X} onClick={() => onDismiss(notice.id)} />
    </div>
  );
}
