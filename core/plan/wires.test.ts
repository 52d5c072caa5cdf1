// Wires of a plan: as composed, through logic and registers; told by names only where one driver and one width agree.
import { expect, test } from 'vitest';
import type { Plan, PlanModule } from '@genrtl/contracts';
import { planWires } from './wires.ts';

const port = (name: string, direction: 'input' | 'output' | 'inout', width = '1') => ({
  name,
  direction,
  width,
  description: '',
});
const module = (name: string, ports: PlanModule['ports'], instances: PlanModule['instances'] = []): PlanModule => ({
  name,
  purpose: '',
  ports,
  parameters: [],
  clocks: ['clk'],
  resets: [{ name: 'rst_n', active: 'low', async: true }],
  instances,
});
const planOf = (top: PlanModule, modules: PlanModule[]): Plan => ({
  title: '',
  summary: '',
  top,
  modules,
  cbb_requirements: [],
  verification: { checks: [] },
  files: [],
  assumptions: [],
  questions: [],
});
const told = ({ wires }: ReturnType<typeof planWires>): string[] =>
  wires.map(({ from, to, kind }) =>
    [from, kind, to]
      .map((end) => (typeof end === 'string' ? end : [end.instance, end.port].filter(Boolean).join('.')))
      .join(' '),
  );

test('equal names and widths of one driver are wires by name; packages and doubtful names are not', () => {
  const top = module(
    'top',
    [port('clk', 'input'), port('rst_n', 'input'), port('rx', 'input'), port('q', 'output', '8'), port('pad', 'inout')],
    [
      { name: 'u_rx', of: 'receiver' },
      { name: 'u_a', of: 'stage' },
      { name: 'u_b', of: 'stage' },
      { name: 'u_fifo', of: 'fifo', cbb: 'cbb_fifo' },
    ],
  );
  const plan = planOf(top, [
    module('receiver', [port('clk', 'input'), port('rx', 'input'), port('data', 'output', '8')]),
    // two drive q: whose wire that is nobody knows
    module('stage', [
      port('clk', 'input'),
      port('data', 'input', '8'),
      port('q', 'output', '8'),
      port('rx', 'input', '2'),
    ]),
  ]);
  const found = planWires(plan, top);
  expect(told(found)).toEqual(['rx name u_rx.rx', 'u_rx.data name u_a.data', 'u_rx.data name u_b.data']);
  expect(found.unknown).toEqual(['u_fifo']);
});

test('what the plan states is taken as it is, without the clock; ends that are gone are not drawn', () => {
  const top: PlanModule = {
    ...module(
      'top',
      [port('clk', 'input'), port('d', 'input', '8'), port('q', 'output', '8')],
      [
        { name: 'u_a', of: 'a', cbb: 'cbb_a' },
        { name: 'u_b', of: 'b', cbb: 'cbb_b' },
      ],
    ),
    connections: [
      { from: { port: 'clk' }, to: { instance: 'u_a', port: 'clk' }, width: '1' },
      { from: { port: 'd' }, to: { instance: 'u_a', port: 'data' }, width: '8', through: 'logic' },
      { from: { instance: 'u_a', port: 'out' }, to: { port: 'q' }, width: '8' },
      { from: { instance: 'u_gone', port: 'out' }, to: { port: 'q' }, width: '8' },
    ],
  };
  const found = planWires(planOf(top, []), top);
  expect(told(found)).toEqual(['d logic u_a.data', 'u_a.out direct q']);
  expect(found.unknown).toEqual(['u_b']);
});
