// fix-grammar: gives a corrected selection.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'fix-grammar@v1',
  text: `${BASE}

${BARE}
Correct spelling, grammar and punctuation of the selection, or of the material when nothing is selected. Change
nothing else: not meaning, names, code, numbers, markup or line breaks. Text without faults comes back as it is.`,
};

export const fixGrammar = oneAnswer({ intent: 'fix-grammar', version: 1, template });
