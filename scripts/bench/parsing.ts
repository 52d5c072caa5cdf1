// Log parsing of every tool in MB/s of one core, beside reading the same file and beside `wc -l` on it. `scripts/soak
// eda` does
// the same with a gigabyte.
import { execFileSync } from 'node:child_process';
import { measureThroughput, THROUGHPUT_TOOLS, withLog } from '@genrtl/eda/bench/parse-throughput.ts';
import type { ThroughputRow } from '@genrtl/eda/bench/parse-throughput.ts';
import { median, type Measurement } from './table.ts';

const MEGABYTES = 64;
const ROUNDS = 3;
const GOAL_MB_PER_S = 100;
/**
 * What 10,000 kept findings and the heap's breathing may add to the memory after a log of 1 MB, however large the log.
 */
export const FLAT_MB = 150;

export async function benchParsing(): Promise<Measurement[]> {
  const rows: Measurement[] = [];
  let growth = 0;
  for (const tool of THROUGHPUT_TOOLS) {
    const rounds: ThroughputRow[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measureThroughput(tool, MEGABYTES));
    growth = Math.max(growth, ...rounds.map((row) => row.growthMb));
    rows.push({
      name: `${tool}: parse ${MEGABYTES} MB, 1 % diagnostics`,
      value: median(rounds.map((row) => row.parseMbPerS)),
      unit: 'MB/s',
      goal: { min: GOAL_MB_PER_S },
    });
    rows.push({
      name: `${tool}: time / reading the file`,
      value: median(rounds.map((row) => row.ratioToRead)),
      unit: '×',
    });
  }
  const parseSeconds = median([await measureThroughput('icarus', MEGABYTES)].map((row) => row.parseSeconds));
  rows.push({ name: 'icarus: time / `wc -l`', value: parseSeconds / (await wcSeconds()), unit: '×' });
  rows.push({
    name: `memory above that of a 1 MB log, worst of all`,
    value: growth,
    unit: 'MB',
    goal: { max: FLAT_MB },
  });
  return rows;
}

function wcSeconds(): Promise<number> {
  return withLog('icarus', MEGABYTES, (path) => {
    execFileSync('wc', ['-l', path]);
    const started = performance.now();
    execFileSync('wc', ['-l', path]);
    return Promise.resolve((performance.now() - started) / 1000);
  });
}
