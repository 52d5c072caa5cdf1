// write-testbench: gives a testbench.
import { BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'write-testbench@v1',
  text: `${BASE}

Write a self-checking SystemVerilog testbench for the module that is given. It drives clocks and resets as the
module's ports demand, checks results against expected values, prints a line \`FAIL signal=<name> time=<ns>\`
for each failure and \`PASS\` at the end if there was none, and ends by $finish, also after a bounded number of
cycles. Answer with one fenced code block that holds the whole file.`,
};

export const writeTestbench = oneAnswer({ intent: 'write-testbench', version: 1, template });
