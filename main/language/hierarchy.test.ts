// The instance tree: tops, instances, generate blocks, values of parameters, what is bound, missing or holds itself.
import { afterAll, expect, test } from 'vitest';
import type { HierarchyNode } from '@genrtl/contracts/language.ts';
import { Sources } from './workspace.fixture.ts';

const sources = new Sources({
  'top.sv': `module top #(parameter int N = 4);
  core #(.W(N * 2), .T(logic [3:0])) u_core (.*);
  core #(16) u_second ();
  for (genvar i = 0; i < N; i++) begin : g_lane
    if (i > 0) begin : g_inner
      leaf u_leaf ();
    end
    begin
      leaf u_free ();
    end
  end
  initial begin : run
    int x;
  end
  nosuch #(.A(1)) u_gone ();
  loop u_loop ();
endmodule
module bench; endmodule
`,
  'core.sv': `module core #(parameter int W = 8, parameter type T = logic, localparam X = 1) ();
  leaf u_leaf ();
endmodule
module leaf; endmodule
module loop; loop u_again (); endmodule
module chk; endmodule
bind core chk u_chk ();
`,
});
afterAll(() => sources.remove());

const show = (nodes: readonly HierarchyNode[]): string[] =>
  nodes.map(
    ({ name, kind, of, target, parameters, children, recursive }) =>
      `${kind} ${name}${kind === 'instance' ? `: ${of}` : ''}${target === null && kind === 'instance' ? ' ?' : ''}${recursive ? ' !' : ''}` +
      `${parameters.map((one) => ` ${one.name}=${one.value}${one.set ? '*' : ''}`).join('')}${children === null ? '' : ' +'}`,
  );
const children = async (node: HierarchyNode, above: readonly string[] = []): Promise<HierarchyNode[]> =>
  node.children === null
    ? []
    : sources.service.hierarchy(sources.root, node.children.unit, node.children.blocks, above);

test('level by level', async () => {
  const tops = await sources.service.hierarchy(sources.root, null, [], []);
  expect(show(tops)).toEqual(['top bench', 'top top N=4 +']);
  const below = await children(tops[1]!);
  expect(show(below)).toEqual([
    'instance u_core: core W=N * 2* T=logic [3:0]* +',
    'instance u_second: core W=16* T=logic +',
    'block g_lane +',
    'instance u_gone: nosuch ? A=1*',
    'instance u_loop: loop +',
  ]);
  const lane = await children(below[2]!);
  expect(show(lane)).toEqual(['block g_inner +', 'instance u_free: leaf']);
  expect(show(await children(lane[0]!))).toEqual(['instance u_leaf: leaf']);
  expect(show(await children(below[0]!))).toEqual(['instance u_leaf: leaf', 'instance u_chk: chk']);
  expect(show(await children(below[4]!, ['top']))).toEqual(['instance u_again: loop !']);
  expect(below[0]).toMatchObject({
    place: { path: 'top.sv', line: 2 },
    target: { path: 'core.sv', line: 1 },
    language: 'verilog',
  });
});

test('the way from a top to the nearest instance of a unit', async () => {
  const names = async (unit: string): Promise<string[]> =>
    (await sources.service.hierarchyPath(sources.root, unit)).map(({ name }) => name);
  expect(await names('leaf')).toEqual(['top', 'u_core', 'u_leaf']);
  expect(await names('core')).toEqual(['top', 'u_core']);
  expect(await names('top')).toEqual(['top']);
  expect(await names('nosuch')).toEqual([]);
});

test('the way to a unit far down is found without looking through every file for each instance', async () => {
  const nets = Array.from({ length: 20 }, (_, at) => `wire n${at};`).join(' ');
  const far = new Sources({
    'far.v': Array.from({ length: 2000 }, (_, at) => `module m${at}; ${nets} m${at + 1} u(); endmodule`).join('\n'),
  });
  try {
    await far.service.hierarchy(far.root, null, [], []);
    const before = process.cpuUsage();
    const way = await far.service.hierarchyPath(far.root, 'm1999');
    expect(way).toHaveLength(2000);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1500);
  } finally {
    far.remove();
  }
});
