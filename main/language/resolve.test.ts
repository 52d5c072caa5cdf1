// What names mean across files: members, types, imports, inheritance, hierarchy, and what is written around them.
import { afterAll, describe, expect, test } from 'vitest';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'pkg.sv': `package bus_pkg;
  typedef enum logic [1:0] {IDLE, RUN} state_t;
  typedef struct packed { logic valid; logic [7:0] data; } beat_t;
  typedef struct packed { beat_t beat; logic last; } frame_t;
  localparam int DEPTH = 4;
  function automatic logic parity(input logic [7:0] word, input logic odd = 0);
    return ^word ^ odd;
  endfunction
endpackage
`,
  'bus.sv': `interface bus_if #(parameter int AW = 8) (input logic clk);
  logic [AW-1:0] addr;
  logic valid;
  bus_pkg::beat_t beat;
  modport slave (input addr, valid, beat);
  clocking cb @(posedge clk);
    input addr;
  endclocking
endinterface
`,
  'dev.sv': `module dev import bus_pkg::*; #(parameter type T = logic, parameter int W = 2) (
  bus_if.slave bus, bus_if chan [2], input T d, output logic [7:0] q
);
  frame_t frame;
  beat_t [3:0] beats;
  struct { logic one; } local_s;
  assign q = bus.addr + bus.beat.data + chan[0].beat.valid + frame.beat.data + beats[1].valid;
  assign frame = '{beat: '{valid: local_s.one, data: q}, last: IDLE};
  always_comb bus.cb.addr;
  logic p;
  assign p = parity(.word(q), .odd(1'b0)) + bus_pkg::DEPTH + bus_pkg::beat_t'(0) + W;
  for (genvar i = 0; i < W; i++) begin : g_lane
    logic lane;
    leaf u_leaf (.a(lane), .y());
  end
  for (genvar i = 0; i < W; i++) assign q[i] = i;
  assign p = g_lane[1].lane | g_lane[0].u_leaf.hidden;
endmodule
`,
  'leaf.v': `module leaf(a, y);
  input a;
  output y;
  wire hidden;
  task drive; input value; begin a_q = value; end endtask
  reg a_q;
  assign y = a_q;
endmodule
`,
  'classes.sv': `class base #(type T = int);
  T item;
  extern function void set(T value);
  function int get(); return 1; endfunction
endclass
function void base::set(T value);
  item = value;
endfunction
class derived extends base #(real);
  int own;
  function new(int start); own = start; endfunction
  function void run();
    item = super.get() + this.own + get();
  endfunction
endclass
module t;
  derived obj;
  initial begin
    obj = new(.start(3));
    obj.set(obj.own);
    obj.item = 1;
  end
endmodule
`,
  'top.sv': `module top (input logic clk);
  bus_if #(.AW(4)) u_bus (.clk);
  bus_if u_chan [2] (clk);
  logic [7:0] q;
  dev #(.W(3)) u_dev (.bus(u_bus.slave), .chan(u_chan), .q);
  bind leaf checks #(.N(1)) u_checks (.seen(hidden));
  initial u_dev.g_lane[0].u_leaf.drive(1);
  defparam u_dev.W = 2;
endmodule : top
module checks #(parameter N = 0) (input seen);
endmodule
`,
});
afterAll(() => sources.remove());

