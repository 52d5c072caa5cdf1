// A waiver is a person's word about one thing with a reason; nothing less passes what was not measured.
import { describe, expect, it } from 'vitest';
import { applyWaivers, parseWaiver, WaiverEntry, type Untried } from './index.ts';

describe('a waiver', () => {
  it.each([
    ['output:spare=not bonded out', { kind: 'output', name: 'spare', reason: 'not bonded out' }],
    [' stub : x = two-state = fine ', { kind: 'stub', name: 'x', reason: 'two-state = fine' }],
  ])('%j is read', (text, waiver) => {
    expect(parseWaiver(text)).toEqual(waiver);
    expect(WaiverEntry.parse(text)).toEqual(waiver);
    expect(WaiverEntry.parse(waiver)).toEqual(waiver);
  });

  it.each([
    '',
    'output:spare',
    'output:spare=',
    'output:spare=  ',
    'output:=why',
    'everything:x=why',
    'spare=why',
    '*',
  ])('%j is refused', (text) => {
    expect(() => parseWaiver(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(WaiverEntry.safeParse(text).success).toBe(false);
  });
});

it('passes exactly what it names, and says why that was needed', () => {
  const untried: Untried[] = [
    { kind: 'output', name: 'a', why: 'real' },
    { kind: 'stub', name: 'a', why: 'no build' },
  ];
  const waivers = [parseWaiver('output:a=fine'), parseWaiver('output:b=unused'), parseWaiver('output:a=second')];
  expect(applyWaivers(untried, waivers)).toEqual({
    standing: [untried[1]],
    waived: [{ kind: 'output', name: 'a', reason: 'fine', why: 'real' }],
  });
});
