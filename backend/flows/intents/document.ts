// document: gives a documented selection.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'document@v1',
  text: `${BASE}

${BARE}
Give the selection, or the material when nothing is selected, again with comments that document it: purpose,
ports, parameters, timing, side effects. Change no code, no names, no white space outside comments.`,
};

export const documentCode = oneAnswer({ intent: 'document', version: 1, template });
