// What the person and the agent told each other in this job; a note goes out with every later request to the model. It
// stays at the panel's foot, whatever the timeline shows.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Bot, SendHorizontal, User } from 'lucide-react';
import { COMPOSER_MODEL } from '@genrtl/contracts/composer.ts';
import type { JobState } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useJob } from '../../state/job-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { IconButton } from '@genrtl/ui/controls.tsx';

const MAX_NOTE = 4000;

export function Conversation({ job }: { readonly job: JobState }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const plan = useJob((store) => store.plan);
  const notes = useCall('job.notes', { workspace }).data?.notes ?? [];
  const [text, setText] = useState('');
  const send = (): void => {
    if (text.trim() === '') return;
    run(async () => {
      await bridge.call('job.addNote', { workspace, text });
      setText('');
    });
  };
  const planned = job.steps.find((step) => step.step === 'plan')?.started_at ?? '';
  const said = [
    ...(plan?.questions ?? []).map((question) => ({ at: planned, who: 'agent' as const, text: question })),
    ...notes.map((note) => ({ at: note.at, who: 'person' as const, text: note.text })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  // the composer reads the specification and nothing else
  const composed = job.facts.plan_model === COMPOSER_MODEL;
  return (
    <section className="talk" aria-label={t('talk.title')}>
      {said.length === 0 ? null : (
        <ul tabIndex={0} aria-label={t('talk.said')}>
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
          send();
        }}
      >
        <textarea
          rows={1}
          maxLength={MAX_NOTE}
          value={text}
          placeholder={t(composed ? 'talk.composed' : 'talk.placeholder')}
          aria-label={t('talk.placeholder')}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <IconButton label={t('talk.send')} icon={SendHorizontal} disabled={text.trim() === ''} onClick={send} />
      </form>
    </section>
  );
}
