// The text of a run as its events leave it: the last attempt's alone, whatever was shown of earlier ones.
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';

/** What the ids of a conversation's runs begin with: the page tells them from the editor's. */
export const ASK_RUN = 'ask-';

export interface AnswerText {
  readonly text: string;
  readonly attempt: number;
  readonly model: string | null;
  /** a patch's text replaces the selection; tokens are the text themselves */
  readonly atomic: boolean;
}

export const NO_ANSWER: AnswerText = { text: '', attempt: 0, model: null, atomic: false };

export function withEvent(answer: AnswerText, event: AiEvent): AnswerText {
  switch (event.type) {
    case 'step':
      if (event.phase !== 'start') return answer;
      return {
        // a later step of the same attempt goes on; a new attempt begins anew
        text: event.attempt === answer.attempt && event.replaces === undefined ? answer.text : '',
        attempt: event.attempt,
        model: event.model,
        atomic: event.renderMode === 'atomic-patch',
      };
    case 'token':
    case 'reduce:token':
      return answer.atomic ? answer : { ...answer, text: answer.text + event.text };
    case 'patch':
      return { ...answer, text: event.text };
    default:
      return answer;
  }
}
