import { expect, it } from 'vitest';
import { readCounterexample } from './counterexample.ts';

const MAP =
  'input 0 0 clk\ninput 1 0 rst_n\ninput 2 0 d\ninput 4 2 d\ninput 3 1 d\noutput 0 0 bad\ninvlatch 12 0 first\n';

it('gives each input its digits in each cycle, whatever the order of its bits and whatever nobody named', () => {
  expect(readCounterexample(MAP, '0000000\n00000000\n01100111\n01011000# DONE\n')).toEqual([
    { clk: '0', rst_n: '0', d: '000' },
    { clk: '0', rst_n: '1', d: '001' },
    { clk: '0', rst_n: '1', d: '110' },
  ]);
});

it('of a design without registers has one cycle', () => {
  expect(readCounterexample('input 0 0 a\n', '\n1# DONE\n')).toEqual([{ a: '1' }]);
});

it.each([
  ['no witness', MAP, ''],
  ['registers only', MAP, '0000000\n'],
  ['no inputs', 'output 0 0 bad\n', '0\n1\n'],
])('is none: %s', (_name, map, witness) => {
  expect(readCounterexample(map, witness)).toBeNull();
});
