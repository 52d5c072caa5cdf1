// What free-text specifications of the usual forms say of their ports, and what they do not say.
import type { Plan } from '@genrtl/contracts';
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../spec/fixtures/cpu-time.ts';
import { checkInterface, extractInterface, unstatedPorts } from './index.ts';

type Port = readonly [name: string, direction: 'input' | 'output' | 'inout', width?: string];

function planOf(name: string, ports: readonly Port[]): Plan {
  return {
    title: '',
    summary: '',
    top: {
      name,
      purpose: '',
      parameters: [],
      clocks: [],
      resets: [{ name: 'rst_n', active: 'low', async: true }],
      instances: [],
      ports: ports.map(([port, direction, width = '1']) => ({ name: port, direction, width, description: '' })),
    },
    modules: [],
    cbb_requirements: [],
    verification: { checks: [] },
    files: [],
    assumptions: [],
    questions: [],
  };
}
const read = (text: string, top: string): string[] =>
  extractInterface(text, top).ports.map(({ name, direction, width }) => `${direction} ${name} ${width ?? '?'}`);
const against = (text: string, plan: Plan): string[] =>
  checkInterface(plan, extractInterface(text, plan.top.name)).map(({ line, message }) => `${line}: ${message}`);

const VERILOG_EVAL = `I would like you to implement a module named TopModule with the following
interface. All input and output ports are one bit unless otherwise
specified.

 - input  clk
 - input  areset
 - input  in    (8 bits)
 - input  a, b  (4 bits)
 - output done
 - output out   (100 bits)

The module should implement a state machine. The input in is sampled on
the positive edge of the clock; output done is high for one cycle.
`;

const RTLLM = `Please act as a professional verilog designer.

Implement a module of an 8-bit adder with multiple bit-level adders.

Module name:  
    adder_8bit               
Input ports:
    a[7:0]: 8-bit input operand A.
    b [7:0]: 8-bit input operand B.
    cin: Carry-in input.
    rst_n: Active-low asynchronous reset signal.
Output ports:
    sum[0:7]: 8-bit output representing the sum of A and B.
    cout: Carry-out output, high when the 8-bit sum
        does not fit.
    flags: 3-bit status

Implementation:
The module utilizes a series of bit-level adders (full adders).
Note: nothing else is needed.
Give me the complete code.
`;

