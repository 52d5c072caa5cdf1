// The status bar's item: what the AI module does in the editor now, and why nothing is suggested.
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Sparkles } from 'lucide-react';
import { useSettings } from '../../state/settings-store.ts';
import { useActiveEditor } from '../editor/active-editor.ts';
import { useAi } from './ai-store.ts';
import { reasonToSay } from './ghost.ts';
import { usdOf } from './cost-text.ts';
import type { RunState } from './run-state.ts';

const AiStatusCard = lazy(async () => ({ default: (await import('./ai-status-card.tsx')).AiStatusCard }));

export function AiStatus() {
  const { t } = useTranslation();
  const editor = useActiveEditor((store) => store.editor);
  const edit = useAi((store) => store.edit);
  const suggests = useSettings((store) => store.settings?.inline_suggestions === true);
  const reason = useAi((store) => reasonToSay(store.ghost.reason, store.hasModel, suggests));
  const [open, setOpen] = useState(false);
  if (edit === null && (editor === null || reason === null)) return null;
  const words =
    edit === null
      ? t(`ai.short.${reason ?? 'waiting'}`)
      : edit.pending > 0
        ? t('ai.pending', { count: edit.pending })
        : t('ai.running', { what: t(`ai.intents.${edit.intent}`), progress: progress(edit.run) });
  return (
    <span className="ai-status">
      <button type="button" aria-expanded={open} title={t('ai.status')} onClick={() => setOpen(!open)}>
        <Sparkles size={12} aria-hidden />
        <span role="status">{words}</span>
      </button>
      {open ? (
        <Suspense fallback={null}>
          <AiStatusCard onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </span>
  );

  function progress(run: RunState): string {
    if (run.usage !== null)
      return `${t('ai.tokens', { count: run.usage.outputTokens })} · ${usdOf(run.usage.costMicroUsd)}`;
    if (run.pieces > 0) return t('ai.characters', { count: run.text.length });
    return run.model ?? t('ai.waiting');
  }
}
