// Parsers on logs of a gigabyte: throughput, flat memory, exact counts. `scripts/soak eda [--megabytes N] [--tool ID]`;
// without arguments the result goes to docs/bench/parsing.md.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { measureThroughput, THROUGHPUT_TOOLS } from '@genrtl/eda/bench/parse-throughput.ts';
import { ROOT } from '../../test/e2e/harness.ts';
import { FLAT_MB } from '../bench/parsing.ts';

const GIGABYTE_MB = 1000;
const GOAL_MB_PER_S = 100;

export async function soak(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { megabytes: { type: 'string' }, tool: { type: 'string' } },
  });
  const megabytes = Number(values.megabytes ?? GIGABYTE_MB);
  const tools = THROUGHPUT_TOOLS.filter((tool) => values.tool === undefined || tool === values.tool);
  if (!(megabytes > 0) || tools.length === 0)
    throw new RangeError(`--megabytes is a number, --tool one of ${THROUGHPUT_TOOLS.join(', ')}`);
  const lines = [
    '| tool | MB/s of one core | time / reading the file | diagnostics counted | kept | memory above that of a 1 MB log |',
    '|---|---|---|---|---|---|',
  ];
  const missed: string[] = [];
  for (const tool of tools) {
    const row = await measureThroughput(tool, megabytes);
    lines.push(
      `| ${tool} | ${row.parseMbPerS.toFixed(0)} | ${row.ratioToRead.toFixed(1)} × | ${row.diagnostics} | ${row.kept} | ${row.growthMb.toFixed(0)} MB |`,
    );
    console.log(lines.at(-1));
    if (row.parseMbPerS < GOAL_MB_PER_S) missed.push(`${tool}: ${row.parseMbPerS.toFixed(0)} MB/s`);
    if (row.growthMb > FLAT_MB) missed.push(`${tool}: memory grew by ${row.growthMb.toFixed(0)} MB`);
  }
  if (args.length === 0) {
    writeFileSync(
      path.join(ROOT, 'docs/bench/parsing.md'),
      `# Log parsing

Written by \`scripts/soak eda\`: a log of ${megabytes} MB for each tool, 1 % of its lines start a diagnostic; counts were compared with
what was written. ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}. Goals: at least ${GOAL_MB_PER_S} MB/s, memory within ${FLAT_MB} MB.

${lines.join('\n')}
`,
    );
  }
  if (missed.length > 0) throw new Error(missed.join('\n'));
}
