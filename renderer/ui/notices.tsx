// Draws the notices; each goes by itself after a while, errors stay until they are closed.
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { X } from 'lucide-react';
import type { Notice } from '../state/notice-store.ts';
import { useNotices } from '../state/notice-store.ts';
import { IconButton, useHint } from './controls.tsx';

const SHOWN_MS = 6000;

export function Notices() {
  const notices = useNotices((store) => store.notices);
  return (
    <div className="notices" role="region" aria-live="polite" aria-label="genRTL">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </div>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { t } = useTranslation();
  const dismiss = useNotices((store) => store.dismiss);
  const hint = useHint({ code: notice.code ?? '', hint: notice.hint });
  useEffect(() => {
    if (notice.tone === 'error') return undefined;
    const timer = setTimeout(() => dismiss(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, dismiss]);
  return (
    <div className={`notice notice-${notice.tone}`} role={notice.tone === 'error' ? 'alert' : 'status'}>
      <div className="notice-text">
        <p>{notice.text}</p>
        {hint === '' ? null : <p className="notice-hint">{hint}</p>}
      </div>
      <IconButton label={t('ui.close')} icon={X} onClick={() => dismiss(notice.id)} />
    </div>
  );
}
