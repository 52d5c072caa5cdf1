// Time-boxed fuzzing of the readers of tool output; GENRTL_FUZZ_SECONDS sets how long, scripts/soak fuzz runs it for
// minutes.
import { expect, it } from 'vitest';
import { fuzzSeconds, runFuzz } from './run-fuzz.ts';

it(
  'reads anything without a crash or a hang',
  async () => {
    const seed = Date.now() % 1_000_000_007;
    expect(await runFuzz({ suite: 'parsers', seconds: fuzzSeconds(), seed })).toBeGreaterThan(100);
  },
  (fuzzSeconds() + 120) * 1000,
);
