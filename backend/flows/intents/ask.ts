// ask: gives the question.
import { BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'ask@v1',
  text: `${BASE}

Answer the question of the engineer from the material. Cite places as \`path:line\` where the material has
numbered lines. Use Markdown.`,
};

export const ask = oneAnswer({ intent: 'ask', version: 1, template });
