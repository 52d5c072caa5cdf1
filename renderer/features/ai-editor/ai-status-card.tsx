// What stands behind the status item: the reason in full, the switches, the last answer's tokens, cost and model, and
// how much of what was accepted stayed.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { Button, ErrorNote } from '@genrtl/ui/controls.tsx';
import { ACCEPTED_KINDS, CHECKPOINTS_S } from './acceptance.ts';
import { useAcceptance } from './acceptance-store.ts';
import { useAi } from './ai-store.ts';
import { reasonToSay } from './ghost.ts';
import { usdOf } from './cost-text.ts';
import './ai-editor.css';

export function AiStatusCard({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const card = useRef<HTMLDivElement>(null);
  const { edit, controls, last, ghost, hasModel } = useAi();
  const counts = useAcceptance((store) => store.counts);
  const settings = useSettings((store) => store.settings);
  const change = useSettings((store) => store.change);
  // why nothing is suggested is no matter while an answer comes
  const reason = edit === null ? reasonToSay(ghost.reason, hasModel, settings?.inline_suggestions === true) : null;
  useEffect(() => {
    card.current?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && card.current?.parentElement?.contains(event.target) !== true) onClose();
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [onClose]);
  if (settings === null) return null;
  const usage = last?.usage ?? null;
  const kept = ACCEPTED_KINDS.filter((kind) => counts[kind].accepted > 0);
  return (
    <div
      ref={card}
      className="ai-status-card"
      role="dialog"
      aria-label={t('ai.status')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      {reason === null ? null : <p>{t(`ai.reasons.${reason}`, { name: ghost.name ?? '' })}</p>}
      {reason === 'failed' && last !== null && last.error !== null ? <ErrorNote error={last.error} /> : null}
      {hasModel === false ? (
        <p>
          <Button onClick={() => useDialogs.getState().open('settings', 'models')}>{t('mend.models')}</Button>
        </p>
      ) : null}
      {edit === null || controls === null ? null : (
        <p className="ai-status-run">
          <span>
            {t(`ai.intents.${edit.intent}`)} <span className="muted">{edit.run.model ?? t('ai.waiting')}</span>
          </span>
          <Button onClick={controls.stop}>{t('commands.aiStop')}</Button>
        </p>
      )}
      <label>
        <input
          type="checkbox"
          checked={settings.inline_suggestions}
          onChange={(event) => run(() => change({ inline_suggestions: event.target.checked }))}
        />
        {t('settings.inlineSuggestions')}
      </label>
      <label>
        <input
          type="checkbox"
          checked={settings.suggest_in_comments}
          onChange={(event) => run(() => change({ suggest_in_comments: event.target.checked }))}
        />
        {t('settings.suggestInComments')}
      </label>
      <label>
        <input
          type="checkbox"
          checked={settings.ai_retention === 'none'}
          onChange={(event) => run(() => change({ ai_retention: event.target.checked ? 'none' : 'default' }))}
        />
        {t('settings.aiNoRetention')}
      </label>
      {last === null || usage === null ? null : (
        <p className="muted">
          {t('ai.last', {
            model: last.model ?? '–',
            input: usage.inputTokens,
            output: usage.outputTokens,
            cost: usdOf(usage.costMicroUsd),
          })}
          {usage.cached ? ` ${t('ai.cached')}` : ''}
          {usage.estimated ? ` ${t('ai.estimated')}` : ''}
        </p>
      )}
      {kept.length === 0 ? null : (
        <table>
          <caption className="visually-hidden">{t('ai.acceptance.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('ai.acceptance.kept')}</th>
              {CHECKPOINTS_S.map((seconds) => (
                <th key={seconds} scope="col">
                  {t(`ai.acceptance.after${seconds}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {kept.map((kind) => (
              <tr key={kind}>
                <th scope="row">
                  {t(`ai.acceptance.${kind}`)} ({counts[kind].accepted})
                </th>
                {CHECKPOINTS_S.map((seconds) => (
                  <td key={seconds}>
                    {counts[kind].looked[seconds] === 0
                      ? '–'
                      : `${Math.round((100 * counts[kind].kept[seconds]) / counts[kind].looked[seconds])} %`}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
