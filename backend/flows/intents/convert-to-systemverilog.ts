// convert-to-systemverilog: gives converted code.
import { BARE, BASE } from './intent-prompt.ts';
import { oneAnswer } from './one-answer.ts';

const template = {
  id: 'convert-to-systemverilog@v1',
  text: `${BASE}

${BARE}
Convert the selection, or the material when nothing is selected, to SystemVerilog-2017 that behaves the same:
logic instead of reg and wire where one driver allows it, always_ff, always_comb and always_latch, ANSI ports,
typed parameters. Keep names, ports and comments. Do not change behaviour at reset or in simulation of x.`,
};

export const convertToSystemverilog = oneAnswer({ intent: 'convert-to-systemverilog', version: 1, template });
