import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { composeFiles } from '../compose/index.ts';
import { cpuMs } from '../fixtures/cpu-time.ts';
import { builtinCatalog } from '../fixtures/packages.ts';
import { parseSpec } from '../parse-spec.ts';
import { elaborateSpec } from './index.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const read = (path: string) => readFileSync(join(FIXTURES, path), 'utf8');
const good = read('good.md');

const check = (text: string) => {
  const result = elaborateSpec(parseSpec(text, 'spec.md'), builtinCatalog);
  return 'diagnostics' in result ? result.diagnostics.map(({ code, line }) => `${line}:${code}`) : [];
};
const design = (text: string) => {
  const result = elaborateSpec(parseSpec(text, 'spec.md'), builtinCatalog);
  if ('diagnostics' in result)
    throw new Error(result.diagnostics.map(({ line, code, message }) => `${line} ${code} ${message}`).join('\n'));
  return result.design;
};
/** A small spec around some sections; `ports` are rows besides clk and rst_n. */
const spec = (ports: string, sections: string, checks = '| 0 | rst_n=1 | y=0 |') => `# T
## Top
module: t
## Ports
| Port | Direction | Width | Description |
|--|--|--|--|
| clk | input | 1 | |
| rst_n | input | 1 | |
${ports}
${sections}
## Checks
| Cycle | Drive | Expect |
|--|--|--|
${checks}
`;
const logic = (...rows: string[]) => `## Logic\n| Signal | Expression | Width |\n|--|--|--|\n${rows.join('\n')}`;
const IO = '| a | input | 8 | |\n| b | input | 4 | |\n| y | output | 8 | |';

describe('faulty specs', () => {
  const expected = z
    .record(z.string(), z.array(z.object({ code: z.string(), line: z.number() })))
    .parse(JSON.parse(read('faulty/expected.json')));

  it.each(Object.entries(expected))('%s gives its findings and no others', (file, findings) => {
    const result = elaborateSpec(parseSpec(read(`faulty/${file}`), file), builtinCatalog);
    const got = 'diagnostics' in result ? result.diagnostics : [];
    const text = (list: readonly { code?: string | undefined; line?: number | undefined }[]) =>
      list.map(({ code, line }) => `${line}:${code}`).sort();
    expect(text(got)).toEqual(text(findings));
    for (const diagnostic of got) expect(diagnostic).toMatchObject({ tool: 'genrtl', severity: 'error', file });
  });

  it('cover every code that a spec can be refused with, but size', () => {
    const covered = new Set(
      Object.values(expected)
        .flat()
        .map(({ code }) => code),
    );
    expect([...covered].sort()).toEqual([
      'SPEC_BINARY',
      'SPEC_CBB_AMBIGUOUS',
      'SPEC_CBB_NOT_FOUND',
      'SPEC_CHECKS_MISSING',
      'SPEC_CHECK_RESET',
      'SPEC_COMB_LOOP',
      'SPEC_DIRECTION',
      'SPEC_EMPTY',
      'SPEC_MULTIPLE_DRIVERS',
      'SPEC_NAME_DUPLICATE',
      'SPEC_NAME_INVALID',
      'SPEC_NAME_UNKNOWN',
      'SPEC_NEEDS_MODEL',
      'SPEC_PARAMETER',
      'SPEC_SECTION_MISSING',
      'SPEC_TABLE',
      'SPEC_UNDRIVEN',
      'SPEC_WIDTH',
    ]);
  });

  it('differ from a good one', () => {
    expect(check(good)).toEqual([]);
  });
});

