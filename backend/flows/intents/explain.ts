// explain: gives an explanation.
import { BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'explain@v1',
  text: `${BASE}

Explain the selection, or the material when nothing is selected: what it does cycle by cycle where it is
sequential, why it may be written so, and what can go wrong. Cite places as \`path:line\` where the material has
numbered lines. Use Markdown.`,
};

export const explain = oneAnswer({ intent: 'explain', version: 1, template });
