// continue-writing: gives text that goes on.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'continue-writing@v1',
  text: `${BASE}

${BARE}
Continue the text exactly where it ends, or where the selection stands: same language, style, indentation and
naming. Repeat nothing that is there already.`,
};

export const continueWriting = oneAnswer({ intent: 'continue-writing', version: 1, template });