describe('widths', () => {
  it.each([
    ['| y | a + b | |'],
    ['| y | a + 1 | |'],
    ['| y | {b, b} | |'],
    ['| y | b | |'],
    ['| y | -1 | |'],
    ['| y | a == b ? 0 : 255 | |'],
    ['| y | 1 << b | |'],
    ["| y | {2{b}} \\| 8'h0f | |"],
    ['| y | a >> 4 | |'],
    ['| y | &a | |'],
    ['| y | {a[3:0], a[7:4]} | |'],
    ['| y | a[b[2:0]] | |'],
    ['| y | a * b | |'],
    ['| y | b ** 2 | |'],
    ['| t | a ^ b | |\n| y | t | |'],
    ['| t | b | 8 |\n| y | t | |'],
    ['| y | $clog2(200) | |'],
  ])('accepts %s', (row) => {
    expect(check(spec(IO, logic(row)))).toEqual([]);
  });

  it.each([
    ['| y | {a, b} | |'],
    ["| y | a + 9'd1 | |"],
    ['| y | {b, 1} | |'],
    ['| y | a[8] | |'],
    ['| y | a[0:3] | |'],
    ['| y | a[b:0] | |'],
    ['| y | {0{a}} | |'],
    ['| y | {b{a}} | |'],
    ['| y | $clog2(a) | |'],
    ['| t | 5 | |\n| y | a | |'],
    ['| y | a | 4 |'],
    ['| y | a | 0 |'],
    ['| y | a | 70000 |'],
    ["| y | 4'd16 | |"],
    ['| y | a[3:0][1] | |', 'SPEC_TABLE'],
    ['| y | a + | |', 'SPEC_TABLE'],
    ['| y | rst_n[rst_n] | |'],
    ['| y | &3 | |'],
  ])('refuses %s', (row, code = 'SPEC_WIDTH') => {
    expect(check(spec(IO, logic(row)))).toEqual([`15:${code}`]);
  });

  it('warns of constants that lose bits and passes them on as assumptions', () => {
    const { warnings, assumptions } = design(spec(IO, logic('| y | a + 300 | |')));
    expect(warnings).toMatchObject([{ code: 'SPEC_WIDTH', severity: 'warning', line: 15 }]);
    expect(assumptions.some((text) => text.includes('line 15'))).toBe(true);
  });

  it('take the column, else the port that is fed, else the expression', () => {
    const nets = (rows: string) => design(spec(IO, rows)).nets.map(({ name, width }) => `${name}:${width.bits}`);
    expect(nets(logic('| y | t | |', '| t | a == 1 | 3 |'))).toEqual(['t:3']);
    expect(nets(`${logic('| t | 1 | |')}\n## Connections\n| From | To |\n|--|--|\n| t | y |`)).toEqual(['t:8']);
    expect(nets(logic('| y | t | |', '| t | u + b | |', '| u | b[1:0] | |'))).toEqual(['t:4', 'u:2']);
  });

  it('refuse a signal that feeds ports of different widths without saying its own', () => {
    const text = spec(
      `${IO}\n| z | output | 4 | |`,
      `${logic('| t | 1 | |')}\n## Connections\n| From | To |\n|--|--|\n| t | y |\n| t | z |`,
      '| 0 | rst_n=1 | y=0, z=0 |',
    );
    expect(check(text)).toContain('16:SPEC_WIDTH');
  });
});

describe('quoted values of block parameters', () => {
  const ram = {
    ...builtinCatalog[0],
    cbb_id: 'cbb_ram',
    function: 'ram',
    title: 'ram',
    tags: [],
    toplevel: 'cbb_ram',
    resets: [],
    parameters: [
      { name: 'INIT_FILE', type: 'string', default: '', description: '' },
      { name: 'MODE', type: 'string', default: 'a, b', allowed: ['a, b', 'c|d'], description: '' },
    ],
    ports: [{ name: 'q', direction: 'output', width: '8', role: 'data', description: '' }],
  } as unknown as (typeof builtinCatalog)[number];
  const of = (parameters: string) =>
    elaborateSpec(
      parseSpec(
        spec(
          '| y | output | 8 | |',
          `## Blocks\n| Instance | Function | Parameters |\n|--|--|--|\n| u | ram | ${parameters} |\n## Connections\n| From | To |\n|--|--|\n| u.q | y |`,
        ),
        'f',
      ),
      [...builtinCatalog, ram],
    );

  it('reach the instance as they are', () => {
    const result = of('INIT_FILE="rom-1.hex", MODE="c\\|d"');
    if (!('design' in result)) throw new Error(JSON.stringify(result.diagnostics));
    expect(result.design.instances[0]?.parameters).toEqual([
      { name: 'INIT_FILE', value: 'rom-1.hex' },
      { name: 'MODE', value: 'c|d' },
    ]);
    expect(composeFiles(result.design)[0]?.text).toContain('.INIT_FILE("rom-1.hex"),\n    .MODE("c|d")');
    expect('design' in of('MODE="a, b"')).toBe(true);
  });

  it.each([
    'INIT_FILE=rom',
    'INIT_FILE=3',
    'INIT_FILE="rom',
    'INIT_FILE="a"b"',
    'INIT_FILE="a\\\\"',
    'INIT_FILE="é"',
    'MODE="e"',
    'INIT_FILE="a", INIT_FILE="b"',
  ])('refuses %s', (parameters) => {
    const result = of(parameters);
    expect(
      'diagnostics' in result &&
        result.diagnostics.every(
          ({ code, line }) => line === 13 && (code === 'SPEC_PARAMETER' || code === 'SPEC_NAME_UNKNOWN'),
        ),
    ).toBe(true);
  });
});

