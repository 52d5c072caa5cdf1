// Calls of the page: runs of the AI module. A run is asked for under an id of the page's own; what happens to it comes
// as `ai.event`, and what names another run than the one that the page waits for is dropped.
import { z } from 'zod';
import { AiEvent } from '../ai-events.ts';
import { AiConfigView, AiRequestBody, AiRunId } from '../http/ai.ts';
import { call, None } from './call.ts';

export const AI_CALLS = {
  /** models, limits and render modes of the backend; `defaultModel` null: no model is set up */
  'ai.config': call(None, AiConfigView),
  /**
   * Begins a run and answers at once. `endpoint` is a name of AI_ENDPOINTS, usually the intent. `request.doc.id` and
   * the paths of context items are files of the workspace, and only those that may leave the machine are taken. Throws
   * CONTEXT_FORBIDDEN, REQUEST_INVALID, WORKSPACE_NOT_FOUND; all that goes wrong later comes as the event `error`.
   */
  'ai.start': call(
    z.object({ workspace: z.string(), run_id: AiRunId, endpoint: z.string().max(64), request: AiRequestBody }),
    z.object({
      run_id: AiRunId,
      /** secrets that were taken out; they come back in the answer by themselves */
      redacted: z.number().int().nonnegative(),
    }),
  ),
  /** Stops a run: nothing of its text comes any more, and `final` says `cancelled`. Unknown runs are no error. */
  'ai.cancel': call(z.object({ run_id: AiRunId }), None),
} as const;

/** Tokens that arrive together come as one event, with the number of the last. */
export const AiPush = z.object({ workspace: z.string(), run_id: AiRunId, event: AiEvent });
export type AiPush = z.infer<typeof AiPush>;
