// Time-boxed fuzzing of the patch applier; GENRTL_FUZZ_SECONDS sets how long, scripts/soak fuzz runs it for minutes.
import { expect, it } from 'vitest';
import { fuzzSeconds, runFuzz } from './run-fuzz.ts';

it(
  'applies or refuses anything without a crash, a hang or a guess',
  async () => {
    const seed = Date.now() % 1_000_000_007;
    expect(await runFuzz({ suite: 'patches', seconds: fuzzSeconds(), seed })).toBeGreaterThan(100);
  },
  (fuzzSeconds() + 120) * 1000,
);
