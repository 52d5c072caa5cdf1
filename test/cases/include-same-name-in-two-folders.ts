import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

export const includeSameNameInTwoFolders: CaseCheck = async ({ genrtl }) => {
  for (const tool of ['icarus', 'verilator']) {
    const { code, out, err } = await genrtl('sim', '--workspace', 'ws', '--tool', tool, '--top', 'tb', '--json');
    expect(code, `${tool}: ${out}${err}`).toBe(0);
  }
};
