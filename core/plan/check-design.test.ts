// A design has the interface that was approved, and one that others can connect to: whoever writes both design and
// testbench would not notice.
import { expect, it } from 'vitest';
import type { Plan } from '@genrtl/contracts';
import { checkDesignInterface } from './index.ts';

const port = (name: string, direction: 'input' | 'output' | 'inout', width = '1') => ({
  name,
  direction,
  width,
  description: '',
});
const PLAN: Plan = {
  title: 'fifo',
  summary: '',
  top: {
    name: 'fifo',
    purpose: '',
    ports: [
      port('clk', 'input'),
      port('d', 'input', 'W'),
      port('q', 'output', 'W'),
      port('level', 'output', '$clog2(DEPTH) + 1'),
    ],
    parameters: [
      { name: 'W', default: '8', description: '' },
      { name: 'DEPTH', default: '16', description: '' },
    ],
    clocks: ['clk'],
    resets: [],
    instances: [],
  },
  modules: [],
  cbb_requirements: [],
  verification: { checks: [] },
  files: [],
  assumptions: [],
  questions: [],
};

const said = (text: string): string[] =>
  checkDesignInterface(PLAN, [{ path: 'src/fifo.sv', text }]).map(
    ({ file, line, code, message }) => `${file}:${line} ${code} ${message}`,
  );
const design = (ports: string, parameters = 'parameter W = 8, parameter int DEPTH = 4 * 4'): string =>
  `// a fifo\nmodule fifo #(${parameters}) (\n${ports}\n);\nendmodule\n`;
const CLK = 'input logic clk,\n';

it.each([
  ['as promised', design(`${CLK}input [W-1:0] d, output reg [W-1:0] q, output logic [$clog2(DEPTH):0] level`)],
  ['with a port beside', design(`${CLK}input [7:0] d, output [0:7] q, output [4:0] level, output empty`)],
  [
    'in the old style',
    'module fifo(clk, d, q, level);\nparameter W = 8; parameter DEPTH = 16;\ninput clk; input [W-1:0] d; output [W-1:0] q; reg [W-1:0] q; output [4:0] level;\nendmodule\n',
  ],
  ['with widths that only a package knows', design(`${CLK}input p::w_t d, output p::w_t q, output [p::L-1:0] level`)],
  ['with a header that a macro makes', design(`${CLK}\`PORTS`)],
  ['with a macro as width', design(`${CLK}input [\`W-1:0] d, output [\`W-1:0] q, output [4:0] level`)],
  [
    'with an interface and a type',
    design(
      'bus.slave d, clk_if clk, output p::w_t q, output [4:0] level',
      'parameter type W = logic [7:0], parameter DEPTH = 16',
    ),
  ],
  ['in another file than this', 'module other(input a);\nendmodule\n'],
])('nothing is said of a design %s', (_name, text) => expect(said(text)).toEqual([]));

it.each([
  [
    'lacks a port',
    design(`${CLK}input [7:0] d, output [7:0] q`),
    'src/fifo.sv:2 INTERFACE_DIFFERS the plan promises the output level, the design has no such port',
  ],
  [
    'keeps a port to itself, all in one line',
    'module fifo #(parameter W = 8, DEPTH = 16)(input clk, input [7:0] d, output [7:0] q); wire [4:0] level; endmodule',
    'src/fifo.sv:1 INTERFACE_DIFFERS the plan promises the output level, the design has no such port',
  ],
  [
    'drives what it is asked',
    design(`${CLK}inout [7:0] d,\noutput [7:0] q, output [4:0] level`),
    'src/fifo.sv:4 INTERFACE_DIFFERS d is an input in the plan, an inout in the design',
  ],
  [
    'has a narrower output',
    design(`${CLK}input [7:0] d,\noutput [7:0] q,\noutput [3:0] level`),
    'src/fifo.sv:6 INTERFACE_DIFFERS level has 5 bits in the plan, 4 in the design',
  ],
  [
    'has another default',
    design(`${CLK}input [W-1:0] d, output [W-1:0] q, output [4:0] level`, 'parameter W = 8, DEPTH = 8'),
    'src/fifo.sv:2 INTERFACE_DIFFERS the plan promises DEPTH = 16, the design has 8',
  ],
  [
    'lacks a parameter',
    design(`${CLK}input [7:0] d, output [7:0] q, output [4:0] level`, 'parameter W = 8'),
    'src/fifo.sv:2 INTERFACE_DIFFERS the plan promises the parameter DEPTH, the design has none',
  ],
])('a design that %s is found', (_name, text, finding) => expect(said(text)).toEqual([finding]));
