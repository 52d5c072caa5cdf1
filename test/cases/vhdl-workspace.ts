import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

export const vhdlWorkspace: CaseCheck = async ({ genrtl }) => {
  for (const argv of [
    ['lint', '--workspace', 'ws', '--tool', 'ghdl'],
    ['sim', '--workspace', 'ws', '--tool', 'ghdl', '--top', 'tb_inv'],
    ['lint', '--workspace', 'ws'],
    ['sim', '--workspace', 'ws'],
  ]) {
    const { code, out, err } = await genrtl(...argv, '--json');
    expect(code, `${argv.join(' ')}: ${out}${err}`).toBe(0);
    expect(out).toContain('"verdict":"pass"');
  }
};
