// What the person and the agent told each other in this job; a note goes out with every later request to the model.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bot, SendHorizontal, User } from 'lucide-react';
import type { JobState } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button } from '@genrtl/ui/controls.tsx';

const MAX_NOTE = 4000;

export function Conversation({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const plan = useJob((store) => store.plan);
  const notes = useCall('job.notes', { workspace }).data?.notes ?? [];
  const [text, setText] = useState('');
  const send = (): void =>
    run(async () => {
      await bridge.call('job.addNote', { workspace, text });
      setText('');
    });
  const planned = job.steps.find((step) => step.step === 'plan')?.started_at ?? '';
  const said = [
    ...(plan?.questions ?? []).map((question) => ({ at: planned, who: 'agent' as const, text: question })),
    ...notes.map((note) => ({ at: note.at, who: 'person' as const, text: note.text })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return (
    <section className="talk" aria-label={t('talk.title')}>
      <h3>{t('talk.title')}</h3>
      {said.length === 0 ? (
        <p className="muted">{t('talk.none')}</p>
      ) : (
        <ul>
          {said.map((entry, at) => (
            <li key={`${at} ${entry.at}`} className={`talk-${entry.who}`}>
              {entry.who === 'agent' ? (
                <Bot size={14} aria-label={t('talk.agent')} />
              ) : (
                <User size={14} aria-label={t('talk.you')} />
              )}
              <span>{entry.text}</span>
            </li>
          ))}
        </ul>
      )}
      <form
        className="talk-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') send();
        }}
      >
        <textarea
          rows={2}
          maxLength={MAX_NOTE}
          value={text}
          placeholder={t('talk.placeholder')}
          aria-label={t('talk.placeholder')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            if (text.trim() !== '') send();
          }}
        />
        <Button type="submit" icon={SendHorizontal} disabled={text.trim() === ''}>
          {t('talk.send')}
        </Button>
      </form>
    </section>
  );
}
