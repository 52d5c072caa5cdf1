// The strength of a bench, measured with the real simulator: what must fail fails, what must not count does not.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterById } from '../adapters/index.ts';
import { applyMutant, measureBenches, mutantsOf, stubSource, type BenchSetup } from './index.ts';

const DESIGN = `module gate_count #(parameter int W = 4) (
  input  logic         clk, rst_n, en,
  output logic [W-1:0] count,
  output logic         full
);
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) count <= '0;
    else if (en && !full) count <= count + 1'b1;
  end
  assign full = count == {W{1'b1}};
endmodule
`;

const bench = (checks: string): string => `module tb;
  logic clk = 0, rst_n = 0, en = 0; logic [3:0] count; logic full; int bad = 0;
  gate_count dut (.*);
  always #5 clk = ~clk;
  initial begin
    @(negedge clk); rst_n = 1;
    for (int i = 0; i < 40; i++) begin
      en = (i % 3) != 2;
      @(negedge clk);
      ${checks}
    end
    if (bad == 0) $display("PASS"); else $display("FAIL signal=count time=%0d", $time);
    $finish;
  end
endmodule
`;
const STRONG = bench(
  'if (full !== (count == 15)) bad++; if (i == 0 && count !== 1) bad++; if (i == 2 && count !== 2) bad++; if (i == 39 && count !== 15) bad++; if (i == 6 && count !== 5) bad++;',
);
const BLIND = bench('');

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'genrtl-strength-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Asked {
  readonly setup: BenchSetup;
  readonly request: Parameters<typeof measureBenches>[1];
}

function request(name: string, tb: string, more: Partial<Asked['request']> = {}): Asked {
  const adapter = adapterById('icarus');
  if (!adapter) throw new Error('no adapter');
  const workspace = path.join(root, name);
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, 'gate_count.sv'), DESIGN);
  writeFileSync(path.join(workspace, 'tb.sv'), tb);
  return {
    setup: { adapter, workspace, sources: ['gate_count.sv', 'tb.sv'], top: 'tb' },
    request: {
      design: ['gate_count.sv'],
      judged: [{ module: 'gate_count' }],
      mutate: ['gate_count.sv'],
      parallel: 2,
      timeBudgetMs: 20_000,
      scratchDir: root,
      ...more,
    },
  };
}
const measure = async ({ setup, request: asked }: Asked) => (await measureBenches([setup], asked)).strength;

describe('with Icarus', () => {
  it('a strong bench fails on every stub and kills most mutants; survivors have a place and a description', async () => {
    const strength = await measure(request('strong', STRONG));
    expect(strength.stubs).toEqual(['0', '1', 'x'].map((tied_to) => ({ tied_to, failed: true })));
    expect(strength.mutants?.total).toBeGreaterThanOrEqual(6);
    expect(Number(strength.mutants?.killed) / Number(strength.mutants?.total)).toBeGreaterThan(0.7);
    for (const survivor of strength.survivors)
      expect(survivor).toMatchObject({
        file: 'gate_count.sv',
        line: expect.any(Number) as number,
        description: expect.stringMatching(/./) as string,
      });
  }, 60_000);

  it('a blind bench lets every stub pass, and no time goes into mutants', async () => {
    const strength = await measure(request('blind', BLIND));
    expect(strength).toMatchObject({
      mutants: null,
      stubs: ['0', '1', 'x'].map((tied_to) => ({ tied_to, failed: false })),
      survivors: [],
      outputs: ['count', 'full'].map((output) => ({ output, variants: [{ variant: 'inverted', caught: false }] })),
      untried: [],
    });
  });

  it('a bench that looks inside the design is tried where it looks', async () => {
    const inside = STRONG.replace('if (bad == 0)', 'if (dut.full_q !== 1) bad++; if (bad == 0)');
    const design = DESIGN.replace('  always_ff', '  logic full_q;\n  assign full_q = full;\n  always_ff');
    const asked = request('inside', inside);
    writeFileSync(path.join(asked.setup.workspace, 'gate_count.sv'), design);
    const strength = await measure(asked);
    expect(strength.stubs).toEqual(['0', '1', 'x'].map((tied_to) => ({ tied_to, failed: true })));
    expect(strength.outputs?.map(({ output, variants }) => [output, variants[0]?.caught])).toEqual([
      ['count', true],
      ['full', true],
    ]);
    expect(strength.untried).toEqual([]);
  });

  it('a bench that fails on the design itself is refused', async () => {
    await expect(measure(request('broken', bench('bad++;')))).rejects.toMatchObject({ code: 'DESIGN_FAILED' });
  });

  it('a cancel stops it', async () => {
    await expect(measure(request('cancelled', STRONG, { signal: AbortSignal.timeout(150) }))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });
});

it('with Verilator there is no X to tie to', () => {
  expect(stubSource(DESIGN, 'gate_count', '1')).toContain("'1;");
  expect(stubSource(DESIGN, 'other', '1')).toBeNull();
});

describe('mutants', () => {
  const mutants = mutantsOf(DESIGN);

  it('change one place each, and none is the source', () => {
    const texts = mutants.map((mutant) => applyMutant(DESIGN, mutant));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).not.toContain(DESIGN);
  });

  it('name their line and what was changed', () => {
    for (const mutant of mutants) {
      expect(mutant.line).toBe(DESIGN.slice(0, mutant.start).split('\n').length);
      expect(mutant.description).not.toBe('');
    }
  });

  it('leave the header and the parameters alone', () => {
    expect(Math.min(...mutants.map((mutant) => mutant.start))).toBeGreaterThan(DESIGN.indexOf(');'));
  });

  it('are the same for the same source', () => {
    expect(mutantsOf(DESIGN)).toEqual(mutants);
  });

  it('do not choke on what is no design', () => {
    for (const text of [
      '',
      'module',
      'module m(; endmodule',
      '`define X (',
      'module m; always @(posedge',
      '"unclosed',
      '/* unclosed',
      'module m; assign a = ((((((;',
    ]) {
      expect(Array.isArray(mutantsOf(text))).toBe(true);
    }
  });
});
