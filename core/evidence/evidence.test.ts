// What a bundle names and shows, what it never shows, and how large it may get.
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '@genrtl/contracts';
import { buildEvidence, SUSPECT } from './index.ts';
import type { EvidenceInput } from './index.ts';
import { syntaxHints } from './syntax-hints.ts';

const DESIGN = `module top (
  input  logic       clk,
  input  logic       rst_n,
  input  logic       en,
  output logic [3:0] total,
  output logic       done
);
  logic [3:0] count;
  logic       step;
  assign step = en && !done;
  assign done = count == 4'd9;
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      total <= '0;
    end else begin
      if (step) count <= count + 4'd1;
      total <= count;
    end
  end
endmodule
`;

const fail = (signal: string, time: string): Diagnostic => ({
  tool: 'icarus',
  severity: 'error',
  code: 'FAIL',
  message: `FAIL signal=${signal} time=${time}`,
  time: `${time} ns`,
});

const build = (diagnostics: readonly Diagnostic[], more: Partial<EvidenceInput> = {}) =>
  buildEvidence({
    jobId: 'j',
    stepId: 'sim_1',
    tool: 'icarus',
    toolVersion: '11.0',
    cmd: ['vvp', 'a.vvp'],
    exitCode: 0,
    diagnostics,
    sources: [{ path: 'src/top.sv', text: DESIGN }],
    top: 'top',
    ...more,
  });
const suspectsOf = (bundle: { diagnostics: readonly Diagnostic[] }): string[] =>
  bundle.diagnostics
    .filter((each) => each.code === SUSPECT)
    .map((each) => `${each.message.split(' ')[0] ?? ''}:${each.line ?? 0}`);

describe('suspects', () => {
  it('names where the failing signal is set, and what stands behind it, the likeliest first', async () => {
    const bundle = await build([fail('total', '40'), fail('total', '50')]);
    expect(bundle.diagnostics[0]).toMatchObject({
      message: expect.stringContaining('(2 times') as string,
      related: [
        { file: 'src/top.sv', line: 14, message: 'sets total' },
        { file: 'src/top.sv', line: 17, message: 'sets total' },
      ],
    });
    // count is read by total and has no reset although its process has one
    expect(suspectsOf(bundle)[0]).toBe('count:16');
    expect(bundle.diagnostics.find((each) => each.message.startsWith('count '))?.message).toContain(
      'has a reset, which leaves it out',
    );
    expect(bundle.snippets.some((snippet) => snippet.start <= 16 && snippet.end >= 16)).toBe(true);
  });

  it('puts first what a linter warned of', async () => {
    const clue: Diagnostic = {
      tool: 'verilator',
      severity: 'warning',
      code: 'WIDTHEXPAND',
      message: 'Operator ASSIGNW expects 4 bits',
      file: 'src/top.sv',
      line: 10,
    };
    expect(suspectsOf(await build([fail('total', '40')], { clues: [clue] }))[0]).toBe('step:10');
    expect(suspectsOf(await build([fail('total', '40')]))[0]).not.toBe('step:10');
  });

  it('follows values through instances, down and up, and keeps packages closed', async () => {
    const child = 'module child (input logic a, output logic y);\n  assign y = !a;\nendmodule\n';
    const parent =
      'module top (input logic p, output logic q);\n  logic w;\n  logic v;\n  assign w = !p;\n  child c (.a (w), .y (v));\n  cbb_x x (.d (v), .q (q));\nendmodule\n';
    const bundle = await build([fail('q', '40')], {
      sources: [
        { path: 'src/child.sv', text: child },
        { path: 'src/top.sv', text: parent },
      ],
      packages: [{ module: 'cbb_x', outputs: ['q'] }],
    });
    expect(suspectsOf(bundle)).toEqual(['v:5', 'y:2', 'a:5', 'w:4', 'p:1']);
  });

  it('accuses all outputs when a run never ended', async () => {
    const bundle = await build([
      { tool: 'icarus', severity: 'error', message: 'tb did not reach $finish within 120 s.' },
    ]);
    expect(suspectsOf(bundle).map((each) => each.split(':')[0])).toEqual(
      expect.arrayContaining(['total', 'done', 'count']),
    );
  });

  it('survives code that breaks off anywhere', async () => {
    for (let end = 0; end < DESIGN.length; end += 7) {
      await expect(
        build([fail('total', '40')], { sources: [{ path: 'src/top.sv', text: DESIGN.slice(0, end) }] }),
      ).resolves.toBeDefined();
    }
    const deep = `module top (output logic q);\nalways_comb ${'begin if (a) '.repeat(30_000)}q = 1;\nendmodule`;
    await expect(build([fail('q', '1')], { sources: [{ path: 'src/top.sv', text: deep }] })).resolves.toBeDefined();
  });
});

describe('sealed tests', () => {
  it('let nothing out but name, signal and time, also as clues', async () => {
    const seal = {
      acceptance: true,
      folders: ['/sealed/dir'],
      isSealed: (file: string) => file.startsWith('/sealed/dir'),
    };
    const secret = {
      tool: 'icarus',
      severity: 'warning' as const,
      message: "Port 3 (`en') of top: SECRET",
      file: '/sealed/dir/acc.sv',
      line: 3,
    };
    const text = JSON.stringify(
      await build([{ ...fail('total', '40'), message: 'FAIL signal=total time=40 SECRET' }, secret], {
        seal,
        clues: [secret],
        cmd: ['iverilog', '/sealed/dir/acc.sv'],
      }),
    );
    expect(text).not.toMatch(/SECRET|sealed\/dir|acc\.sv/);
    expect(text).toContain('signal=total');
    expect(text).toContain('40 ns');
  });
});

describe('bounds', () => {
  it('stays within its budget and never loses the first error', async () => {
    const many = Array.from(
      { length: 5_000 },
      (_, n): Diagnostic => ({
        tool: 'icarus',
        severity: 'error',
        message: `error number ${n} ${'x'.repeat(500)}`,
        file: 'src/top.sv',
        line: (n % 18) + 1,
      }),
    );
    for (const bytes of [1_000, 4_000, 48 * 1024]) {
      const bundle = await build(many, { limits: { bytes, tokens: 100_000 } });
      expect(bundle.diagnostics[0]?.message).toContain('error number 0');
      expect(JSON.stringify(bundle).length).toBeLessThan(bytes + 1_500);
    }
  });
});

describe('syntax hints', () => {
  const hinted = (text: string, line: number): number[] => syntaxHints(text, line).map((hint) => hint.line);
  const lines = DESIGN.split('\n');
  const without = (line: number, what: string, put = ''): string =>
    lines.map((text, at) => (at === line - 1 ? text.replace(what, put) : text)).join('\n');

  it('names the line before, where its end is missing', () => {
    expect(hinted(without(10, ';'), 11)).toContain(10);
  });

  it('names a keyword that is misspelt, however late the tool stumbles', () => {
    for (const [line, right, wrong] of [
      [10, 'assign', 'asign'],
      [12, 'begin', 'begn'],
      [18, 'end', 'ned'],
      [9, 'logic', 'lgoic'],
    ] as const) {
      expect(hinted(without(line, right, wrong), 20)[0], wrong).toBe(line);
    }
  });

  it('names the block that has no end, and the end that has no beginning', () => {
    expect(hinted(without(18, 'end'), 20)).toContain(15);
    expect(hinted(without(13, 'begin'), 20)).toContain(15);
  });

  it('keeps quiet about what is right', () => {
    expect(hinted(DESIGN, 1)).toEqual([]);
  });
});
