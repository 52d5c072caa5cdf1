// edit: gives an edited selection.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'edit@v1',
  text: `${BASE}

${BARE}
Change the selection as the engineer asks, and give the whole replacement of the selection only, not the text
around it. Keep what is not asked to change as it is.`,
};

export const edit = oneAnswer({ intent: 'edit', version: 1, template });
