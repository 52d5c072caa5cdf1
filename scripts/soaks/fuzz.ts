// Long fuzzing of everything that reads hostile input: `scripts/soak fuzz [--minutes N] [--seed N]`, ten minutes by default.
import { parseArgs } from 'node:util';
import { runFuzz } from '../../test/fuzz/run-fuzz.ts';

const MINUTES = 10;

export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const minutes = Number(values.minutes ?? MINUTES);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
  if (!(minutes > 0) || !Number.isInteger(seed)) throw new RangeError('--minutes is a number, --seed a whole one');
  console.log(`seed ${seed}, ${minutes} minutes`);
  const suites = ['parsers', 'patches'] as const;
  const runs = await Promise.all(suites.map((suite) => runFuzz({ suite, seconds: minutes * 60, seed })));
  suites.forEach((suite, at) => { console.log(`${suite}: ${runs[at] ?? 0} inputs without a crash or a hang`); });
}
