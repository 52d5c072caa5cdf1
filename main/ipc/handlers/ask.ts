// Calls of the conversations about a workspace.
import { GenrtlError } from '@genrtl/contracts';
import type { IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import type { AiRuns } from '../../ai/ai-runs.ts';
import { applyBlock, proposeBlock, undoBlock, type BlockRequest } from '../../ai/ask/apply-block.ts';
import { checkCitations } from '../../ai/ask/check-citations.ts';
import { Conversations } from '../../ai/ask/conversations.ts';
import { deleteThread, listThreads, readThread } from '../../ai/ask/thread-store.ts';
import type { Languages } from '../../language/languages.ts';
import type { OpenWorkspaces } from '../../workspace/open-workspaces.ts';
import type { IpcServices } from '../services.ts';

type AskCalls = Extract<keyof IpcHandlers, `ask.${string}`>;

export function askIpc(
  services: IpcServices,
  workspaces: OpenWorkspaces,
  runs: AiRuns,
  languages: Languages,
): { readonly handlers: Pick<IpcHandlers, AskCalls>; close(): Promise<void> } {
  const { backend, pushes, env } = services;
  const symbols = (root: string, query: string) => languages.ask('symbols', root, query);
  const conversations = new Conversations({
    runs,
    client: () => backend.client(),
    symbols,
    onEvent: (workspace, run_id, event) => pushes.publish({ push: 'ai.event', payload: { workspace, run_id, event } }),
    onChanged: (workspace, thread_id) => pushes.publish({ push: 'ask.changed', payload: { workspace, thread_id } }),
  });
  const blockOf = async (of: {
    workspace: string;
    thread_id: string;
    message_id: string;
    code: string;
  }): Promise<BlockRequest> => {
    const root = workspaces.require(of.workspace);
    const { messages } = await readThread(root, of.thread_id);
    const message = messages.find(({ id }) => id === of.message_id);
    if (message === undefined) throw new GenrtlError('NOT_FOUND', 'The answer is not there any more.');
    const { secrets } = await backend.client();
    return {
      root,
      code: of.code,
      seen: message.seen ?? {},
      secrets,
      env,
      symbols,
      isUnsaved: (file) => languages.isUnsaved(root, file),
    };
  };
  const handlers: Pick<IpcHandlers, AskCalls> = {
    'ask.threads': async ({ workspace }) => listThreads(workspaces.require(workspace)),
    'ask.thread': async ({ workspace, thread_id }) => conversations.read(workspaces.require(workspace), thread_id),
    'ask.delete': async ({ workspace, thread_id }) => {
      await deleteThread(workspaces.require(workspace), thread_id);
      return {};
    },
    'ask.send': async ({ workspace, thread_id, ...question }) => {
      const sent = await conversations.send(workspaces.require(workspace), { ...question, threadId: thread_id });
      return { thread_id: sent.threadId, run_id: sent.runId };
    },
    'ask.cite': async ({ workspace, places }) => ({
      places: await checkCitations(workspaces.require(workspace), places),
    }),
    'ask.propose': async (of) => proposeBlock(await blockOf(of)),
    'ask.apply': async ({ leave_out, ...of }) => applyBlock(await blockOf(of), leave_out),
    'ask.undo': async ({ workspace, undo }) => ({ files: await undoBlock(workspaces.require(workspace), undo) }),
  };
  return { handlers, close: () => conversations.settled() };
}
