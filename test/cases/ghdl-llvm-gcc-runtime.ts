import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

const EXPECTED = {
  'real-ghdl-llvm': { message: 'index (4) out of bounds (0 to 3)', file: 'tb.vhd', line: 11, scope: '.tb_top(sim).p' },
  'gcc-vunit': { message: 'bound check failure', file: '/w/src/pll.vhd', line: 180 },
  windows: { message: expect.stringMatching(/^cannot open /) as string },
};

export const ghdlLlvmGccRuntime: CaseCheck = async ({ genrtl }) => {
  for (const [log, finding] of Object.entries(EXPECTED)) {
    const { out } = await genrtl('diagnose', '--tool', 'ghdl', '--log', `${log}.log`);
    expect(JSON.parse(out), log).toMatchObject([{ severity: 'error', ...finding }]);
  }
};
