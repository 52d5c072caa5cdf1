// Conversations about a workspace: a question goes out with its context and what was said before, the answer is
// streamed to the page and kept in the thread, also when no page follows it.
import { randomUUID } from 'node:crypto';
import { AiRunView, type ChatMessage } from '@genrtl/contracts/http/ai.ts';
import { endsStream } from '@genrtl/contracts/ai-limits.ts';
import { GenrtlError } from '@genrtl/contracts';
import type { AiEvent, AiEventOf, AiUsage } from '@genrtl/contracts/ai-events.ts';
import { ANSWER_CHARS, THREAD_MESSAGES, type AskContext, type AskMessage, type Thread } from '@genrtl/contracts/ask.ts';
import { ASK_RUN, NO_ANSWER, withEvent } from '@genrtl/core/ai/answer-text.ts';
import type { BackendClient } from '../../cloud/backend-client.ts';
import type { AiRuns } from '../ai-runs.ts';
import { runPath } from '../follow-run.ts';
import { clean, ContextReader, type FindSymbols } from './context-items.ts';
import { readThread, writeThread } from './thread-store.ts';

/** Of what was said before: the newest, as far as they go. */
const HISTORY_CHARS = 100_000;
const HISTORY_MESSAGES = 60;
/** Things of earlier questions that stay before the model. */
const KEPT_CONTEXT = 12;
const TITLE_CHARS = 80;

export interface Question {
  readonly threadId: string | null;
  readonly text: string;
  readonly context: readonly AskContext[];
  readonly replace: string | null;
  readonly model: string | null;
  readonly locale: string;
}

export interface ConversationOptions {
  readonly runs: AiRuns;
  readonly client: () => Promise<BackendClient>;
  readonly symbols: FindSymbols;
  /** of a running answer */
  onEvent(root: string, runId: string, event: AiEvent): void;
  /** the thread has a new message, or an answer has ended */
  onChanged(root: string, threadId: string): void;
}

const BACKEND_DEFAULT = 'auto';
/** An answer that goes on although its process ended is asked after until it is whole. */
const LOOK_AGAIN_MS = 2_000;

export class Conversations {
  readonly #options: ConversationOptions;
  /** answers that run in this process, by thread */
  readonly #live = new Map<string, string>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** With answers that an ended process left open settled by what the backend kept of them. */
  read(root: string, threadId: string): Promise<Thread> {
    return this.#inTurn(root, threadId, async () => {
      const thread = await readThread(root, threadId);
      const open = thread.messages.filter(({ status }) => status === 'running');
      if (open.length === 0 || this.#live.has(key(root, threadId))) return thread;
      const client = await this.#options.client().catch(() => null);
      if (client === null) return thread;
      const settled: AskMessage[] = [];
      for (const message of thread.messages)
        settled.push(message.status === 'running' ? await settledBy(client, message) : message);
      const whole = { ...thread, messages: settled };
      if (settled.every(({ status }) => status !== 'running')) await writeThread(root, whole);
      else setTimeout(() => this.#options.onChanged(root, threadId), LOOK_AGAIN_MS).unref();
      return whole;
    });
  }

