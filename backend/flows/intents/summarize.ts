// summarize: gives a summary.
import { BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'summarize@v1',
  text: `${BASE}

Summarize the material for an engineer who has to work with it: what it is, its interface, its behaviour, what
is open. Use Markdown, at most a fifth of the length. The engineer's wishes, if any, come last.`,
};

export const summarize = oneAnswer({ intent: 'summarize', version: 1, template });
