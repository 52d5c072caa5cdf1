// The conversation on the screen: what is being written, what stands before it, and answers as they stream. Threads
// themselves are main's.
import { create } from 'zustand';
import i18next from 'i18next';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { ErrorBody } from '@genrtl/contracts';
import type { AskContext } from '@genrtl/contracts/ask.ts';
import { ASK_RUN, NO_ANSWER, withEvent, type AnswerText } from '@genrtl/core/ai/answer-text.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { showPanel } from '../../workbench/dock-store.ts';

export const MAX_CONTEXT = 16;

interface AskStore {
  /** of this workspace; another one begins anew */
  readonly workspace: string;
  /** null: a new conversation */
  readonly threadId: string | null;
  readonly text: string;
  readonly context: readonly AskContext[];
  /** the question that is being written anew */
  readonly replace: string | null;
  /** null: the backend's choice */
  readonly model: string | null;
  readonly sending: boolean;
  readonly error: ErrorBody | null;
  /** answers that stream, by run */
  readonly live: Readonly<Record<string, AnswerText>>;
  write(text: string): void;
  add(context: AskContext): void;
  drop(context: AskContext): void;
  choose(threadId: string | null): void;
  pick(model: string | null): void;
  /** takes a question up again as it was */
  edit(messageId: string, text: string, context: readonly AskContext[]): void;
  send(): Promise<void>;
}

const FRESH = { threadId: null, text: '', context: [], replace: null, sending: false, error: null, live: {} } as const;

const same = (one: AskContext, other: AskContext): boolean => JSON.stringify(one) === JSON.stringify(other);

export const useAsk = create<AskStore>()((set, get) => ({
  workspace: '',
  model: null,
  ...FRESH,
  write: (text) => set({ text }),
  add: (context) =>
    set((before) =>
      before.context.some((one) => same(one, context)) || before.context.length >= MAX_CONTEXT
        ? {}
        : { context: [...before.context, context] },
    ),
  drop: (context) => set((before) => ({ context: before.context.filter((one) => !same(one, context)) })),
  choose: (threadId) => set({ threadId, replace: null, error: null }),
  pick: (model) => set({ model }),
  edit: (replace, text, context) => set({ replace, text, context: [...context], error: null }),
  send: async () => {
    const { text, context, replace, model, threadId, sending } = get();
    const workspace = useWorkspace.getState().view?.path;
    if (workspace === undefined || sending || text.trim() === '') return;
    set({ sending: true, error: null });
    try {
      const sent = await bridge.call('ask.send', {
        workspace,
        thread_id: threadId,
        text,
        context: [...context],
        replace,
        model,
        locale: i18next.language,
      });
      // what was typed meanwhile stays
      set((now) => ({
        threadId: sent.thread_id,
        replace: null,
        ...(now.text === text ? { text: '' } : {}),
        context: now.context.filter((one) => !context.includes(one)),
      }));
    } catch (error) {
      set({ error: errorBody(error) });
    } finally {
      set({ sending: false });
    }
  },
}));

/** Puts something before the question that the person is about to write, and leads there. */
export function askAbout(context: AskContext): void {
  followWorkspace();
  useAsk.getState().add(context);
  showPanel('ask');
}

/** Asks at once, in a conversation of its own. */
export async function explainWithModel(context: AskContext): Promise<void> {
  followWorkspace();
  const { choose, add, write, send } = useAsk.getState();
  choose(null);
  useAsk.setState({ context: [] });
  add(context);
  write(i18next.t('ask.explainThis'));
  showPanel('ask');
  await send();
}

function followWorkspace(): void {
  const workspace = useWorkspace.getState().view?.path ?? '';
  if (workspace !== useAsk.getState().workspace) useAsk.setState({ ...FRESH, workspace });
}

/** Hidden pages draw nothing: what came meanwhile is drawn once, with the first frame. */
const KEPT_LIVE = 4;
let waiting: { readonly runId: string; readonly event: AiEvent }[] = [];
let drawing = false;

function drawSoon(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const events = waiting;
    waiting = [];
    // answers that ended are read from their threads
    const live = Object.fromEntries(Object.entries(useAsk.getState().live).slice(-KEPT_LIVE));
    for (const { runId, event } of events) live[runId] = withEvent(live[runId] ?? NO_ANSWER, event);
    useAsk.setState({ live });
  });
}

let following = false;

/** Wires main's events to the store, once; called by the panel before its first drawing. */
export function followAnswers(): void {
  if (following) return;
  following = true;
  followWorkspace();
  useWorkspace.subscribe(followWorkspace);
  bridge.on('ai.event', ({ workspace, run_id: runId, event }) => {
    if (workspace !== useAsk.getState().workspace || !runId.startsWith(ASK_RUN)) return;
    waiting.push({ runId, event });
    drawSoon();
  });
}
