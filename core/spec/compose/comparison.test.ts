// The comparison with a composed design: silent about the design itself, loud about one that differs anywhere.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Design } from '../design.ts';
import { elaborateSpec } from '../elaborate/index.ts';
import { builtinCatalog, isMissing, vendorSources } from '../fixtures/packages.ts';
import { parseSpec } from '../parse-spec.ts';
import { writeComparison } from './comparison.ts';
import { writeModule } from './module.ts';

const SAMPLES = join(import.meta.dirname, '../../../resources/samples');
const root = mkdtempSync(join(tmpdir(), 'genrtl-comparison-'));
afterAll(() => rmSync(root, { recursive: true }));

function designOf(text: string): Design {
  const result = elaborateSpec(parseSpec(text, 'spec.md'), builtinCatalog);
  if ('diagnostics' in result) throw new Error(JSON.stringify(result.diagnostics));
  return result.design;
}

let count = 0;
/** What the random bench prints of the design that `rtl` is. */
function compared(
  design: Design,
  rtl: string,
  cycles = 500,
  { top, text }: { top: string; text: string } = writeComparison(design, cycles).random,
): string {
  const dir = join(root, String(count++));
  mkdirSync(dir);
  const { reference } = writeComparison(design, cycles);
  const files = { 'rtl.sv': rtl, 'reference.sv': reference.text, 'random.sv': text };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const run = (tool: string, args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(tool, args, { cwd: dir, encoding: 'utf8', timeout: 60_000 });
    return stdout + stderr;
  };
  const sources = [...Object.keys(files), ...vendorSources(design)];
  expect(run('iverilog', ['-g2012', '-s', top, '-o', 'a.vvp', ...sources])).toBe('');
  return run('vvp', ['-N', 'a.vvp']);
}

const COMBINATIONAL = `# Mux
## Top
module: mux
## Ports
| Port | Direction | Width | Description |
|--|--|--|--|
| a | input | 70 | |
| b | input | 70 | |
| sel | input | 1 | |
| y | output | 70 | |
## Logic
| Signal | Expression |
|--|--|
| y | sel ? a : b |
## Checks
| Cycle | Drive | Expect |
|--|--|--|
| 0 | a=1, sel=1 | |
| 1 | | y=1 |
`;

describe.skipIf(isMissing('iverilog', '-V'))('a composed design', () => {
  it.each(readdirSync(SAMPLES))('%s agrees with itself', (name) => {
    const design = designOf(readFileSync(join(SAMPLES, name, 'spec.md'), 'utf8'));
    expect(compared(design, writeModule(design))).toBe('PASS\n');
  });

  it('without clocks agrees with itself, and one wrong bit of seventy is seen', () => {
    const design = designOf(COMBINATIONAL);
    const rtl = writeModule(design);
    expect(compared(design, rtl)).toBe('PASS\n');
    const wrong = rtl.replace(/sel \? a : b/, "(sel ? a : b) ^ {1'b0, a[69] & b[69] & sel, 68'b0}");
    expect(wrong).not.toBe(rtl);
    expect(compared(design, wrong)).toMatch(/^FAIL signal=y time=\d/);
  });

  it('repeats what a prover found, and says inputs, cycle, what is right and what came', () => {
    const design = designOf(COMBINATIONAL);
    const rtl = writeModule(design).replace(/sel \? a : b/, "(sel ? a : b) ^ {69'b0, a == 70'h123}");
    const frames = [{ a: (0x123).toString(2).padStart(70, '0'), b: '101', sel: '1' }];
    expect(compared(design, rtl)).toBe('PASS\n');
    const { top, text } = writeComparison(design).replay(frames);
    expect(compared(design, rtl, 1, { top, text })).toBe(
      "FAIL signal=y time=10.000 cycle=0 expected='h123 actual='h122 with a='h123 b='h5 sel='h1\n",
    );
    expect(compared(design, writeModule(design), 1, { top, text })).toBe('PASS\n');
  });

  it('whose reset is another one is told apart', () => {
    const design = designOf(readFileSync(join(SAMPLES, 'counter/spec.md'), 'utf8'));
    const rtl = writeModule(design);
    const wrong = rtl.replace(/@\(posedge clk or negedge rst_n\)/, '@(posedge clk)');
    expect(wrong).not.toBe(rtl);
    expect(compared(design, wrong)).toMatch(/^FAIL signal=\w+ time=/m);
  });
});
