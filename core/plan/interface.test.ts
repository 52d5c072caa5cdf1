import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '@genrtl/contracts';
import { describe, expect, it } from 'vitest';
import { builtinCatalog } from '../spec/fixtures/packages.ts';
import { composePlan, elaborateSpec, parseSpec } from '../spec/index.ts';
import { cpuMs } from '../spec/fixtures/cpu-time.ts';
import { checkInterface, extractInterface } from './index.ts';

const SAMPLES = join(import.meta.dirname, '../../resources/samples');
const sample = readFileSync(join(SAMPLES, 'clock-bridge/spec.md'), 'utf8');
function planOf(text: string): Plan {
  const result = elaborateSpec(parseSpec(text, 'spec.md'), builtinCatalog);
  if ('diagnostics' in result) throw new Error('the spec is faulty');
  return composePlan(result.design);
}
const found = (plan: Plan, text: string) =>
  checkInterface(plan, extractInterface(text, plan.top.name)).map(({ line, message }) => `${line}: ${message}`);
const withTop = (plan: Plan, changes: Partial<Plan['top']>): Plan => ({ ...plan, top: { ...plan.top, ...changes } });
const fence = (code: string) => `# Doc\n\`\`\`verilog\n${code}\n\`\`\`\n`;

describe('the interface of a structured spec', () => {
  it.each(readdirSync(SAMPLES))('%s agrees with its own plan', (name) => {
    const text = readFileSync(join(SAMPLES, name, 'spec.md'), 'utf8');
    expect(extractInterface(text).ports.length).toBeGreaterThan(3);
    expect(found(planOf(text), text)).toEqual([]);
  });

  it('contradicts a plan that promises something else', () => {
    const plan = planOf(sample);
    const line = (start: string) => sample.split('\n').findIndex((row) => row.startsWith(start)) + 1;
    const ports = (change: (port: Plan['top']['ports'][number]) => Plan['top']['ports'][number][]) =>
      withTop(plan, { ports: plan.top.ports.flatMap(change) });
    expect(
      found(
        ports((port) => (port.name === 'sent' ? [{ ...port, width: '5' }] : [port])),
        sample,
      ),
    ).toEqual([`${line('| sent |')}: sent has 4 bits in the specification, 5 in the plan`]);
    expect(
      found(
        ports((port) => (port.name === 'send' ? [{ ...port, direction: 'output' }] : [port])),
        sample,
      ),
    ).toEqual([`${line('| send |')}: send is an input in the specification, an output in the plan`]);
    expect(
      found(
        ports((port) => (port.name === 'seen' ? [] : [port])),
        sample,
      ),
    ).toEqual([`${line('| seen |')}: the specification has the port seen, the plan's top has not`]);
    expect(found(withTop(plan, { clocks: ['clk_a'] }), sample)).toEqual([
      `${line('| clk_b | rst_n |')}: the specification lists the clock clk_b, the plan does not`,
    ]);
    expect(found(withTop(plan, { resets: [{ name: 'rst_n', active: 'high', async: true }] }), sample)[0]).toMatch(
      /active low in the specification, active high in the plan/,
    );
    expect(found(withTop(plan, { name: 'bridge' }), sample)[0]).toMatch(/names the top clock_bridge, the plan bridge/);
    expect(found(withTop(plan, { parameters: [{ name: 'NEW', default: '1', description: '' }] }), sample)).toEqual([]);
  });
});

