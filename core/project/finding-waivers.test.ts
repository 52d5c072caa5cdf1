import { expect, it } from 'vitest';
import type { FindingWaiver } from '@genrtl/contracts';
import { FindingWaivers, waiverFindings } from './finding-waivers.ts';

const finding = (more: object = {}) => ({
  tool: 'verilator',
  severity: 'warning' as const,
  code: 'UNUSEDSIGNAL',
  message: "Signal is not used: 'spare_q'",
  file: 'rtl/io/pad.sv',
  line: 12,
  ...more,
});
const passes = (waiver: Omit<FindingWaiver, 'reason'>, more: object = {}): boolean =>
  new FindingWaivers([{ reason: 'r', ...waiver }], '2027-01-31').passes(finding(more));

it('every given part has to fit', () => {
  expect(passes({ code: 'UNUSEDSIGNAL' })).toBe(true);
  expect(passes({ code: 'UNUSED*', file: 'rtl/**', text: 'spare_' })).toBe(true);
  expect(passes({ text: "not used: 'spare*'" })).toBe(true);
  expect(passes({ file: 'rtl/io/pad.sv', line: 12 })).toBe(true);
  expect(passes({ file: 'rtl/io', line: [10, 12] })).toBe(true);
  expect(passes({ file: 'rtl/io/pad.sv', line: [13, 20] })).toBe(false);
  expect(passes({ code: 'UNUSED' })).toBe(false);
  expect(passes({ code: 'UNUSEDSIGNAL', file: 'dv/**' })).toBe(false);
  expect(passes({ file: 'rtl/**' }, { file: undefined })).toBe(false);
  expect(passes({ text: 'a*b' }, { message: 'x a\ny b' })).toBe(true);
});

it('hold to the end of their last day; expired and unused ones are said with their owner', () => {
  const waivers = new FindingWaivers(
    [
      { code: 'UNUSEDSIGNAL', reason: 'old', owner: 'ann', expires: '2027-01-30' },
      { code: 'WIDTH', reason: 'never' },
      { file: 'rtl/**', reason: 'today', expires: '2027-01-31' },
    ],
    '2027-01-31',
  );
  expect(waivers.passes(finding())).toBe(true);
  expect(waivers.passes(finding({ file: 'dv/x.sv' }))).toBe(false);
  expect(waivers.uses().map(({ state, count }) => [state, count])).toEqual([
    ['expired', 2],
    ['unused', 0],
    ['used', 1],
  ]);
  expect(waiverFindings(waivers.uses(), 'lint/waivers.yaml')).toMatchObject([
    { code: 'WAIVER_EXPIRED', file: 'lint/waivers.yaml', message: expect.stringContaining('of ann') as string },
    { code: 'WAIVER_UNUSED' },
  ]);
});
