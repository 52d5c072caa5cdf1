// A conversation about the open workspace: threads, questions with what stood before them, answers as they stream.
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MessageSquareText, Pencil, Plus, Trash2 } from 'lucide-react';
import type { AskMessage } from '@genrtl/contracts/ask.ts';
import { findCitations } from '@genrtl/core/ai/citations.ts';
import type { AnswerText } from '@genrtl/core/ai/answer-text.ts';
import { bridge } from '../../bridge/bridge.ts';
import { useCall } from '../../bridge/use-call.ts';
import { useDialogs } from '../../state/dialog-store.ts';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { Button, Chip, Empty, ErrorNote, IconButton, Spinner } from '@genrtl/ui/controls.tsx';
import { formatBytes, formatUsd, shortUsd, sumUsd } from '@genrtl/ui/format.ts';
import { AnswerMarkdown, type Citations } from './answer-markdown.tsx';
import { followAnswers, useAsk } from './ask-store.ts';
import { Composer, ContextChip } from './composer.tsx';
import './ask.css';

followAnswers();

const NO_MESSAGES: readonly AskMessage[] = [];
/** Nearer to its end than this, the conversation follows what is added. */
const FOLLOW_PX = 80;

export function AskPanel() {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const threadId = useAsk((store) => store.threadId);
  const thread = useCall(
    'ask.thread',
    workspace === '' || threadId === null ? null : { workspace, thread_id: threadId },
  );
  const config = useCall('ai.config', {});
  const messages = threadId === null ? NO_MESSAGES : (thread.data?.messages ?? NO_MESSAGES);
  const running = messages.find((message) => message.status === 'running')?.run_id ?? null;
  const noModel = config.data?.defaultModel === null || config.error?.code === 'AI_NEEDS_MODEL';
  return (
    <div className="ask">
      <Head models={config.data?.models.map((model) => model.id) ?? []} />
      {noModel ? <NoModel /> : null}
      {config.error === null || noModel ? null : (
        <div className="panel-pad">
          <ErrorNote error={config.error} />
        </div>
      )}
      <Messages messages={messages} threadId={threadId} busy={running !== null} />
      {thread.error === null || threadId === null ? null : <ErrorNote error={thread.error} />}
      <Composer running={running} disabled={noModel} />
    </div>
  );
}

function NoModel() {
  const { t } = useTranslation();
  return (
    <div className="ask-no-model" role="status">
      <p>{t('ask.noModel')}</p>
      <Button tone="primary" onClick={() => useDialogs.getState().open('settings', 'models')}>
        {t('ask.toModels')}
      </Button>
    </div>
  );
}

