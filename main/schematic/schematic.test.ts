// From sources to blocks and buses with the real Yosys; and what is said of a module that does not elaborate.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MAX_BLOCKS, graphAround, graphOf, sourceOf } from './netlist-graph.ts';
import { readSchematic } from './schematic.ts';
import { YosysModule, plainModuleName } from './yosys-netlist.ts';

const root = mkdtempSync(path.join(tmpdir(), 'genrtl-schematic-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
mkdirSync(path.join(root, 'src'));
writeFileSync(
  path.join(root, 'src/sub.sv'),
  'module sub #(parameter int W = 4) (input logic [W-1:0] a, output logic [W-1:0] y);\n  assign y = ~a;\nendmodule\n',
);
writeFileSync(
  path.join(root, 'src/top.sv'),
  `module top (input logic clk, input logic [7:0] d, output logic [7:0] q, output logic hit);
  logic [7:0] inverted;
  sub #(.W(8)) u_sub (.a(d), .y(inverted));
  always_ff @(posedge clk) q <= inverted + 8'd3;
  assign hit = q == 8'h2a;
endmodule
`,
);

test('ports, instances, registers, operators and constants with their buses and places', async () => {
  const { nodes, edges, instances_only } = await readSchematic(root, 'top', process.env);
  expect(instances_only).toBe(false);
  const instance = nodes.find((node) => node.kind === 'instance');
  expect(instance).toMatchObject({ name: 'u_sub', label: 'sub', source: { path: 'src/top.sv', line: 3 } });
  expect(nodes.filter((node) => node.kind === 'register')).toHaveLength(1);
  expect(
    nodes
      .filter((node) => node.kind === 'operator')
      .map((node) => node.label)
      .sort(),
  ).toEqual(['+', '==']);
  expect(
    nodes
      .filter((node) => node.kind === 'constant')
      .map((node) => node.label)
      .sort(),
  ).toEqual(["8'h2a", "8'h3"]);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const wires = edges.map(
    (edge) =>
      `${byId.get(edge.from.node)?.name || byId.get(edge.from.node)?.label}.${edge.from.port}-${edge.width}->${byId.get(edge.to.node)?.name || byId.get(edge.to.node)?.label}.${edge.to.port}`,
  );
  expect(wires).toEqual(
    expect.arrayContaining(['d.d-8->u_sub.a', 'u_sub.y-8->+.A', 'q.Q-8->q.q', '==.Y-1->hit.hit', 'clk.clk-1->q.CLK']),
  );
  expect(edges.find((edge) => edge.from.node === instance?.id)?.name).toBe('inverted');
  expect(readdirSync(path.join(root, '.genRTL/build'))).toEqual([]);
});

test('what does not elaborate is said with the tool’s finding and its place', async () => {
  writeFileSync(
    path.join(root, 'src/bad.sv'),
    'module bad (input logic a);\n  missing u_missing (.a(a));\nendmodule\n',
  );
  await expect(readSchematic(root, 'bad', process.env)).rejects.toMatchObject({ code: 'DESIGN_FAILED' });
  rmSync(path.join(root, 'src/bad.sv'));
  await expect(readSchematic(root, 'nowhere', process.env)).rejects.toMatchObject({ code: 'DESIGN_FAILED' });
  await expect(readSchematic(root, 'top', { PATH: '/nonexistent' })).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

test('logic that nobody reads is left out, with what only fed it', () => {
  const cells = {
    not: { type: '$not', port_directions: { A: 'input', Y: 'output' }, connections: { A: [2], Y: [3] } },
    or: {
      type: '$or',
      port_directions: { A: 'input', B: 'input', Y: 'output' },
      connections: { A: [3], B: ['1'], Y: [4] },
    },
  };
  const graph = graphOf('m', YosysModule.parse({ ports: { a: { direction: 'input', bits: [2] } }, cells }));
  expect(graph.nodes.map((node) => node.name)).toEqual(['a']);
  expect(graph.edges).toEqual([]);
});

test('a register is called as its signal, a part of it with its range; nets say where they are declared', async () => {
  writeFileSync(
    path.join(root, 'src/counts.sv'),
    `module counts (input logic clk, input logic [7:0] d, output logic [7:0] count);
  logic [11:4] split_q;
  logic [7:0] count_q;
  always_ff @(posedge clk) count_q <= count_q + split_q[11:4];
  always_ff @(posedge clk) split_q[7:4] <= d[3:0];
  always_ff @(posedge clk) split_q[11:8] <= d[7:4];
  assign count = count_q;
endmodule
`,
  );
  const { nodes, edges } = await readSchematic(root, 'counts', process.env);
  expect(
    nodes
      .filter((node) => node.kind === 'register')
      .map((node) => node.name)
      .sort(),
  ).toEqual(['count_q', 'split_q[11:8]', 'split_q[7:4]']);
  expect(edges.find((edge) => edge.name === 'count_q')?.source).toMatchObject({ path: 'src/counts.sv', line: 3 });
});

test('of a module that is too large, the part around a name is drawn', () => {
  const bits = (at: number): number[] => [at];
  const cells = Object.fromEntries(
    Array.from({ length: MAX_BLOCKS + 50 }, (_, at) => [
      `c${at}`,
      {
        type: at % 10 === 9 ? '$dff' : '$not',
        port_directions: at % 10 === 9 ? { D: 'input', Q: 'output' } : { A: 'input', Y: 'output' },
        connections: at % 10 === 9 ? { D: bits(at + 2), Q: bits(at + 3) } : { A: bits(at + 2), Y: bits(at + 3) },
      },
    ]),
  );
  const module = YosysModule.parse({
    ports: { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [MAX_BLOCKS + 52] } },
    cells,
    netnames: { stage_1: { bits: bits(22) }, mid: { bits: bits(25) } },
  });
  expect(graphOf('m', module).instances_only).toBe(true);
  const part = graphAround('m', module, { name: 'stage_1', direction: 'in', stages: 1 });
  // nine inverters between two registers
  expect(part).toMatchObject({ around: 'stage_1', cut: false, instances_only: false });
  expect(part?.nodes).toHaveLength(11);
  expect(graphAround('m', module, { name: 'mid', direction: 'out', stages: 20 })?.nodes.length).toBeGreaterThan(150);
  expect(graphAround('m', module, { name: 'nothing_like_it', direction: 'out', stages: 1 })).toBeNull();
});

test('too many blocks leave the instances', () => {
  const cells = Object.fromEntries(
    Array.from({ length: MAX_BLOCKS + 1 }, (_, at) => [`c${at}`, { type: at === 0 ? 'sub' : '$add', connections: {} }]),
  );
  const graph = graphOf('m', YosysModule.parse({ cells }));
  expect(graph).toMatchObject({ instances_only: true, nodes: [{ kind: 'instance' }] });
});

test.each([
  ['src/a b.sv:4.3-4.60', { path: 'src/a b.sv', line: 4, column: 3 }],
  ['x.v:7|y.v:2', { path: 'x.v', line: 7, column: 1 }],
  ['x.v:0.0-0.0', null],
  [undefined, null],
])('source %s', (text, place) => expect(sourceOf(text)).toEqual(place));
test.each([
  ["$paramod\\fifo\\WIDTH=s32'0", 'fifo'],
  ['$paramod$0a1b2c\\fifo', 'fifo'],
  ['\\top', 'top'],
  ['sub', 'sub'],
])('module %s', (name, plain) => expect(plainModuleName(name)).toBe(plain));

test('package imports are read, and a file that Yosys cannot read breaks no module that does not need it', async () => {
  writeFileSync(
    path.join(root, 'src/p.sv'),
    'package p;\n  localparam int W = 8;\n  typedef enum logic [1:0] { IDLE, RUN } state_e;\nendpackage\n',
  );
  writeFileSync(
    path.join(root, 'src/user.sv'),
    "module user import p::*; (input logic clk, input logic [W-1:0] d, output logic run);\n  state_e state;\n  always_ff @(posedge clk) state <= (d == 8'd3) ? RUN : IDLE;\n  assign run = state == RUN;\nendmodule\n",
  );
  writeFileSync(path.join(root, 'src/other.sv'), 'module other; class c; endclass\nendmodule\n');
  const { nodes } = await readSchematic(root, 'user', process.env);
  const register = nodes.find((node) => node.kind === 'register');
  expect(register?.source).toMatchObject({ path: 'src/user.sv', line: 3 });
  expect((await readSchematic(root, 'top', process.env)).nodes.length).toBeGreaterThan(3);
});
