// complete: gives ghost text.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'complete@v1',
  text: `${BASE}

${BARE}
Give the few characters or lines that most likely come next at the cursor, which stands at the empty selection.
Continue the present line first. Use only ports, signals, parameters and modules that the material shows. Never
repeat what follows the cursor, endmodule included. Nothing likely: answer with nothing.`,
};

export const complete = oneAnswer({ intent: 'complete', version: 1, template, timeoutMs: 15_000 });
