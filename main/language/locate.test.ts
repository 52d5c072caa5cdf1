// Names of waveforms lead to declarations, through generate blocks, arrays, wrappers of simulators and both languages.
import { afterAll, expect, test } from 'vitest';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'tb.sv': 'module tb;\n  logic clk;\n  top dut (.clk(clk));\nendmodule\n',
  'top.sv':
    'module top (input logic clk);\n  for (genvar i = 0; i < 2; i++) begin : g_lane\n    leaf u_leaf [1:0] (.a(clk));\n    logic deep;\n  end\n  old u_old (.c(clk));\nendmodule\nmodule leaf (input logic a);\nendmodule\n',
  'old.vhd':
    'entity Old is port (C : in bit); end;\narchitecture r of old is signal State : bit;\nbegin\n  b : block is signal inner : bit; begin end block;\nend;\n',
});
afterAll(() => sources.remove());

test.each([
  ['tb.clk', 'tb.sv:2', 'tb'],
  ['tb.dut', 'tb.sv:3', 'top'],
  ['tb.dut.clk', 'top.sv:1', 'top'],
  ['TOP.tb.dut.g_lane[1].deep', 'top.sv:4', 'top'],
  ['tb.dut.g_lane[0].u_leaf[1].a', 'top.sv:8', 'leaf'],
  ['tb.dut.u_old.state', 'old.vhd:2', 'Old'],
  ['tb.dut.u_old.c', 'old.vhd:1', 'Old'],
  ['top.clk', 'top.sv:1', 'top'],
  ['tb.dut.nowhere', null, null],
  ['nothing.at.all', null, null],
])('%s', async (name, place, unit) => {
  const [found] = await sources.service.locate(sources.root, [name.split('.')]);
  expect(found === undefined || found === null ? null : `${found.place.path}:${found.place.line}`).toBe(place);
  expect(found?.unit ?? null).toBe(unit);
});
