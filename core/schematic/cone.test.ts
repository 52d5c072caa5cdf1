// A trace ends at the first register and goes on from there only when asked; what is found by name is found once.
import { expect, test } from 'vitest';
import type { SchematicGraph, SchematicNode } from '@genrtl/contracts/schematic.ts';
import { coneOf, findNamed, netPart, partOf } from './cone.ts';

const block = (id: string, kind: SchematicNode['kind'], name = ''): SchematicNode => ({
  id,
  kind,
  name,
  label: kind,
  ports: [],
  source: null,
});
const wire = (id: string, from: string, to: string, name = '') => ({
  id,
  from: { node: from, port: 'Y' },
  to: { node: to, port: 'A' },
  width: 8,
  name,
});
// a → + (with 1) → stage_q → × → out_q → q; × also reads b
const graph: SchematicGraph = {
  module: 'm',
  instances_only: false,
  nodes: [
    block('a', 'port', 'a'),
    block('b', 'port', 'b'),
    block('constant:add:B', 'constant'),
    block('add', 'operator'),
    block('r1', 'register', 'stage_q'),
    block('mul', 'operator'),
    block('r2', 'register', 'out_q'),
    block('q', 'port', 'q'),
  ],
  edges: [
    wire('e0', 'a', 'add', 'a'),
    wire('e1', 'constant:add:B', 'add'),
    wire('e2', 'add', 'r1', 'stage_d'),
    wire('e3', 'r1', 'mul', 'stage_q'),
    wire('e4', 'b', 'mul', 'b'),
    wire('e5', 'mul', 'r2', 'out_d'),
    wire('e6', 'r2', 'q', 'out_q'),
  ],
};
const names = (part: { readonly nodes: ReadonlySet<string> }): string[] => [...part.nodes].sort();

test('fan-in of a register ends at the registers before it, stage by stage', () => {
  expect(names(coneOf(graph, { kind: 'block', node: 'r2' }, 'in', 1))).toEqual(['b', 'mul', 'r1', 'r2']);
  const two = coneOf(graph, { kind: 'block', node: 'r2' }, 'in', 2);
  expect(names(two)).toEqual(['a', 'add', 'b', 'constant:add:B', 'mul', 'r1', 'r2']);
  expect([...two.edges].sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5']);
});

test('fan-out of a port and of a net', () => {
  expect(names(coneOf(graph, { kind: 'block', node: 'a' }, 'out', 1))).toEqual(['a', 'add', 'r1']);
  expect(names(coneOf(graph, { kind: 'net', node: 'r1', port: 'Y' }, 'out', 1))).toEqual(['mul', 'r1', 'r2']);
  // a net's fan-in ends at the register that drives it
  expect(names(coneOf(graph, { kind: 'net', node: 'r1', port: 'Y' }, 'in', 1))).toEqual(['r1']);
  expect(names(coneOf(graph, { kind: 'net', node: 'mul', port: 'Y' }, 'in', 1))).toEqual(['b', 'mul', 'r1']);
});

test('a loop through a register ends', () => {
  const looped = { ...graph, edges: [...graph.edges, wire('e7', 'r2', 'add')] };
  expect(coneOf(looped, { kind: 'block', node: 'r2' }, 'in', 9).nodes.size).toBe(7);
});

test('a net is its driver, its wires and its readers; a part keeps the constants of its blocks', () => {
  const net = netPart(graph, { node: 'a', port: 'Y' });
  expect(names(net)).toEqual(['a', 'add']);
  expect(partOf(graph, net).nodes.map(({ id }) => id)).toEqual(['a', 'constant:add:B', 'add']);
});

test('names: whole before beginning before within, a register and its net once', () => {
  const found = findNamed(graph, 'STAGE').map((one) => (one.kind === 'block' ? one.node.name : one.edge.name));
  expect(found).toEqual(['stage_q', 'stage_d']);
  expect(findNamed(graph, 'q')[0]).toMatchObject({ node: { id: 'q' } });
  expect(findNamed(graph, ' ')).toEqual([]);
});
