// What it costs to know what a testbench looks at: inverted outputs beside the good run of the same moment, and whether
// the budget for mutants is kept.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { measureBenches, ToolBench, type BenchSetup } from '@genrtl/eda/strength/index.ts';
import { tempDir } from '../../test/e2e/harness.ts';
import { pairOf, TEMPLATE_NAMES } from '../../test/verdicts/designs.ts';
import { median, type Measurement } from './table.ts';

const ROUNDS = 5;
/** What a job has. */
const BUDGET_MS = 15_000;
/** A bench so slow that outputs and stubs take about half of it. */
const SLOW_RUN_MS = 900;
/** Outputs alone take longer than this. */
const TIGHT_MS = 1_000;
const SEED = 3;

function setupOf(
  template: string,
  cycles: number,
  tool: 'icarus' | 'verilator' = 'icarus',
): { setup: BenchSetup; top: string; outputs: number } {
  const adapter = adapterById(tool);
  if (adapter === undefined) throw new Error(`there is no adapter for ${tool}`);
  const pair = pairOf(SEED, TEMPLATE_NAMES.indexOf(template));
  const workspace = tempDir('verdicts');
  for (const folder of ['src', 'tb']) mkdirSync(path.join(workspace, folder));
  writeFileSync(path.join(workspace, 'src/d.v'), pair.rtl());
  writeFileSync(
    path.join(workspace, 'tb/tb.v'),
    pair.bench().replace(/i < \d+; i = i \+ 1\) begin/, `i < ${cycles}; i = i + 1) begin`),
  );
  return {
    setup: { adapter, workspace, sources: ['src/d.v', 'tb/tb.v'], top: `tb_${pair.top}` },
    top: pair.top,
    outputs: pair.outputs.length,
  };
}

async function measured(setup: BenchSetup, top: string, timeBudgetMs: number): Promise<number> {
  const started = performance.now();
  await measureBenches([setup], { design: ['src/d.v'], judged: [{ module: top }], mutate: ['src/d.v'], timeBudgetMs });
  return performance.now() - started;
}

/** How many cycles make a run so long on this machine at this moment. */
async function cyclesFor(runMs: number): Promise<number> {
  const tried = 5_000;
  const { setup } = setupOf('fifo', tried);
  const bench = await ToolBench.open(setup, tempDir('verdicts'));
  const { durationMs } = await bench.run({ files: new Map() }, { timeoutMs: 60_000 });
  await bench.close();
  rmSync(setup.workspace, { recursive: true, force: true });
  return Math.max(1_000, Math.round((tried * runMs) / durationMs));
}

export async function benchVerdicts(): Promise<Measurement[]> {
  const short = setupOf('fifo', 100);
  const cycles = await cyclesFor(SLOW_RUN_MS);
  const slow = setupOf('fifo', cycles);
  const verilated = setupOf('fifo', cycles, 'verilator');
  try {
    const [good, all]: [number[], number[]] = [[], []];
    const bench = await ToolBench.open(short.setup, tempDir('verdicts'));
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      await bench.run({ files: new Map() }, { timeoutMs: 60_000 });
      good.push(performance.now() - started);
      all.push(await measured(short.setup, short.top, 0));
    }
    await bench.close();
    const outputs = await measured(slow.setup, slow.top, 0);
    const kept = [await measured(slow.setup, slow.top, BUDGET_MS), await measured(slow.setup, slow.top, BUDGET_MS)];
    const beyond = (await measured(slow.setup, slow.top, TIGHT_MS)) - outputs;
    const built = await measured(verilated.setup, verilated.top, 0);
    const verilator = await measured(verilated.setup, verilated.top, BUDGET_MS);
    const perOutput = median(all) / short.outputs;
    return [
      { name: 'compile and run of a short bench', value: median(good), unit: 'ms' },
      { name: `${short.outputs} outputs and three stubs spoilt in turn`, value: median(all), unit: 'ms' },
      { name: 'for each output, stubs included', value: perOutput, unit: 'ms' },
      { name: 'for each output / compile and run', value: perOutput / median(good), unit: '×', goal: { max: 2 } },
      { name: `a bench of ${cycles} cycles: outputs and stubs alone`, value: outputs / 1000, unit: 's' },
      {
        name: `that bench: outputs, bits and mutants in all / their budget of ${BUDGET_MS / 1000} s`,
        value: Math.max(...kept) / BUDGET_MS,
        unit: '×',
        goal: { max: 1.1 },
      },
      { name: 'that bench under Verilator: outputs and stubs alone', value: built / 1000, unit: 's' },
      {
        name: 'that bench under Verilator: outputs, bits and mutants in all / their budget, or what outputs alone take',
        value: verilator / Math.max(BUDGET_MS, built),
        unit: '×',
        // two builds of a busy machine differ by more than that
        ...(built < BUDGET_MS ? { goal: { max: 1.1 } } : {}),
      },
      {
        name: 'that bench, where outputs alone take longer than the budget: bits and mutants',
        value: beyond / 1000,
        unit: 's',
      },
    ];
  } finally {
    for (const { setup } of [short, slow, verilated]) rmSync(setup.workspace, { recursive: true, force: true });
  }
}
