// rewrite: gives a rewritten selection.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'rewrite@v1',
  text: `${BASE}

${BARE}
Rewrite the selection, or the material when nothing is selected, as the engineer asks, or more clearly when
nothing is asked. Keep meaning, names, numbers and markup. Give the replacement only, not the text around it.`,
};

export const rewrite = oneAnswer({ intent: 'rewrite', version: 1, template });
