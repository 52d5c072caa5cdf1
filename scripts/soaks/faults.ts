// Planted faults: does the evidence lead to them? `scripts/soak faults [--seed N] [--count N] [--parallel N]`; without
// a seed three of them, written to docs/bench/faults.md.
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { detectTool } from '@genrtl/eda/runner/index.ts';
import { ROOT } from '../../test/e2e/harness.ts';
import { allDesigns } from '../../test/faults/designs.ts';
import { measureFaults } from '../../test/faults/measure.ts';
import { GOAL, isLocalised, LEGEND, localisedShare, reportTable } from '../../test/faults/report.ts';

const SEEDS = [1, 20261121, 4711];
const COUNT = 200;

export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, count: { type: 'string' }, parallel: { type: 'string' } },
  });
  const seeds = values.seed === undefined ? SEEDS : [Number(values.seed)];
  const count = Number(values.count ?? COUNT);
  const parallel = Number(values.parallel ?? availableParallelism());
  if (![...seeds, count, parallel].every(Number.isInteger))
    throw new RangeError('--seed, --count and --parallel are whole numbers');
  const sections: string[] = [];
  for (const seed of seeds) {
    const section = await oneSeed(seed, count, parallel);
    console.log(`\n${section}\n`);
    sections.push(section);
  }
  if (values.seed === undefined) writeFileSync(path.join(ROOT, 'docs/bench/faults.md'), await page(sections));
}

async function oneSeed(seed: number, count: number, parallel: number): Promise<string> {
  const measurement = await measureFaults({
    designs: allDesigns(),
    seed,
    count,
    parallel,
    onOutcome: (outcome) => {
      if (!isLocalised(outcome))
        console.log(
          `missed: ${outcome.design} ${outcome.file}:${outcome.fault.lines.join(',')}: ${outcome.fault.class}: ${outcome.fault.description}`,
        );
    },
  });
  const section = [`## Seed ${seed}`, '', reportTable(measurement)].join('\n');
  if (measurement.outcomes.length < count)
    throw new Error(`only ${measurement.outcomes.length} of ${count} faults could be planted\n${section}`);
  if (localisedShare(measurement) < GOAL)
    throw new Error(
      `${(100 * localisedShare(measurement)).toFixed(1)} % of the faults were localised, ${100 * GOAL} % are wanted\n${section}`,
    );
  return section;
}

async function page(sections: readonly string[]): Promise<string> {
  const versions = await Promise.all(
    (['verilator', 'icarus'] as const).map(async (id) => {
      const adapter = adapterById(id);
      return `${adapter?.title ?? id} ${adapter === undefined ? '' : ((await detectTool(adapter, process.env))?.version ?? 'missing')}`;
    }),
  );
  return `# Planted faults

Written by \`scripts/soak faults\`; another seed: \`scripts/soak faults --seed N --count 200\`. Tools: ${versions.join(', ')}.

${LEGEND}

${sections.join('\n\n')}
`;
}