describe('lists of ports', () => {
  it('reads the bulleted interface of a request, with its default width', () => {
    expect(read(VERILOG_EVAL, 'TopModule')).toEqual([
      'input clk 1',
      'input areset 1',
      'input in 8',
      'input a 4',
      'input b 4',
      'output done 1',
      'output out 100',
    ]);
    expect(extractInterface(VERILOG_EVAL, 'TopModule').top).toEqual({ name: 'TopModule', line: 1 });
  });

  it('reads blocks of input and output ports, and ends where the prose begins', () => {
    expect(read(RTLLM, 'adder_8bit')).toEqual([
      'input a ((7) - (0) + 1)',
      'input b ((7) - (0) + 1)',
      'input cin ?',
      'input rst_n ?',
      'output sum ((7) - (0) + 1)',
      'output cout ?',
      'output flags 3',
    ]);
    expect(extractInterface(RTLLM, 'adder_8bit').top).toEqual({ name: 'adder_8bit', line: 6 });
    const flat = RTLLM.replaceAll(/^ {4,8}/gm, '');
    expect(read(flat, 'adder_8bit').slice(0, 4)).toEqual(read(RTLLM, 'adder_8bit').slice(0, 4));
    expect(read(flat, 'adder_8bit').join(' ')).not.toMatch(/Implementation|Note|module/);
  });

  it.each([
    ['headings', '# X\n### Inputs\n- `clk`: the clock\n- `data[3:0]` — payload\n\n### Outputs\n- `q` (4 bits)\n'],
    [
      'bold lines',
      '**Inputs:**\n\n- **clk**: the clock\n- **data** [3:0]: payload\n\n**Outputs:**\n\n- **q**: 4-bit result\n',
    ],
    ['directions behind names', '## Ports\n* clk (input): clock\n* data: input, [3:0]\n* q — 4-bit output, result\n'],
    ['lists in a line', 'Inputs: clk, data[3:0]\nOutputs: q\n'],
    ['nested bullets', '- Inputs:\n  - clk: clock\n  - data[3:0]: payload\n- Outputs:\n  - q: result\n'],
    ['declarations', 'input clk;\ninput wire [3:0] data;\noutput reg [3:0] q; // result\n'],
    ['code without a module', '```verilog\ninput clk,\ninput [3:0] data,\noutput [3:0] q\n```\n'],
    ['a header in the text', 'module x (\n  input clk,\n  input [3:0] data,\n  output reg [3:0] q\n);\n'],
    ['a header in a fence', '```\nmodule x (input clk, input [3:0] data,\n output [3:0] q);\nendmodule\n```\n'],
    ['Chinese', '输入端口：\n    clk：时钟\n    data[3:0]：数据\n输出端口：\n    q：结果\n'],
  ])('reads %s', (_form, text) => {
    const ports = extractInterface(text, 'x').ports.map(({ name, direction }) => `${direction} ${name}`);
    expect(ports).toEqual(['input clk', 'input data', 'output q']);
    const good = planOf('x', [
      ['clk', 'input'],
      ['data', 'input', '4'],
      ['q', 'output', '4'],
    ]);
    expect(against(text, good)).toEqual([]);
    const turned = planOf('x', [
      ['clk', 'input'],
      ['data', 'output', '4'],
      ['q', 'output', '4'],
    ]);
    expect(against(text, turned).join()).toMatch(/data is an input in the specification, an output in the plan/);
  });

  it.each([
    'The inputs are sampled at the rising edge.\n- input data is sampled by the clock\n- The output is a pulse\n',
    '- output files go to build/\n- Inputs and outputs are registered.\n',
    'Inputs: everything that the bus needs\nOutput: a waveform\n',
    '## Output format\n- json: machine readable\n- text: for people\n',
    '## Input\n- The clock\n- A reset that is synchronous\n',
  ])('takes prose for prose: %j', (text) => {
    expect(read(`# Doc\n${text}`, 'x')).toEqual([]);
  });

  it.each([
    [
      'below labels in bold',
      '**Inputs**\n\n- **clk**: clock\n- **d[7:0]**: data\n\n**Outputs**\n\n- **q** (8 bits): data\n',
    ],
    ['in Chinese lists', '## 端口\n- 输入 clk（1位）：时钟\n- 输入 d（8位）：数据\n- 输出 q（8 位）：数据\n'],
    [
      'in tables below a heading for each direction',
      '## Inputs\n| Name | Width |\n|---|---|\n| clk | 1 |\n| d | 8 |\n\n## Output signals\n| Name | Width |\n|---|---|\n| q | 8 |\n',
    ],
    [
      'in Chinese tables below a heading for each direction',
      '## 输入端口\n| 名称 | 位宽(bit) |\n|---|---|\n| clk | 1 |\n| d | 8 |\n\n## 输出端口\n| 名称 | 位宽(bit) |\n|---|---|\n| q | 8 |\n',
    ],
    [
      'in tables with units in the heading',
      '| 端口名称 | 类型 | 宽度（bit） |\n|---|---|---|\n| clk | input | 1 |\n| d | input | 8 |\n| q | output | 8 |\n',
    ],
  ])('reads ports %s', (_name, text) => {
    const ports: Port[] = [
      ['clk', 'input'],
      ['d', 'input', '8'],
      ['q', 'output', '8'],
    ];
    expect(against(text, planOf('m', ports))).toEqual([]);
    expect(unstatedPorts(planOf('m', ports), extractInterface(text, 'm'))).toEqual([]);
    const narrow = planOf('m', [...ports.slice(0, 2), ['q', 'output', '4']]);
    expect(against(text, narrow).map((one) => one.replace(/^\d+: /, ''))).toEqual([
      'q has 8 bits in the specification, 4 in the plan',
    ]);
  });

  it('takes no example below a label in bold for ports', () => {
    expect(read('**Input**\n\nn: 5\nword = 3\n\n**Output**\n\nsum: 8\n\n**Timing**\n- count: grows\n', 'm')).toEqual(
      [],
    );
  });

  it('is right about widths, directions and resets that a plan gets wrong', () => {
    const plan = planOf('adder_8bit', [
      ['a', 'input', '9'],
      ['b', 'input', '8'],
      ['cin', 'output'],
      ['rst_n', 'input'],
      ['sum', 'output', '8'],
      ['cout', 'output'],
    ]);
    const wrong = { ...plan, top: { ...plan.top, resets: [{ name: 'rst_n', active: 'high' as const, async: true }] } };
    expect(against(RTLLM, wrong)).toEqual([
      '8: a has 8 bits in the specification, 9 in the plan',
      '10: cin is an input in the specification, an output in the plan',
      "16: the specification has the port flags, the plan's top has not",
      '11: the reset rst_n is active low in the specification, active high in the plan',
    ]);
    expect(against(VERILOG_EVAL, planOf('other', [])).at(0)).toBe(
      '1: the specification names the top TopModule, the plan other',
    );
  });
});

