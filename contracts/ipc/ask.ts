// Calls of the page: conversations about the open workspace.
import { z } from 'zod';
import {
  ASK_CONTEXT,
  ASK_TEXT_CHARS,
  AskContext,
  CheckedCitation,
  Citation,
  ProposedBlock,
  Thread,
  ThreadId,
  ThreadSummary,
} from '../ask.ts';
import { call, None } from './call.ts';

const OfThread = z.object({ workspace: z.string(), thread_id: ThreadId });
const Block = OfThread.extend({
  message_id: z.string().max(64),
  /** the text of the code block */
  code: z.string().max(512 * 1024),
  /** hunks that the person leaves out, by file */
  leave_out: z.array(z.object({ path: z.string(), hunks: z.array(z.string()).max(10_000) })).max(1000),
});

export const ASK_CALLS = {
  /** the newest first; `more`: so many older ones are not listed */
  'ask.threads': call(
    z.object({ workspace: z.string() }),
    z.object({ threads: z.array(ThreadSummary), more: z.number().int() }),
  ),
  /** throws NOT_FOUND, STATE_UNREADABLE */
  'ask.thread': call(OfThread, Thread),
  'ask.delete': call(OfThread, None),
  /**
   * Asks, in a new thread when `thread_id` is null. `replace`: a question of the thread that this one stands in for;
   * what followed it goes. The answer streams as `ai.event` of `run_id`, and is kept whatever the page does. Throws
   * CONTEXT_FORBIDDEN, NOT_FOUND, REQUEST_TOO_LARGE, WORKSPACE_BUSY while an answer of the thread runs.
   */
  'ask.send': call(
    z.object({
      workspace: z.string(),
      thread_id: ThreadId.nullable(),
      text: z.string().trim().min(1).max(ASK_TEXT_CHARS),
      context: z.array(AskContext).max(ASK_CONTEXT),
      replace: z.string().max(64).nullable(),
      /** null: the backend's choice */
      model: z.string().max(300).nullable(),
      /** language of the answer, BCP 47 */
      locale: z.string().max(35),
    }),
    z.object({ thread_id: ThreadId, run_id: z.string() }),
  ),
  /** which of the places that an answer names exist */
  'ask.cite': call(
    z.object({ workspace: z.string(), places: z.array(Citation).max(200) }),
    z.object({ places: z.array(CheckedCitation) }),
  ),
  /** what a code block would change: a unified diff, or whole modules in the place of those of the same name */
  'ask.propose': call(Block.omit({ leave_out: true }), ProposedBlock),
  /**
   * writes it, in all files or in none; `undo` takes it back. Throws PATCH_*, FILE_CHANGED (changed or unsaved files),
   * WORKSPACE_BUSY
   */
  'ask.apply': call(Block, z.object({ files: z.array(z.string()), undo: z.string() })),
  'ask.undo': call(
    z.object({ workspace: z.string(), undo: z.string().max(64) }),
    z.object({ files: z.array(z.string()) }),
  ),
} as const;