describe('definitions', () => {
  test.each([
    ['a member of an interface port', 'dev.sv', 'bus.a|ddr +', 'bus.sv:2'],
    ['a member of an interface in an array', 'dev.sv', 'chan[0].be|at', 'bus.sv:4'],
    ['a field through an interface and a package’s type', 'dev.sv', 'bus.beat.d|ata', 'pkg.sv:3'],
    ['a field of a nested struct', 'dev.sv', 'frame.beat.d|ata', 'pkg.sv:3'],
    ['a field of an array’s element', 'dev.sv', 'beats[1].v|alid', 'pkg.sv:3'],
    ['a field of a struct without a name', 'dev.sv', 'local_s.o|ne,', 'dev.sv:6'],
    ['a key of a pattern', 'dev.sv', "'{v|alid:", 'pkg.sv:3'],
    ['a key of the pattern around it', 'dev.sv', "'{be|at:", 'pkg.sv:4'],
    ['a member of a clocking block', 'dev.sv', 'bus.cb.a|ddr', 'bus.sv:2'],
    ['a modport', 'top.sv', 'u_bus.sl|ave', 'bus.sv:5'],
    ['a type parameter', 'dev.sv', 'input T| d', 'dev.sv:1'],
    ['an argument of a call', 'dev.sv', '.o|dd(1', 'pkg.sv:6'],
    ['a type behind its package', 'dev.sv', "bus_pkg::be|at_t'", 'pkg.sv:3'],
    ['a generate block’s net', 'dev.sv', 'g_lane[1].la|ne', 'dev.sv:13'],
    ['a net of an instance in a generate block', 'dev.sv', 'u_leaf.hi|dden', 'leaf.v:4'],
    ['the loop’s own variable', 'dev.sv', 'q[i] = i|;', 'dev.sv:16'],
    ['the other loop’s variable', 'dev.sv', '(genvar i| = 0; i < W; i++) begin', 'dev.sv:12'],
    ['an old-style argument, not the port', 'leaf.v', 'a_q = va|lue', 'leaf.v:5'],
    ['a task through the hierarchy', 'top.sv', 'u_leaf.dr|ive', 'leaf.v:5'],
    ['a parameter set from outside', 'top.sv', 'u_dev.W| =', 'dev.sv:1'],
    ['a port that is connected by its own name', 'top.sv', '.q|)', 'dev.sv:2'],
    ['a module that something is bound into', 'top.sv', 'bind le|af', 'leaf.v:1'],
    ['a net of the module that something is bound into', 'top.sv', 'hi|dden)', 'leaf.v:4'],
    ['the name at an end', 'top.sv', 'endmodule : to|p', 'top.sv:1'],
    ['a member that a class inherits', 'classes.sv', 'obj.it|em', 'classes.sv:2'],
    ['a name that a class inherits', 'classes.sv', '    it|em = super', 'classes.sv:2'],
    ['a method of the class above', 'classes.sv', 'super.g|et', 'classes.sv:4'],
    ['a member of this', 'classes.sv', 'this.o|wn', 'classes.sv:10'],
    ['a method’s prototype from its body', 'classes.sv', 'base::s|et', 'classes.sv:3'],
    ['a member inside of a body that stands elsewhere', 'classes.sv', '  it|em = value', 'classes.sv:2'],
    ['nothing for what nobody declares', 'classes.sv', 'Nothing|', 'none'],
  ] as const)('%s', async (_name, file, marked, place) => {
    if (place !== 'none') expect(await sources.definition(file, marked)).toBe(place);
    else expect(await sources.service.definition(sources.root, { path: 'dev.sv', line: 3, column: 1 })).toEqual([]);
  });
});

test('references are those of the same declaration only', async () => {
  expect(await sources.references('bus.sv', 'logic va|lid')).toEqual(['bus.sv:3', 'bus.sv:5']);
  expect(await sources.references('pkg.sv', '{ logic va|lid')).toEqual([
    'dev.sv:7',
    'dev.sv:7',
    'dev.sv:8',
    'pkg.sv:3',
  ]);
  expect(await sources.references('top.sv', 'logic cl|k')).toEqual(['top.sv:1', 'top.sv:2', 'top.sv:3']);
  expect(await sources.references('bus.sv', 'logic cl|k')).toEqual(['bus.sv:1', 'bus.sv:6', 'top.sv:2']);
  expect(await sources.references('leaf.v', 'leaf(a|,')).toEqual(['dev.sv:14', 'leaf.v:1', 'leaf.v:2']);
});