describe('free text', () => {
  const top: Plan['top'] = {
    name: 'spi',
    purpose: '',
    parameters: [{ name: 'W', default: '16', description: '' }],
    clocks: ['clk'],
    resets: [{ name: 'rst', active: 'high', async: false }],
    instances: [],
    ports: [
      { name: 'clk', direction: 'input', width: '1', description: '' },
      { name: 'rst', direction: 'input', width: '1', description: '' },
      { name: 'data', direction: 'output', width: 'W', description: '' },
    ],
  };
  const plan: Plan = {
    title: '',
    summary: '',
    top,
    modules: [],
    cbb_requirements: [],
    verification: { checks: [] },
    files: [],
    assumptions: [],
    questions: [],
  };

  it.each([
    ['| Signal | Dir | Size |\n|--|--|--|\n| data | O | [15:0] |', []],
    [
      '| Signal | Dir | Size |\n|--|--|--|\n| data | O | [7:0] |',
      ['4: data has 8 bits in the specification, 16 in the plan'],
    ],
    ['| Pin Name | I/O | Width (bits) |\n|--|--|--|\n| `data[15:0]` | out | |', []],
    [
      '| 信号名 | 方向 | 位宽 |\n|--|--|--|\n| data | 输入 | 16 |',
      ['4: data is an input in the specification, an output in the plan'],
    ],
    [
      '| Name | Type | Description |\n|--|--|--|\n| rst | input | Asynchronous reset, active-low |',
      [
        '4: the reset rst is active low in the specification, active high in the plan',
        '4: the reset rst is asynchronous in the specification, synchronous in the plan',
      ],
    ],
    ['| Name | Type | Description |\n|--|--|--|\n| CTRL | RW | Control |', []],
    [
      '| Parameter | Default |\n|--|--|\n| W | 32 |',
      ['4: the default of W is 32 in the specification, 16 in the plan'],
    ],
    ['### `fifo` submodule block_x\n| Port | Direction |\n|--|--|\n| other | input |', []],
    ['| Port | Direction |\n|--|--|\n| data | output |\n\n| Port | Direction |\n|--|--|\n| data | input |', []],
  ])('reads %j', (table, expected) => {
    expect(found(plan, `# Doc\n${table}\n`)).toEqual(expected);
  });

  it('reads module headers in either style, and only that of the top', () => {
    expect(
      found(
        plan,
        fence(
          'module spi #(parameter W = 16, localparam X = 1) (\n  input wire clk, rst, // both\n  output reg [W-1:0] data\n);',
        ),
      ),
    ).toEqual([]);
    expect(
      found(
        plan,
        fence('module spi(clk, rst, data);\n  parameter W = 16;\n  input clk, rst;\n  output [7:0] data;\nendmodule'),
      ),
    ).toEqual(['6: data has 8 bits in the specification, 16 in the plan']);
    expect(
      found(plan, fence('module other(input x);\nendmodule\nmodule spi(input clk /* module z(input q); */);')),
    ).toEqual([]);
    expect(found(plan, fence('module other(input x);'))).toEqual([]);
    expect(found(plan, fence('module spi(input pkg::bus_t data, axi_if.slave s, input clk);'))[0]).toMatch(
      /data is an input/,
    );
  });

  it('stays quick on hostile code', () => {
    for (const piece of ['module a ( ', 'module a #((', '/* ', '(', 'input [', '"', 'module spi(input ']) {
      expect(
        cpuMs(() => extractInterface(fence(piece.repeat(100_000)), 'spi')),
        piece,
      ).toBeLessThan(4000);
    }
  });
});

const REAL = join(import.meta.dirname, '../../../shared/specs');

describe('documents that other people wrote', () => {
  it.for([
    'axilite_axil/README.md',
    'ot_rv_timer/README.md',
    'ot_rv_timer/interfaces.md',
    'ot_rv_timer/registers.md',
    'ot_rv_timer/theory_of_operation.md',
    'ot_rv_timer/programmers_guide.md',
  ])('%s says nothing that its tables do not say', (path, context) => {
    if (!existsSync(REAL)) context.skip('the sample specifications are not beside this checkout');
    const { ports, parameters, clocks } = extractInterface(readFileSync(join(REAL, path), 'utf8'), 'rv_timer');
    expect({ ports, parameters, clocks }).toEqual({ ports: [], parameters: [], clocks: [] });
  });
});
