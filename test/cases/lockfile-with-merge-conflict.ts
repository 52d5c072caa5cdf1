import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

export const lockfileWithMergeConflict: CaseCheck = async ({ genrtl }) => {
  for (const argv of [
    ['cbb', 'list', '--workspace', 'ws'],
    ['lint', '--workspace', 'ws', '--tool', 'icarus'],
  ]) {
    const { code, out, err } = await genrtl(...argv);
    expect(code).toBe(2);
    expect(out + err).toMatch(/genRTL\.lock\.json:2: .*merge conflict/);
    expect(out + err).toMatch(/take one side.*cbb install/s);
    expect(out + err).not.toContain('state.json');
  }
};
