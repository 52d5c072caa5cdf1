// Asking a model until its answer passes a check: the problems go back into the same conversation, at most twice.
import type { PhaseContext } from '../context.ts';
import type { ModelAnswer, ModelPrompt } from '../../models/model.ts';

/** How often an answer that fails its check is asked again. */
export const MAX_REASKS = 2;
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
  readonly context: PhaseContext;
  /** unique within the job; repeated calls add `_2` and `_3` */
  readonly name: string;
  readonly prompt: ModelPrompt;
  readonly check: (answer: ModelAnswer) => Checked<T>;
  /** the message that sends the problems back */
  readonly complain: (problems: readonly string[]) => string;
}

/** Throws what the last failed check says (unless it has a last resort), and whatever callModel throws. */
export async function ask<T>({ context, name, prompt, check, complain }: Question<T>): Promise<T> {
  let messages = prompt.messages;
  for (let turn = 1; ; turn += 1) {
    const answer = await context.callModel(turn === 1 ? name : `${name}_${String(turn)}`, { ...prompt, messages });
    const checked = check(answer);
    if (checked.ok) return checked.value;
    if (turn > MAX_REASKS) {
      if (checked.lastResort !== undefined) return checked.lastResort;
      throw checked.error();
    }
    await context.retry(checked.problems[0] ?? 'The answer failed its check.');
    messages = [
      ...messages,
      { role: 'assistant', content: quoted(answer.text) },
      { role: 'user', content: complain(checked.problems) },
    ];
  }
}

/** Protocols refuse empty turns; a runaway answer would double the prompt. */
function quoted(text: string): string {
  if (text.trim() === '') return '(no answer)';
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}\n[cut off]`;
}
