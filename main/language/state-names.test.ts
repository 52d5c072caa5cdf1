// The names of states as the sources have them, whatever way they are declared.
import { afterAll, expect, test } from 'vitest';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'pkg.sv':
    'package p;\n  parameter int BASE = 4;\n  typedef enum logic [2:0] { OFF, WARM = BASE, HOT, STEP[2] } heat_e;\nendpackage\n',
  'top.sv':
    "module top (input logic clk, output p::heat_e heat);\n  typedef enum logic [1:0] { IDLE, RUN /* on */, DONE = 2'd3 } state_t;\n  typedef state_t alias_t;\n  state_t state;\n  alias_t other;\n  enum { A, B } inline_e;\n  logic [7:0] data;\n  old u_old (.clk);\nendmodule\n",
  'old.v':
    "module old (input clk);\n  localparam [1:0] S_IDLE = 2'd0, S_BUSY = S_IDLE + 1; localparam S_END = 2'b11; localparam LIMIT = 9;\n  reg [1:0] st; reg [3:0] n;\n  always @(posedge clk) case (st)\n    S_IDLE: begin st <= S_BUSY; case (n) LIMIT: n <= 0; endcase end\n    S_BUSY, S_END: st <= S_IDLE;\n  endcase\nendmodule\n",
});
afterAll(() => sources.remove());

test.each([
  ['top.state', 'IDLE=0 RUN=1 DONE=3'],
  ['top.other', 'IDLE=0 RUN=1 DONE=3'],
  ['top.inline_e', 'A=0 B=1'],
  ['top.heat', 'OFF=0 WARM=4 HOT=5 STEP0=6 STEP1=7'],
  ['top.u_old.st', 'S_BUSY=1 S_END=3 S_IDLE=0'],
  ['top.u_old.n', null],
  ['top.data', null],
  ['top.nowhere', null],
])('%s', async (name, names) => {
  const [found] = await sources.service.stateNames(sources.root, [name.split('.')]);
  const shown = found?.map((state) => `${state.name}=${state.value}`) ?? null;
  expect((names?.startsWith('S_') === true ? shown?.sort() : shown)?.join(' ') ?? null).toBe(names);
});
