// Conversations about the open workspace: what a thread holds, what a person can put before a question, and the places
// that an answer cites.
import { z } from 'zod';
import { AiUsage } from './ai-events.ts';
import { Diagnostic } from './diagnostic.ts';
import { ErrorBody } from './error-body.ts';
import { Instant, Sha256 } from './primitives.ts';
import { ReviewFile } from './review.ts';
import { SentFile } from './sent.ts';

/** A name of a folder. */
export const ThreadId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);

/** Characters of what a person writes, and of an answer that is kept. */
export const ASK_TEXT_CHARS = 16_000;
export const ANSWER_CHARS = 64_000;
/** Things put before one question. */
export const ASK_CONTEXT = 16;
/** Messages of a thread; then a new one is to be begun. */
export const THREAD_MESSAGES = 200;

const PathText = z.string().min(1).max(1024);
const Line = z.number().int().min(1).max(10_000_000);
const Text = z.string().max(32_000);

/** Read anew from the disk for each question, but for what is not there: a selection, a view of a room. */
export const AskContext = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: PathText }),
  /** a module, package or other unit by its name */
  z.object({ kind: z.literal('module'), name: z.string().min(1).max(1024) }),
  z.object({ kind: z.literal('problem'), finding: Diagnostic }),
  /** `<job>/<step>`, a step that ran a tool */
  z.object({ kind: z.literal('run'), run: z.string().max(200) }),
  /** a specification, around a line */
  z.object({ kind: z.literal('spec'), path: PathText, line: Line }),
  z.object({ kind: z.literal('selection'), path: PathText, start: Line, end: Line, text: Text }),
  /** what a room shows: values of a waveform's window, a block of a schematic */
  z.object({ kind: z.literal('view'), name: z.string().min(1).max(300), text: Text }),
]);
export type AskContext = z.infer<typeof AskContext>;

export const AskMessage = z.object({
  id: z.string().max(64),
  role: z.enum(['user', 'assistant']),
  at: Instant,
  text: z.string().max(ANSWER_CHARS),
  /** of a question */
  context: z.array(AskContext).max(ASK_CONTEXT).optional(),
  // of an answer
  run_id: z.string().max(64).optional(),
  status: z.enum(['running', 'done', 'cancelled', 'failed']).optional(),
  model: z.string().max(300).optional(),
  error: ErrorBody.optional(),
  usage: z.array(AiUsage).max(100).optional(),
  /** what went to the model for it */
  sent: z.array(SentFile).max(200).optional(),
  /** files that it was shown whole, as they were: a patch against them is refused once they changed */
  seen: z.record(z.string(), Sha256).optional(),
  /** the answer was longer than what is kept */
  cut: z.boolean().optional(),
});
export type AskMessage = z.infer<typeof AskMessage>;

export const ThreadSummary = z.object({
  thread_id: ThreadId,
  /** first words of the first question */
  title: z.string(),
  updated_at: Instant,
  messages: z.number().int(),
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;

export const Thread = ThreadSummary.omit({ messages: true }).extend({
  messages: z.array(AskMessage),
  /** lines of the thread's file that could not be read and are left out */
  damaged: z.number().int(),
});
export type Thread = z.infer<typeof Thread>;

/** A place in the words of an answer: `path:line` or `path:line-line`. */
export const Citation = z.object({ path: PathText, line: Line });
export type Citation = z.infer<typeof Citation>;

export const CheckedCitation = z.object({
  /** the file in the workspace; null: there is none, or several of this name */
  path: z.string().nullable(),
  /** the line, when the file has it */
  line: z.number().int().nullable(),
});
export type CheckedCitation = z.infer<typeof CheckedCitation>;

/** What a code block of an answer would change, under the patch policy. Files to review, or why there are none. */
export const ProposedBlock = z.object({
  files: z.array(ReviewFile),
  refusals: z.array(
    z.object({
      code: z.string(),
      message: z.string(),
      path: z.string().optional(),
      hunk: z.number().int().optional(),
    }),
  ),
});
export type ProposedBlock = z.infer<typeof ProposedBlock>;