describe('completion', () => {
  const complete = async (file: string, text: string): Promise<string[]> => {
    await sources.service.update(sources.root, file, text);
    const lines = text.split('\n');
    const items = await sources.service.completion(sources.root, {
      path: file,
      line: lines.length,
      column: (lines.at(-1) ?? '').length + 1,
    });
    await sources.service.update(sources.root, file, null);
    return items.map(({ label }) => label);
  };
  test.each([
    [
      'members of an interface port, those that its modport gives',
      'module x (bus_if.slave b);\n  assign q = b.',
      ['addr', 'valid', 'beat'],
    ],
    ['fields of a struct', 'module x; import bus_pkg::*; frame_t f;\n  assign q = f.beat.', ['valid', 'data']],
    ['fields of an array’s element', 'module x; bus_pkg::beat_t f [4];\n  assign q = f[2].v', ['valid', 'data']],
    ['ports of a further instance', 'module x; leaf u_a (.a(1)), u_b (.', ['a', 'y']],
    ['ports behind the cursor are connected too', 'module x; leaf u_a (.', ['a', 'y']],
    ['parameters', 'module x; dev #(.', ['T', 'W']],
    ['members of an instance', 'module x; leaf u (); assign q = u.', ['a', 'y', 'hidden', 'drive', 'a_q']],
    ['nothing in a string', 'module x; initial $display("le', []],
  ])('%s', async (_name, text, labels) => expect(await complete('typed.sv', text)).toEqual(labels));

  test('names in sight: the loop’s, the block’s and the module’s, not those of others', async () => {
    const labels = await complete(
      'typed.sv',
      'module x; logic here; for (genvar n = 0; n < 2; n++) begin : g wire inner; assign y = ',
    );
    expect(labels).toEqual(expect.arrayContaining(['here', 'n', 'inner']));
    expect(labels).not.toContain('hidden');
  });
});

describe('signatures', () => {
  const signature = async (text: string): Promise<string | null> => {
    const cursor = text.indexOf('|');
    await sources.service.update(sources.root, 'typed.sv', text.replace('|', ''));
    const before = text.slice(0, cursor).split('\n');
    const found = await sources.service.signature(sources.root, {
      path: 'typed.sv',
      line: before.length,
      column: (before.at(-1) ?? '').length + 1,
    });
    await sources.service.update(sources.root, 'typed.sv', null);
    if (found === null) return null;
    const items = found.items.map(
      ({ name, given }, at) => `${at === found.active ? '>' : ''}${name}${given ? '+' : ''}`,
    );
    return `${found.part} ${found.name}: ${items.join(' ')}`;
  };
  test.each([
    [
      'ports, with what is connected before and behind the cursor',
      'module x; dev u (.bus(b), .|, .q(y));',
      'ports dev: bus+ chan d q+',
    ],
    ['the port that is being connected', 'module x; dev u (.bus(b), .chan(|', 'ports dev: bus+ >chan+ d q'],
    ['by position', 'module x; leaf u (s, |', 'ports leaf: a+ >y'],
    ['everything is given by .*', 'module x; leaf u (.*, |', 'ports leaf: a+ y+'],
    ['parameters', 'module x; dev #(.W(3), |', 'parameters dev: T W+'],
    ['arguments of a package’s function', 'module x; assign y = bus_pkg::parity(a, |', 'arguments parity: word+ >odd'],
    ['arguments of a constructor’s class member', 'module x; derived o; initial o.set(|', 'arguments set: >value'],
    ['none in a condition', 'module x; initial if (|', null],
    ['none for an unknown module', 'module x; nosuch u (|', null],
  ])('%s', async (_name, text, expected) => expect(await signature(text)).toBe(expected));
});

test('symbols of the workspace: units first, then what they declare', async () => {
  const found = async (query: string): Promise<string[]> =>
    (await sources.service.symbols(sources.root, query)).map(({ name, kind, path }) => `${kind} ${name} ${path}`);
  expect(await found('leaf')).toEqual(['module leaf leaf.v', 'instance u_leaf dev.sv']);
  expect(await found('pAr')).toEqual(['function parity pkg.sv']);
  expect((await found('')).every((one) => /^(module|package|class|interface)/.test(one))).toBe(true);
});