  /** Throws what gathering the context and starting the run throw; then nothing of the thread has changed. */
  async send(root: string, question: Question): Promise<{ threadId: string; runId: string }> {
    const threadId = question.threadId ?? newThreadId();
    const runId = `${ASK_RUN}${randomUUID()}`;
    return this.#inTurn(root, threadId, async () => {
      if (this.#live.has(key(root, threadId)))
        throw new GenrtlError('WORKSPACE_BUSY', 'An answer of this conversation is still running.', {
          hint: 'Stop it first.',
        });
      const before = question.threadId === null ? null : await readThread(root, threadId);
      const kept = keptMessages(before, question.replace);
      if (kept.length + 2 > THREAD_MESSAGES)
        throw new GenrtlError('REQUEST_TOO_LARGE', 'The conversation has reached its greatest length.', {
          hint: 'Begin a new one.',
        });
      const client = await this.#options.client();
      const text = clean(question.text);
      const earlier = kept.flatMap((message) => message.context ?? []).slice(-KEPT_CONTEXT);
      const reader = new ContextReader(root, client, this.#options.symbols);
      const asked = await reader.gather([
        ...question.context,
        ...(await stillThere(root, client, this.#options, earlier)),
      ]);
      const at = new Date().toISOString();
      const answer: AskMessage = {
        id: randomUUID(),
        role: 'assistant',
        at,
        text: '',
        run_id: runId,
        status: 'running',
      };
      const thread: Thread = {
        thread_id: threadId,
        title: before === null || kept.length === 0 ? titleOf(text) : before.title,
        updated_at: at,
        damaged: 0,
        messages: [
          ...kept,
          {
            id: randomUUID(),
            role: 'user',
            at,
            text,
            ...(question.context.length === 0 ? {} : { context: [...question.context] }),
          },
          { ...answer, seen: asked.seen },
        ],
      };
      this.#live.set(key(root, threadId), runId);
      try {
        await this.#ask(root, thread, question, asked.items);
      } catch (error) {
        this.#live.delete(key(root, threadId));
        throw error;
      }
      this.#options.onChanged(root, threadId);
      return { threadId, runId };
    });
  }

  async #ask(
    root: string,
    thread: Thread,
    { locale, model }: Question,
    items: Awaited<ReturnType<ContextReader['gather']>>['items'],
  ): Promise<void> {
    const answer = thread.messages.at(-1);
    const runId = answer?.run_id ?? '';
    let told = NO_ANSWER;
    /** what ended it, also where `final` follows */
    let failure: AiEventOf<'error'> | null = null;
    const usage: AiUsage[] = [];
    let begun = (): void => undefined;
    // events may come before the thread is on the disk: its end waits for that
    const written = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const prepared = await this.#options.runs.start(
      {
        runId,
        endpoint: 'chat',
        root,
        threadId: thread.thread_id,
        body: {
          intent: 'chat',
          messages: history(thread.messages.slice(0, -1)),
          context: items,
          options: { locale, preferredModel: model ?? BACKEND_DEFAULT },
        },
      },
      (event) => {
        told = withEvent(told, event);
        if (event.type === 'usage') {
          const { seq: _, runId: __, type: ___, ...counted } = event;
          usage.push(counted);
        }
        this.#options.onEvent(root, runId, event);
        if (event.type === 'error') failure = event;
        if (endsStream(event)) {
          const text = told.text.slice(0, ANSWER_CHARS);
          const ended: Partial<AskMessage> = {
            text,
            status:
              failure !== null
                ? 'failed'
                : event.type === 'final' && event.status === 'cancelled'
                  ? 'cancelled'
                  : 'done',
            ...(told.model === null ? {} : { model: told.model }),
            ...(usage.length === 0 ? {} : { usage }),
            ...(failure === null ? {} : { error: errorOf(failure) }),
            ...(text.length < told.text.length ? { cut: true } : {}),
          };
          void written.then(() => this.#end(root, thread.thread_id, runId, ended));
        }
      },
    );
    const messages = thread.messages.map((message) =>
      message.run_id === runId ? { ...message, sent: [...prepared.sent] } : message,
    );
    await writeThread(root, { ...thread, messages });
    begun();
  }

  #end(root: string, threadId: string, runId: string, ended: Partial<AskMessage>): Promise<void> {
    return this.#inTurn(root, threadId, async () => {
      this.#live.delete(key(root, threadId));
      // deleted meanwhile: nothing to keep
      const thread = await readThread(root, threadId).catch(() => null);
      if (thread === null) return;
      const messages = thread.messages.map((message) =>
        message.run_id === runId ? { ...message, ...ended } : message,
      );
      await writeThread(root, { ...thread, updated_at: new Date().toISOString(), messages });
    })
      .catch(() => undefined)
      .then(() => this.#options.onChanged(root, threadId));
  }

  /** Once nothing is being written any more. */
  async settled(): Promise<void> {
    while (this.#turns.size > 0) await Promise.allSettled(this.#turns.values());
  }

  #inTurn<T>(root: string, threadId: string, act: () => Promise<T>): Promise<T> {
    const name = key(root, threadId);
    const mine = (this.#turns.get(name) ?? Promise.resolve()).then(act, act);
    this.#turns.set(name, mine);
    const forget = (): void => {
      if (this.#turns.get(name) === mine) this.#turns.delete(name);
    };
    mine.then(forget, forget);
    return mine;
  }
}

const key = (root: string, threadId: string): string => `${root}\n${threadId}`;

/** Sorts by time in a listing of the folder. */
const newThreadId = (): string =>
  `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}-${randomUUID().slice(0, 8)}`;

function titleOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= TITLE_CHARS ? line : `${line.slice(0, TITLE_CHARS - 1)}…`;
}

function keptMessages(thread: Thread | null, replace: string | null): AskMessage[] {
  if (thread === null) return [];
  if (replace === null) return thread.messages;
  const at = thread.messages.findIndex((message) => message.id === replace && message.role === 'user');
  if (at < 0) throw new GenrtlError('NOT_FOUND', 'The conversation has no such question any more.');
  return thread.messages.slice(0, at);
}

/** Things of earlier questions that are gone or may not leave any more are left out. */
async function stillThere(
  root: string,
  client: BackendClient,
  { symbols }: ConversationOptions,
  earlier: readonly AskContext[],
): Promise<AskContext[]> {
  const there: AskContext[] = [];
  for (const context of earlier) {
    const readable = await new ContextReader(root, client, symbols).gather([context]).then(
      () => true,
      () => false,
    );
    if (readable) there.push(context);
  }
  return there;
}

/** Questions and answers in their order; a question without an answer stands before the next one. */
function history(messages: readonly AskMessage[]): ChatMessage[] {
  const told: ChatMessage[] = [];
  let chars = 0;
  for (const { role, text } of [...messages].reverse()) {
    if (text.trim() === '') continue;
    chars += text.length;
    if (told.length > 0 && (chars > HISTORY_CHARS || told.length >= HISTORY_MESSAGES)) break;
    told.unshift({ role, content: text });
  }
  // what begins with an answer would answer nothing
  while (told[0]?.role === 'assistant') told.shift();
  return told;
}

function errorOf(event: Extract<AiEvent, { type: 'error' }>): NonNullable<AskMessage['error']> {
  const { seq: _, runId: __, type: ___, ...error } = event;
  return error;
}

/** What became of an answer whose process ended before it did. */
async function settledBy(client: BackendClient, message: AskMessage): Promise<AskMessage> {
  try {
    const run = await client.http.call('GET', runPath('aiRun', message.run_id ?? ''), AiRunView);
    if (run.status === 'running') return message;
    return {
      ...message,
      text: (run.text ?? '').slice(0, ANSWER_CHARS),
      status: run.status === 'succeeded' ? 'done' : run.status,
      ...(run.model === null ? {} : { model: run.model }),
      ...(run.error === null ? {} : { error: run.error }),
      usage: run.usage,
    };
  } catch (error) {
    return error instanceof GenrtlError && error.code === 'BACKEND_UNAVAILABLE'
      ? message
      : { ...message, status: 'cancelled' };
  }
}
