// Ways to write a thing that are rare and right: each is found, listed and renamed like the usual one.
import { afterAll, describe, expect, it } from 'vitest';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'rtl/pk.sv': `package pk;
  typedef enum logic [3:0] { ST_A, ST_[2], ST_B[3:2], ST_C[W] } st_e;
  nettype real sum_t with resolve;
  class queue_c #(type T = int, int W = 8); T item; endclass
endpackage
`,
  'rtl/bus.sv': `interface bus_if #(parameter int AW = 8) (input logic clk);
  logic [AW-1:0] word; logic ready;
  modport slv (input .low(word[3:0]), ready, output .high(word[7:4]));
  modport mst (output word, input ready);
endinterface
`,
  'rtl/top.sv': `\`include "inc/defs.svh"
module top import pk::*; (bus_if.slv bus);
  st_e state;
  sum_t total;
  queue_c #(.T(byte)) q;
  typedef virtual bus_if #(.AW(16)) vif_t;
  always_comb state = ST_1;
  always_comb state = ST_B3;
  assign total = bus.low + bus.ready;
  BRIDGE #(.DEPTH(3)) u_b (.CLK(bus.ready));
endmodule
config fast_cfg;
  design work.top;
  instance top.u_b use work.bridge;
  cell plain use work.other : config;
endconfig
`,
  'rtl/given.sv': `package low_pkg; localparam int DEPTH = 3, KEPT = 1; import given_pkg::*; export *::*; endpackage
package one_pkg; localparam int SINGLE = 1, KEPT = 2; endpackage
package type_pkg; typedef struct { int tip; } tree_t; function tree_t first(); endfunction
  class node; int last; function node next(); return this; endfunction endclass endpackage
package given_pkg; import low_pkg::*; import one_pkg::*; import type_pkg::*; export low_pkg::DEPTH, one_pkg::SINGLE;
  export type_pkg::*; localparam int OWN = DEPTH; endpackage
`,
  'rtl/use.sv': `module use_it import given_pkg::*; (output logic a);
  node o;
  always_comb a = DEPTH + OWN;
  always_comb a = given_pkg::DEPTH + given_pkg::NOWHERE + given_pkg::KEPT;
  always_comb a = DEPTH;
  always_comb a = SINGLE;
  always_comb a = first().tip + o.next().next().last;
  module hidden (input logic port); endmodule
  hidden u_h (.port(a));
endmodule
`,
  'rtl/plain.sv': 'module plain; endmodule\nmodule other; endmodule\n',
  'rtl/inc/defs.svh': '`define NOTHING\n',
  'other/inc/defs.svh': '`define NOTHING_ELSE\n',
  'vhdl/bridge.vhd': `entity bridge is generic (depth : natural := 1); port (clk : in bit); end;
architecture rtl of bridge is begin end;
configuration bridge_cfg of bridge is for rtl end for; end configuration;
entity upper is port (clk : in bit); end;
architecture a of upper is begin
  u_c : configuration work.bridge_cfg generic map (depth => 2) port map (clk => clk);
end;
`,
});
afterAll(() => sources.remove());

