// Structured specs at random through the composer and three tools: `scripts/soak specs [--count N] [--seed N]`, 2,000
// by default.
import { parseArgs } from 'node:util';
import { randomSpec } from '@genrtl/core/spec/fixtures/random-spec.ts';
import { trySpecs } from '@genrtl/core/spec/fixtures/try-specs.ts';

const COUNT = 2000;
/** Verilator and Yosys read one batch in one process. */
const BATCH = 50;

export function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { count: { type: 'string' }, seed: { type: 'string' } } });
  const [count, first] = [Number(values.count ?? COUNT), Number(values.seed ?? Date.now() % 1_000_000_007)];
  if (!(count > 0) || !Number.isInteger(first)) throw new RangeError('--count is a number, --seed a whole one');
  console.log(`${count} specs from seed ${first}`);
  for (let done = 0; done < count; done += BATCH) {
    const seeds = Array.from({ length: Math.min(BATCH, count - done) }, (_, at) => first + done + at);
    const faults = trySpecs(seeds.map((seed) => randomSpec(`random_${seed}`, seed)));
    if (faults.length > 0) throw new Error(`seeds ${seeds[0]} to ${seeds.at(-1)}:\n${faults.slice(0, 20).join('\n')}`);
  }
  console.log(`${count} specs composed, simulated and read by every tool`);
  return Promise.resolve();
}
