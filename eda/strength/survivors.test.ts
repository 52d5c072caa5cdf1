// What is left when a bench was measured with the real tools: survivors that can be acted on, no equivalents, within
// the time.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { icarus } from '../adapters/icarus/index.ts';
import { captureOutput, detectTool } from '../runner/index.ts';
import { applyMutant, measureBenches, mutantsOf, stubSource } from './index.ts';

const CBB = join(import.meta.dirname, '../../resources/cbb');
let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'genrtl-strength-'));
  for (const folder of ['src', 'tb']) mkdirSync(join(workspace, folder));
});
afterAll(() => {
  rmSync(workspace, { recursive: true, force: true });
});

const DESIGN = `module acc (input logic clk, input logic rst_n, input logic en, input logic [3:0] d, output logic [3:0] q, output logic big);
  assign big = q > 4'd9;
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) q <= 4'd0;
    else if (en) q <= q + d;
  end
endmodule
`;

/** \`checks\`: what happens at every falling edge. */
const bench = (checks: string): string => `module tb;
  logic clk = 0, rst_n = 0, en = 0;
  logic [3:0] d = 0, q, model = 0;
  logic big;
  integer failures = 0, seed = 1;
  acc dut (.*);
  always #5 clk = !clk;
  task bad(input [8*8-1:0] name); begin $display("FAIL signal=%0s time=%0t", name, $time); failures = failures + 1; end endtask
  initial begin
    @(negedge clk); @(negedge clk) rst_n = 1;
    repeat (60) begin
      @(negedge clk);
      ${checks}
      en = $random(seed); d = $random(seed);
      if (en) model = model + d;
    end
    if (failures == 0) $display("PASS");
    $finish;
  end
endmodule
`;

const available = async (): Promise<boolean> => (await detectTool(icarus, process.env)) !== null;

const measure = async (name: string, checks: string, more: { design?: string; timeBudgetMs?: number } = {}) => {
  const { design = DESIGN, ...limits } = more;
  writeFileSync(join(workspace, `src/${name}.sv`), design);
  writeFileSync(join(workspace, `tb/${name}.sv`), bench(checks));
  const { strength } = await measureBenches(
    [{ adapter: icarus, workspace, sources: [`src/${name}.sv`, `tb/${name}.sv`], top: 'tb' }],
    {
      design: [`src/${name}.sv`],
      judged: [{ module: 'acc' }],
      mutate: [`src/${name}.sv`],
      parallel: 2,
      timeBudgetMs: 20_000,
      ...limits,
    },
  );
  return strength;
};

describe('a bench', () => {
  it('that looks at too little is told where and what it missed', async (context) => {
    if (!(await available())) {
      context.skip('iverilog is not installed');
      return;
    }
    // adding and subtracting agree in the lowest bit
    const strength = await measure('weak', 'if (q[0] !== model[0]) bad("q");');
    expect(strength.stubs.every((stub) => stub.failed)).toBe(true);
    expect(strength.survivors).toContainEqual({ file: 'src/weak.sv', line: 5, description: '+ → -' });
    expect(strength.survivors.map(({ line }) => line)).toContain(2);
    const lines = DESIGN.split('\n');
    for (const { file, line, description } of strength.survivors) {
      expect(file).toBe('src/weak.sv');
      expect(lines[line - 1]).toMatch(/assign|<=|if/);
      expect(description).toMatch(/→|removed|inverted/);
    }
    expect((strength.mutants?.total ?? 0) - (strength.mutants?.killed ?? 0)).toBe(strength.survivors.length);
  });

  it('is not blamed for mutants that are the same design', async (context) => {
    if (!(await available())) {
      context.skip('iverilog is not installed');
      return;
    }
    const design = DESIGN.replace("q > 4'd9", "(q > 4'd9) & (q > 4'd9)");
    const strength = await measure('equal', 'if (q !== model) bad("q"); if (big !== (model > 9)) bad("big");', {
      design,
    });
    // `&` made `|` between equal things cannot be seen by anybody
    expect(strength.mutants?.equivalent).toBeGreaterThanOrEqual(1);
    expect(strength.survivors.filter(({ description }) => description === '& → |')).toEqual([]);
  });

  it('keeps to its time', async (context) => {
    if (!(await available())) {
      context.skip('iverilog is not installed');
      return;
    }
    const strong = 'if (q !== model) bad("q"); if (big !== (model > 9)) bad("big");';
    expect(await measure('quick', strong, { timeBudgetMs: 0 })).toMatchObject({ mutants: null, survivors: [] });
    const boxed = await measure('boxed', strong, { timeBudgetMs: 1 });
    expect(boxed.mutants?.total ?? 0).toBeLessThanOrEqual(2);
  });
});

it('makes mutants that compile', async (context) => {
  if (!(await available())) {
    context.skip('iverilog is not installed');
    return;
  }
  const sources = readdirSync(CBB).flatMap((id) =>
    readdirSync(join(CBB, id, 'rtl'))
      .filter((file) => file.endsWith('.sv'))
      .map((file) => readFileSync(join(CBB, id, 'rtl', file), 'utf8')),
  );
  const mutants = sources.flatMap((source) => mutantsOf(source).map((mutant) => applyMutant(source, mutant)));
  // every so manieth, so that all files have their share
  const drawn = mutants.filter((_, at) => at % Math.ceil(mutants.length / 40) === 0);
  const refused: string[] = [];
  for (const text of drawn) {
    writeFileSync(join(workspace, 'mutant.sv'), text);
    const { stderr } = await captureOutput(['iverilog', '-g2012', '-tnull', 'mutant.sv'], {
      cwd: workspace,
      timeoutMs: 10_000,
      signal: undefined,
      env: process.env,
    });
    if (stderr.includes('syntax error') || stderr.includes('Malformed') || stderr.includes('invalid'))
      refused.push(stderr);
  }
  expect(drawn.length).toBeGreaterThan(20);
  expect(refused).toEqual([]);
});

it('makes a stub of every package', () => {
  for (const id of readdirSync(CBB)) {
    const manifest = JSON.parse(readFileSync(join(CBB, id, 'manifest.json'), 'utf8')) as {
      toplevel: string;
      filesets: { rtl: string[] };
      ports: { name: string; direction: string }[];
    };
    const stubs = manifest.filesets.rtl
      .map((file) => stubSource(readFileSync(join(CBB, id, file), 'utf8'), manifest.toplevel, '0'))
      .filter((stub) => stub !== null);
    const [stub = ''] = stubs;
    for (const { name, direction } of manifest.ports)
      if (direction === 'output') expect(stub, id).toMatch(new RegExp(`(assign|initial) ${name} = '0;`));
  }
});