function Head({ models }: { readonly models: readonly string[] }) {
  const { t } = useTranslation();
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const { threadId, model, choose, pick } = useAsk();
  const listed = useCall('ask.threads', workspace === '' ? null : { workspace }).data;
  const threads = listed?.threads ?? [];
  const remove = (): void =>
    run(async () => {
      if (threadId === null) return;
      await bridge.call('ask.delete', { workspace, thread_id: threadId });
      choose(null);
    });
  return (
    <div className="panel-tools ask-head">
      <select
        aria-label={t('ask.threads')}
        value={threadId ?? ''}
        onChange={(event) => choose(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">{t('ask.newThread')}</option>
        {threadId !== null && !threads.some((one) => one.thread_id === threadId) ? (
          <option value={threadId}>{t('ask.thisThread')}</option>
        ) : null}
        {threads.map((one) => (
          <option key={one.thread_id} value={one.thread_id}>
            {one.title}
          </option>
        ))}
        {(listed?.more ?? 0) > 0 ? (
          <option disabled>{t('ask.moreThreads', { count: listed?.more ?? 0 })}</option>
        ) : null}
      </select>
      {models.length < 2 ? null : (
        <select
          className="ask-model"
          aria-label={t('ask.model')}
          value={model ?? ''}
          onChange={(event) => pick(event.target.value === '' ? null : event.target.value)}
        >
          <option value="">{t('ask.anyModel')}</option>
          {models.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      )}
      <IconButton label={t('ask.newThread')} icon={Plus} disabled={threadId === null} onClick={() => choose(null)} />
      <IconButton label={t('ask.delete')} icon={Trash2} disabled={threadId === null} onClick={remove} />
    </div>
  );
}

function Messages({
  messages,
  threadId,
  busy,
}: {
  readonly messages: readonly AskMessage[];
  readonly threadId: string | null;
  readonly busy: boolean;
}) {
  const { t } = useTranslation();
  const live = useAsk((store) => store.live);
  const element = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const last = messages.at(-1);
  const streamed = last?.run_id === undefined ? 0 : (live[last.run_id]?.text.length ?? 0);
  useEffect(() => {
    const box = element.current;
    if (box !== null && atEnd.current) box.scrollTop = box.scrollHeight;
  }, [messages.length, streamed, last?.status]);
  if (messages.length === 0)
    return (
      <div className="ask-messages">
        <Empty icon={MessageSquareText} title={t('ask.empty')}>
          {t('ask.emptyNote')}
        </Empty>
      </div>
    );
  return (
    <div
      ref={element}
      className="ask-messages"
      tabIndex={0}
      role="log"
      aria-label={t('ask.conversation')}
      aria-live="off"
      onScroll={({ currentTarget: box }) => {
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < FOLLOW_PX;
      }}
    >
      {messages.map((message) =>
        message.role === 'user' ? (
          <Question key={message.id} message={message} busy={busy} />
        ) : (
          <Answer
            key={message.id}
            message={message}
            threadId={threadId}
            live={message.run_id === undefined ? undefined : live[message.run_id]}
          />
        ),
      )}
    </div>
  );
}

function Question({ message, busy }: { readonly message: AskMessage; readonly busy: boolean }) {
  const { t } = useTranslation();
  const edit = useAsk((store) => store.edit);
  return (
    <section className="ask-question" aria-label={t('ask.you')}>
      {(message.context ?? []).length === 0 ? null : (
        <ul className="ask-chips" aria-label={t('ask.context')}>
          {message.context?.map((one) => (
            <ContextChip key={JSON.stringify(one)} context={one} />
          ))}
        </ul>
      )}
      <p>{message.text}</p>
      <IconButton
        label={t('ask.edit')}
        icon={Pencil}
        disabled={busy}
        onClick={() => {
          edit(message.id, message.text, message.context ?? []);
          document.querySelector<HTMLElement>('.ask-composer textarea')?.focus();
        }}
      />
    </section>
  );
}

function Answer({
  message,
  threadId,
  live,
}: {
  readonly message: AskMessage;
  readonly threadId: string | null;
  readonly live: AnswerText | undefined;
}) {
  const { t } = useTranslation();
  const running = message.status === 'running';
  const text = running ? (live?.text ?? message.text) : message.text;
  const citations = useCitations(running ? '' : text);
  return (
    <section className="ask-answer" aria-label={t('ask.answer')} aria-busy={running}>
      {text === '' ? null : (
        <AnswerMarkdown
          text={text}
          citations={citations}
          source={running || threadId === null ? null : { threadId, messageId: message.id }}
        />
      )}
      {running ? <Spinner label={t('ask.answering')} /> : null}
      {message.error === undefined ? null : <ErrorNote error={message.error} />}
      {running ? null : <AnswerFoot message={message} />}
    </section>
  );
}

/** Model, tokens, money, what was sent; announced once, when the answer is there. */
function AnswerFoot({ message }: { readonly message: AskMessage }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const usage = message.usage ?? [];
  const tokens = usage.reduce((sum, one) => sum + one.input_tokens + one.output_tokens, 0);
  const cost = sumUsd(usage.map((one) => one.cost_usd));
  const sent = message.sent ?? [];
  const redacted = sent.reduce((sum, file) => sum + (file.kind === 'request' ? 0 : file.redacted), 0);
  return (
    <footer className="ask-foot">
      <span role="status">
        {message.status === 'cancelled' ? <Chip tone="muted">{t('ask.stopped')}</Chip> : null}
        {message.cut === true ? <Chip tone="warning">{t('ask.cut')}</Chip> : null}
        <span className="muted">{message.model ?? ''}</span>
      </span>
      {usage.length === 0 ? null : (
        <span className="muted" title={formatUsd(cost)}>
          {t(usage.some((one) => one.estimated === true) ? 'ask.costEstimated' : 'ask.cost', {
            tokens: tokens.toLocaleString(),
            cost: shortUsd(cost),
          })}
        </span>
      )}
      {sent.length === 0 ? null : (
        <button type="button" className="link" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t('ask.sent', { count: sent.length - 1 })}
        </button>
      )}
      {shown ? (
        <ul className="ask-sent">
          {sent
            .filter((file) => file.kind !== 'request')
            .map((file, at) => (
              <li key={at}>
                <span className="mono">{file.path}</span> <span className="muted">{formatBytes(file.bytes)}</span>
              </li>
            ))}
          {redacted > 0 ? <li className="muted">{t('ask.redacted', { count: redacted })}</li> : null}
        </ul>
      ) : null}
    </footer>
  );
}

const NO_CITATIONS: Citations = new Map();

/** Looked up once the answer is whole. */
function useCitations(text: string): Citations {
  const workspace = useWorkspace((store) => store.view?.path ?? '');
  const places = useMemo(() => {
    const unique = new Map(findCitations(text).map(({ path, line }) => [`${path}:${line}`, { path, line }]));
    return [...unique.values()].filter(({ line }) => line >= 1).slice(0, 200);
  }, [text]);
  const checked = useCall('ask.cite', places.length === 0 || workspace === '' ? null : { workspace, places }).data
    ?.places;
  return useMemo(
    () =>
      checked === undefined
        ? NO_CITATIONS
        : new Map(
            places.flatMap(({ path, line }, at) => {
              const found = checked[at];
              return found === undefined ? [] : [[`${path}:${line}`, found] as const];
            }),
          ),
    [checked, places],
  );
}
