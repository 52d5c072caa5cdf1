// Long fuzzing of everything that reads hostile input: `scripts/soak fuzz [--minutes N] [--seed N]`, ten minutes by
// default.
// A run of ten minutes or more goes to docs/bench/fuzz.md.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from '../../test/e2e/harness.ts';
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
  suites.forEach((suite, at) => {
    console.log(`${suite}: ${runs[at] ?? 0} inputs without a crash or a hang`);
  });
  if (minutes < MINUTES) return;
  writeFileSync(
    path.join(ROOT, 'docs/bench/fuzz.md'),
    `# Fuzzing

Written by \`scripts/soak fuzz\`: ${minutes} minutes, seed ${seed}, both suites at once on ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}.
No crash, no hang, no input that took more than its share of processor time.

| suite | what is read | inputs |
|---|---|---|
| parsers | logs of every tool, xUnit, VCD, SARIF out and in again | ${runs[0] ?? 0} |
| patches | true, spoilt and random diffs against the applier; an applied patch turns back to the original bytes | ${runs[1] ?? 0} |
`,
  );
}
