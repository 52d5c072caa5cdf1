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
const BUDGET_MS = 4_000;
const SEED = 3;

function setupOf(template: string, cycles: number): { setup: BenchSetup; top: string; outputs: number } {
  const adapter = adapterById('icarus');
  if (adapter === undefined) throw new Error('there is no adapter for icarus');
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

export async function benchVerdicts(): Promise<Measurement[]> {
  const short = setupOf('fifo', 100);
  const long = setupOf('fifo', 100_000);
  try {
    const [good, all, kept]: [number[], number[], number[]] = [[], [], []];
    const bench = await ToolBench.open(short.setup, tempDir('verdicts'));
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      await bench.run({ files: new Map() }, { timeoutMs: 60_000 });
      good.push(performance.now() - started);
      all.push(await measured(short.setup, short.top, 0));
    }
    await bench.close();
    for (let round = 0; round < 2; round += 1) kept.push(await measured(long.setup, long.top, BUDGET_MS));
    const perOutput = median(all) / short.outputs;
    return [
      { name: 'compile and run of a short bench', value: median(good), unit: 'ms' },
      { name: `${short.outputs} outputs and three stubs spoilt in turn`, value: median(all), unit: 'ms' },
      { name: 'for each output, stubs included', value: perOutput, unit: 'ms' },
      { name: 'for each output / compile and run', value: perOutput / median(good), unit: '×', goal: { max: 2 } },
      {
        name: 'time that outputs, bits and mutants took / their budget',
        value: Math.max(...kept) / BUDGET_MS,
        unit: '×',
        goal: { max: 1.1 },
      },
    ];
  } finally {
    for (const { setup } of [short, long]) rmSync(setup.workspace, { recursive: true, force: true });
  }
}