describe('what is not the top’s', () => {
  const table = (heading: string, row = '| other | input | 8 |'): string =>
    `# Doc\n## ${heading}\n| Port | Direction | Width |\n|--|--|--|\n${row}\n`;
  const plan = planOf('uart_core', [['clk', 'input']]);

  it.each([
    'The arbiter block',
    'FIFO submodule',
    'Receiver unit ports',
    'AXI4-Lite protocol',
    'Handshake signals',
    'Example',
  ])('a table below "%s"', (heading) => {
    expect(against(table(heading), plan)).toEqual([]);
    const list = `# Doc\n## ${heading}\nInput ports:\n  other: something\n`;
    expect(against(list, plan)).toEqual([]);
  });

  it.each(['Ports', 'UART core ports', 'Top-level module interface', 'Signals of the block', 'uart_core block'])(
    'but one below "%s" is',
    (heading) => {
      expect(against(table(heading), plan)).toEqual([
        "5: the specification has the port other, the plan's top has not",
      ]);
    },
  );

  it('a module of the plan by its name alone', () => {
    const found = extractInterface(table('fifo'), 'uart_core', ['fifo']);
    expect(found.ports).toEqual([]);
  });

  it('an optional port, unless the plan has it otherwise', () => {
    const text = table('Ports', '| dbg | output (optional) | 8 |');
    expect(against(text, plan)).toEqual([]);
    expect(against(text, planOf('uart_core', [['dbg', 'input', '8']]))).toHaveLength(1);
  });

  it('another module’s list behind its name', () => {
    const text =
      'Module name:\n  top_x\nInput ports:\n  clk: clock\n\nModule name:\n  part_y\nInput ports:\n  zz: other\n';
    expect(read(text, 'top_x')).toEqual(['input clk ?']);
    expect(extractInterface(text, 'top_x').top).toBeNull();
  });
});

describe('what nobody stated', () => {
  it('is said, and is no agreement', () => {
    const plan = planOf('TopModule', [
      ['clk', 'input'],
      ['spare', 'output'],
    ]);
    expect(unstatedPorts(plan, extractInterface(VERILOG_EVAL, 'TopModule'))).toEqual(['spare']);
    expect(unstatedPorts(plan, extractInterface('# A counter\nIt counts.\n', 'TopModule'))).toEqual(['clk', 'spare']);
  });

  it('ranges count either way round', () => {
    const text = '- input [0:7] d\n- output [W-1:0] q\n';
    expect(
      against(
        text,
        planOf('x', [
          ['d', 'input', '8'],
          ['q', 'output', '4'],
        ]),
      ),
    ).toEqual([]);
    expect(
      against(
        text,
        planOf('x', [
          ['d', 'input', '7'],
          ['q', 'output', '4'],
        ]),
      ),
    ).toEqual(['1: d has 8 bits in the specification, 7 in the plan']);
  });
});

it('stays quick on hostile lists', () => {
  for (const piece of [
    '- input a, ',
    'Input ports: ',
    '- a[',
    'module x (',
    '\n- input [7:0] [',
    'inputs: a and ',
    '# module ',
  ]) {
    const text = `# Doc\n${piece.repeat(20_000)}`;
    expect(
      cpuMs(() => extractInterface(text, 'x')),
      piece,
    ).toBeLessThan(1500);
  }
});