describe('drivers and loops', () => {
  it('finds loops through packages without a clock, and none through clocked ones', () => {
    const alu = {
      ...builtinCatalog[0],
      cbb_id: 'cbb_pass',
      function: 'pass',
      title: 'pass',
      tags: [],
      toplevel: 'cbb_pass',
      parameters: [],
      resets: [],
      ports: [
        { name: 'i', direction: 'input', width: '1', role: 'data', description: '' },
        { name: 'o', direction: 'output', width: '1', role: 'data', description: '' },
      ],
    } as unknown as (typeof builtinCatalog)[number];
    const text = (block: string, input: string, output: string) =>
      spec(
        '| y | output | 1 | |',
        `## Blocks\n| Instance | Function |\n|--|--|\n| u | ${block} |\n## Connections\n| From | To |\n|--|--|\n| u.${output} | y |\n${logic(`| u.${input} | !u.${output} | |`)}`,
      );
    const codes = (source: string) => {
      const result = elaborateSpec(parseSpec(source, 'f'), [...builtinCatalog, alu]);
      return 'diagnostics' in result ? result.diagnostics.map(({ code }) => code) : [];
    };
    expect(codes(text('cbb_pass', 'i', 'o'))).toEqual(['SPEC_COMB_LOOP']);
    expect(codes(text('cbb_sync_bit', 'd', 'q'))).toEqual([]);
  });

  it('reports a loop once, at its first row', () => {
    expect(check(spec(IO, logic('| y | p | |', '| p | q \\| a | 8 |', '| q | p | 8 |')))).toEqual([
      '16:SPEC_COMB_LOOP',
    ]);
    expect(check(spec(IO, logic('| y | y + 1 | |')))).toEqual(['15:SPEC_COMB_LOOP']);
  });

  it('survives a chain of 20,000 signals', () => {
    const rows = Array.from(
      { length: 20_000 },
      (_, index) => `| s${index} | ${index === 0 ? 'a' : `s${index - 1}`} + 1 | |`,
    );
    expect(check(spec(IO, logic('| y | s19999 | |', ...rows.toReversed())))).toEqual([]);
  });

  it('names every open input of a block and accepts open outputs', () => {
    const text = spec(
      '| y | output | 1 | |',
      '## Blocks\n| Instance | Function |\n|--|--|\n| u | up/down counter |\n## Connections\n| From | To |\n|--|--|\n| u.wrap | y |\n| 1 | u.en |',
    );
    expect(check(text)).toEqual(['13:SPEC_UNDRIVEN', '13:SPEC_UNDRIVEN', '13:SPEC_UNDRIVEN']);
  });
});

describe('clocks', () => {
  const sync =
    '## Blocks\n| Instance | Function |\n|--|--|\n| u | bit synchroniser |\n## Connections\n| From | To |\n|--|--|\n| a | u.d |\n| u.q | y |\n';
  const ports = '| a | input | 1 | |\n| y | output | 1 | |';
  const clocks = (...rows: string[]) =>
    `## Clocks\n| Clock | Reset | Active | Async | Period ns |\n|--|--|--|--|--|\n${rows.join('\n')}\n`;
  const pinOf = (text: string, port: string) =>
    design(text).instances[0]?.pins.find((pin) => pin.port === port)?.source;

  it('connect by equal name', () => {
    expect(pinOf(spec(ports, sync), 'clk')).toEqual({ kind: 'name', name: 'clk' });
  });

  it('connect by role and invert a reset of opposite polarity', () => {
    const text = spec(ports, sync + clocks('| sys | rst | high | no | 3.2 |'), '| 0 | rst=1 | |\n| 1 | rst=0 | y=0 |')
      .replace('| clk |', '| sys |')
      .replace('| rst_n |', '| rst |');
    expect(pinOf(text, 'clk')).toEqual({ kind: 'name', name: 'sys' });
    expect(pinOf(text, 'rst_n')).toMatchObject({ kind: 'unary', operator: '~' });
    expect(design(text).checks.map(({ timePs }) => timePs)).toEqual([1600, 4800]);
  });

  it('with several clocks only by name, and registers must say theirs', () => {
    const two = spec(
      `${ports}\n| c2 | input | 1 | |`,
      `${clocks('| c2 | rst_n | low | yes | 10 |', '| c3 | rst_n | low | yes | 7 |')}${sync}`,
    ).replace('| clk |', '| c3 |');
    expect(check(two)).toEqual(['20:SPEC_UNDRIVEN']);
    const registers = '## Registers\n| Signal | Width | Reset | Next |\n|--|--|--|--|\n| y | 1 | 0 | a |\n';
    expect(check(two.replace(sync, registers))).toEqual(['18:SPEC_TABLE']);
  });

  it('refuse ports that cannot be clocks', () => {
    expect(check(spec(ports, sync + clocks('| y | rst_n | low | yes | 10 |')))[0]).toBe('23:SPEC_DIRECTION');
    expect(check(spec(ports, sync + clocks('| nope | rst_n | low | yes | 10 |')))).toEqual(['23:SPEC_NAME_UNKNOWN']);
    expect(check(spec(ports, sync + clocks('| clk | rst_n | low | yes | 0 |')))).toEqual(['23:SPEC_TABLE']);
    expect(check(spec(ports, sync + clocks('| clk | rst_n | lowish | yes | 10 |')))).toEqual(['23:SPEC_TABLE']);
    expect(check(spec(ports, sync + clocks('| clk | rst_n | constructor | toString | 10 |')))).toEqual([
      '23:SPEC_TABLE',
      '23:SPEC_TABLE',
    ]);
  });

  it('a design without clk has none, and its rows last 10 ns', () => {
    const text = spec(ports, logic('| y | !a | |'), '| 0 | | y=1 |\n| 1 | a=1 | y=1 |\n| 2 | | y=0 |')
      .replace(/\| clk \|.*\n/, '')
      .replace(/\| rst_n \|.*\n/, '');
    expect(design(text)).toMatchObject({
      clocks: [],
      checks: [{ timePs: 5000 }, { timePs: 15000 }, { timePs: 25000 }],
    });
  });
});

