// One answer at a time: a new request takes the place of the old one, whatever editor that was in. Here is what every
// kind of answer shares: its run, its end, and what is said when it could not be used.
import type { AiIntent } from '@genrtl/contracts';
import type { ContextItem } from '@genrtl/contracts/http/ai.ts';
import i18next from 'i18next';
import type { Notice } from '@genrtl/ui/notices.tsx';
import { CallError } from '../../bridge/call-error.ts';
import { showError, useNotices } from '../../state/notice-store.ts';
import { useSettings } from '../../state/settings-store.ts';
import { startRun } from './ai-client.ts';
import type { Run } from './ai-client.ts';
import { useAi } from './ai-store.ts';
import type { Anchor } from './anchor.ts';
import { contextAt } from './place-context.ts';
import { prepare } from './request.ts';
import { hasEnded, startedRun } from './run-state.ts';
import type { RunState } from './run-state.ts';

export interface Session {
  /** takes back everything that is not decided */
  stop(): void;
}

let current: Session | null = null;

export function begin(session: Session): void {
  current?.stop();
  current = session;
}

export function ended(session: Session): void {
  if (current !== session) return;
  current = null;
  useAi.setState({ edit: null, controls: null });
}

export interface Question {
  readonly intent: AiIntent;
  readonly path: string;
  readonly text: string;
  readonly anchor: Anchor;
  /** of the place, from 1 */
  readonly line: number;
  readonly column: number;
  readonly instruction?: string;
}

/** Asks. null: it was refused here, and said why. `changed` is told of each change, the end included. */
export async function ask(
  question: Question,
  stillWanted: () => boolean,
  changed: (state: RunState) => void,
): Promise<Run | null> {
  const { intent, path, anchor, text, line, column, instruction } = question;
  useAi.setState({ edit: { intent, path, run: startedRun(''), pending: 0 } });
  const items: ContextItem[] = await contextAt(path, line, column);
  if (!stillWanted()) return null;
  const settings = useSettings.getState().settings;
  const prepared = prepare({
    intent,
    path,
    anchor,
    text,
    items,
    locale: settings?.language ?? 'en',
    model: settings?.model ?? null,
    retention: settings?.ai_retention ?? 'default',
    ...(instruction === undefined ? {} : { instruction }),
  });
  if ('refused' in prepared) {
    say(i18next.t('ai.marks'));
    return null;
  }
  if (prepared.truncated) say(i18next.t('ai.truncated'));
  return startRun(intent, prepared.body, (state) => {
    useAi.setState((before) => ({
      edit: before.edit === null ? null : { ...before.edit, run: state },
      last: hasEnded(state) ? state : before.last,
    }));
    changed(state);
  });
}

const say = (text: string): void => useNotices.getState().add({ tone: 'info', text });

const copyOf = (answer: string): Pick<Notice, 'action'> =>
  answer === ''
    ? {}
    : {
        action: {
          label: i18next.t('ai.copy'),
          run: () => void navigator.clipboard.writeText(answer).catch(showError),
        },
      };

/** What failed; text that had come already is not lost. */
export function sayFailure({ error, text }: RunState): void {
  if (error === null) return;
  if (text === '') showError(new CallError(error));
  else
    useNotices.getState().add({
      tone: 'error',
      text: error.message,
      code: error.code,
      note: i18next.t('ai.partial'),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...copyOf(text),
    });
}

export const sayMoved = (): void => say(i18next.t('ai.moved'));
/** The answer could not go where it belongs: it is kept for copying. */
export const sayRefused = (reason: 'gone' | 'ambiguous', answer: string): void =>
  useNotices.getState().add({ tone: 'error', text: i18next.t(`ai.${reason}`), ...copyOf(answer) });

/** The browser's own frames and visibility. */
export const PAGE = {
  hidden: (): boolean => document.hidden,
  onVisibility(listener: () => void): () => void {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
  onFrame(callback: () => void): () => void {
    const frame = requestAnimationFrame(callback);
    return () => cancelAnimationFrame(frame);
  },
};
