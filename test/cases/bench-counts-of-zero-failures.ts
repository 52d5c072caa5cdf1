import { expect } from 'vitest';
import type { CaseCheck } from './case.ts';

export const benchCountsOfZeroFailures: CaseCheck = async ({ genrtl }) => {
  expect((await genrtl('diagnose', '--tool', 'icarus', '--log', 'sim.log')).out.trim()).toBe('[]');
  const { code, out, err } = await genrtl('sim', '--workspace', 'ws', '--tool', 'icarus', '--json');
  expect(code, out + err).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ status: 'done', verdict: 'pass', diagnostics: [] });
};
