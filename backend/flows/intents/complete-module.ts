// complete-module: gives the rest of a module.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'complete-module@v1',
  text: `${BASE}

${BARE}
Complete the SystemVerilog or Verilog module that is begun at the selection, or at the end of the text: keep its
ports and parameters, declare what you use, end it with endmodule exactly once. Repeat nothing that is there
already. Synthesizable code only; non-blocking assignments in clocked blocks.`,
};

export const completeModule = oneAnswer({ intent: 'complete-module', version: 1, template });