describe('Verilog', () => {
  it.each([
    ['DEPTH + OW|N', 'rtl/given.sv:6'],
    ['given_pkg::DEP|TH', 'rtl/given.sv:1'],
    ['= DEP|TH', 'rtl/given.sv:1'],
    ['= SIN|GLE', 'rtl/given.sv:2'],
    ['first().ti|p', 'rtl/given.sv:3'],
    ['o.next().next().la|st', 'rtl/given.sv:4'],
    ['hid|den u_h', 'rtl/use.sv:8'],
    ['.po|rt(a)', 'rtl/use.sv:8'],
  ])('%s leads through what gives it', async (marked, place) => {
    expect(await sources.definition('rtl/use.sv', marked)).toBe(place);
  });

  it('a name that two packages give on to each other ends, and one that nobody exports is none', async () => {
    expect(await sources.definition('rtl/use.sv', 'given_pkg::NOW|HERE')).toBe('none');
    expect(await sources.definition('rtl/use.sv', 'given_pkg::KE|PT')).toBe('none');
    const changed = await sources.renamed('rtl/given.sv', 'int DEP|TH', 'LEVELS');
    expect(changed['rtl/use.sv']).toContain('a = LEVELS;');
  });

  it.each([
    ['state = ST|_1', 'rtl/pk.sv:2'],
    ['state = ST_B|3', 'rtl/pk.sv:2'],
    ['bus.lo|w', 'rtl/bus.sv:3'],
    ['bus.rea|dy;', 'rtl/bus.sv:2'],
    ['(.T|(byte))', 'rtl/pk.sv:4'],
    ['(.A|W(16))', 'rtl/bus.sv:1'],
    ['sum|_t total', 'rtl/pk.sv:3'],
    ['"inc/de|fs.svh"', 'rtl/inc/defs.svh:1'],
    ['work.to|p;', 'rtl/top.sv:2'],
    ['instance to|p.', 'rtl/top.sv:2'],
    ['instance top.u|_b', 'rtl/top.sv:10'],
    ['cell pl|ain', 'rtl/plain.sv:1'],
    ['use work.oth|er', 'rtl/plain.sv:2'],
  ])('%s leads to its declaration', async (marked, place) => {
    expect(await sources.definition('rtl/top.sv', marked)).toBe(place);
  });

  it('a range of an enumeration is the names that it stands for, which are not renamed one by one', async () => {
    const { symbols } = await sources.service.outline(sources.root, 'rtl/pk.sv');
    const names = symbols.filter(({ kind }) => kind === 'enumerator').map(({ name }) => name);
    expect(names).toEqual(['ST_A', 'ST_0', 'ST_1', 'ST_B3', 'ST_B2', 'ST_C']);
    await expect(sources.renamed('rtl/top.sv', 'ST|_1', 'ST_X')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const [values] = await sources.service.stateNames(sources.root, [['top', 'state']]);
    expect(values?.map(({ name, value }) => `${name}=${value}`).slice(0, 5)).toEqual([
      'ST_A=0',
      'ST_0=1',
      'ST_1=2',
      'ST_B3=3',
      'ST_B2=4',
    ]);
  });

  it('a configuration is in the outline and follows the names of units', async () => {
    const { symbols } = await sources.service.outline(sources.root, 'rtl/top.sv');
    expect(symbols).toContainEqual(expect.objectContaining({ kind: 'configuration', name: 'fast_cfg' }));
    const changed = await sources.renamed('rtl/plain.sv', 'module pl|ain', 'flat');
    expect(changed['rtl/top.sv']).toContain('cell flat use work.other');
  });
});

describe('VHDL and Verilog', () => {
  it('an entity is renamed where Verilog writes it in another letter case', async () => {
    const changed = await sources.renamed('vhdl/bridge.vhd', 'entity bri|dge', 'gate');
    expect(changed['rtl/top.sv']).toContain('gate #(.DEPTH(3)) u_b');
    expect(changed['rtl/top.sv']).toContain('use work.gate;');
    expect((await sources.renamed('vhdl/bridge.vhd', 'generic (de|pth', 'levels'))['rtl/top.sv']).toContain(
      '.levels(3)',
    );
    expect(await sources.references('vhdl/bridge.vhd', 'port (cl|k')).toContain('rtl/top.sv:10');
  });

  it('an instance of a configuration is one of its entity', async () => {
    expect(await sources.definition('vhdl/bridge.vhd', 'work.bridge_c|fg')).toBe('vhdl/bridge.vhd:3');
    expect(await sources.definition('vhdl/bridge.vhd', 'map (de|pth')).toBe('vhdl/bridge.vhd:1');
    const [instance] = await sources.service.hierarchy(sources.root, 'upper', [], []);
    expect(instance).toMatchObject({ name: 'u_c', of: 'bridge', parameters: [{ name: 'depth', value: '2' }] });
  });
});
