// Asking a model until its answer passes a check: the problems go back into the same conversation, at most twice.
import { GenrtlError } from '@genrtl/contracts';
import type { JobCtx } from '../context.ts';
import type { ModelAnswer, ModelPrompt } from '../../models/model.ts';
import { CutAnswer } from '../../models/cut-answer.ts';
import { MESSAGE_OVERHEAD } from '../../models/tokens.ts';
import { tokensOf } from './window.ts';
import type { ModelWindow } from './window.ts';

/** How often an answer that fails its check is asked again. */
export const MAX_REASKS = 2;
/** In how many answers at most one change may come. */
export const MAX_PIECES = 8;
/** How much of a wrong answer is shown back to the model. */
const MAX_QUOTED = 60_000;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly problems: readonly string[];
      readonly error: () => Error;
      /** the answer serves all the same when asking again does not help: a later step will speak of its problems */
      readonly lastResort?: T;
    };

export interface Question<T> {
  readonly context: JobCtx;
  /** unique within the job; repeated calls add `_2` and `_3` */
  readonly name: string;
  readonly prompt: ModelPrompt;
  readonly check: (answer: ModelAnswer) => Checked<T>;
  /** the message that sends the problems back */
  readonly complain: (problems: readonly string[]) => string;
  /** takes what stands of an answer that was cut off at its limit; null: nothing does, and all is asked for again */
  readonly keep?: (cut: string) => Kept | null;
}

export interface Kept {
  /** what the model is shown as its answer so far */
  readonly answered: string;
  /** how the rest is asked for */
  readonly said: string;
}

/** Throws what the last failed check says (unless it has a last resort), and whatever the call throws. */
export async function ask<T>({ context, name, prompt, check, complain, keep }: Question<T>): Promise<T> {
  let messages = prompt.messages;
  /** answers that were cut off, and of which something stands: each brought the work further */
  let pieces = 0;
  for (let turn = 1; ; turn += 1) {
    const called = turn === 1 ? name : `${name}_${String(turn)}`;
    let said: string;
    let answered = '';
    try {
      const answer = await context.ask(called, { ...prompt, messages });
      const checked = check(answer);
      if (checked.ok) return checked.value;
      if (turn - pieces > MAX_REASKS) {
        if (checked.lastResort !== undefined) return checked.lastResort;
        throw checked.error();
      }
      context.emit({ type: 'retry', reason: checked.problems[0] ?? 'The answer failed its check.' });
      answered = answer.text;
      said = complain(checked.problems);
    } catch (error) {
      const kept = error instanceof CutAnswer && pieces < MAX_PIECES ? (keep?.(error.text) ?? null) : null;
      if (kept !== null) pieces += 1;
      const hint = kept?.said ?? (error instanceof GenrtlError ? askOtherwise(error, prompt.maxOutputTokens) : null);
      if (hint === null || turn - pieces > MAX_REASKS) throw error;
      context.emit({ type: 'retry', reason: hint });
      said = hint;
      answered = kept?.answered ?? '';
    }
    const spare = spareTokens(await context.window(prompt.service), { ...prompt, messages }, said);
    messages = [...messages, { role: 'assistant', content: quoted(answered, spare) }, { role: 'user', content: said }];
  }
}

/** What to tell a model whose answer was none, or did not fit; null where other words would not help. */
function askOtherwise({ code, details }: GenrtlError, limit: number): string | null {
  if (code === 'MODEL_TRUNCATED' && details?.['output_limit'] === true)
    return `Your answer was cut off at its limit (at most ${String(limit)} tokens, thinking included), so nothing of it was used. Think less and answer again, shorter: no explanation, few comments, and of files that exist only the lines that change.`;
  switch (code === 'MODEL_MALFORMED' ? details?.['answer'] : undefined) {
    case 'tool_calls':
      return 'Your answer called a tool, but you have no tools here. Everything that you need stands in the messages above: answer with the text that was asked for.';
    case 'reasoning_only':
      return 'Your answer held only reasoning and no text. Answer now with the text that was asked for and nothing else.';
    case 'empty':
      return 'Your answer was empty. Answer with the text that was asked for and nothing else.';
    default:
      return null;
  }
}

/** Below this a piece of the wrong answer helps nobody. */
const LEAST_QUOTED_TOKENS = 300;
/** Fewer than any text or code has on the average. */
const CHARS_PER_TOKEN = 2;

/** What the window leaves for the wrong answer beside all the rest of the conversation. */
function spareTokens({ context }: ModelWindow, prompt: ModelPrompt, said: string): number {
  if (context === null) return Number.POSITIVE_INFINITY;
  const schema = prompt.schema === undefined ? '' : JSON.stringify(prompt.schema);
  const texts = [prompt.system, schema, said, ...prompt.messages.map(({ content }) => content)];
  const used = texts.reduce((sum, text) => sum + tokensOf(text) + MESSAGE_OVERHEAD, MESSAGE_OVERHEAD);
  return context - prompt.maxOutputTokens - used;
}

/** Protocols refuse empty turns; a runaway answer would double the prompt, or not fit the window. */
function quoted(text: string, spare: number): string {
  if (text.trim() === '') return '(no answer)';
  const limit = Math.min(MAX_QUOTED, Math.floor(spare * CHARS_PER_TOKEN));
  if (text.length <= limit) return text;
  return spare < LEAST_QUOTED_TOKENS ? '(left out for want of room)' : `${text.slice(0, limit)}\n[cut off]`;
}