describe('checks', () => {
  const of = (rows: string) => check(spec(IO, logic('| y | a | |'), rows));

  it.each([
    ['| 0 | rst_n=1 | y=0 |', []],
    ["| 0 | rst_n=1 | y=8'b0000_xxxx |", []],
    ["| 0 | rst_n=1 | y='hx |", []],
    ['| 0 | rst_n=1 | y=x |', []],
    ['| 0 | rst_n=1, a=256 | y=0 |', ['19:SPEC_WIDTH']],
    ["| 0 | rst_n=1 | y=9'h1ff |", ['19:SPEC_WIDTH']],
    ['| 0 | rst_n=1 | y=-1 |', ['19:SPEC_TABLE']],
    ['| 0 | rst_n=1, y=1 | y=0 |', ['19:SPEC_DIRECTION']],
    ['| 0 | rst_n=1 | a=0 |', ['16:SPEC_CHECKS_MISSING']],
    ['| 0 | rst_n=1 | a=0, y=0 |', []],
    ['| 0 | rst_n=1 | clk=0, y=0 |', ['19:SPEC_DIRECTION']],
    ['| 0 | rst_n=1, clk=1 | y=0 |', ['19:SPEC_MULTIPLE_DRIVERS']],
    ['| 0 | rst_n=1, q=1 | y=0 |', ['19:SPEC_NAME_UNKNOWN']],
    ['| x | rst_n=1 | y=0 |', ['19:SPEC_TABLE']],
    ['| 1.5 | rst_n=1 | y=0 |', ['19:SPEC_TABLE']],
    ['| 0 | rst_n=1 | y |', ['19:SPEC_TABLE']],
    ['| 0 | rst_n=1 | y=0, y=1 |', ['19:SPEC_NAME_DUPLICATE']],
    ['| 0 | | y=0 |', ['16:SPEC_CHECK_RESET']],
    ['| 0 | rst_n=0 | y=0 |', ['19:SPEC_CHECK_RESET']],
    ['| 0 | rst_n=x | y=0 |', ['19:SPEC_CHECK_RESET']],
    ['| 0 | rst_n=1 | |', ['16:SPEC_CHECKS_MISSING']],
    ['| 99999999999 | rst_n=1 | y=0 |', ['19:SPEC_TABLE']],
  ])('%s', (row, findings) => {
    expect(of(row)).toEqual(findings);
  });
});

describe('large and hostile specs', () => {
  it('elaborates 30,000 registers and checks in a few seconds', () => {
    const rows = Array.from({ length: 30_000 }, (_, index) => `| r${index} | 8 | 0 | a + ${index % 100} |`).join('\n');
    const checks = Array.from({ length: 30_000 }, (_, index) => `| ${index} | rst_n=1, a=${index % 256} | y=x |`).join(
      '\n',
    );
    const text = spec(
      IO,
      `## Registers\n| Signal | Width | Reset | Next |\n|--|--|--|--|\n${rows}\n${logic('| y | r7 | |')}`,
      checks,
    );
    expect(cpuMs(() => expect(check(text)).toEqual([]))).toBeLessThan(10_000);
  });

  it('bounds the findings of a spec that is wrong everywhere', () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `| n${index} | unknown${index} |`).join('\n');
    expect(
      check(spec(IO, `${logic('| y | a | |')}\n## Connections\n| From | To |\n|--|--|\n${rows}`)).length,
    ).toBeLessThan(1100);
  });

  it.each([['2 ** 2 ** 60'], ['1 << 99999999'], ['{99999999{a}}'], ['$clog2(2 ** 60000)'], ['9', 30_000]])(
    'is not impressed by the width %s',
    (piece, times = 1) => {
      const text = spec(`| a | input | 8 | |\n| y | output | ${piece.repeat(times)} | |`, logic('| y | 0 | |'));
      expect(cpuMs(() => check(text))).toBeLessThan(2000);
    },
  );
});
