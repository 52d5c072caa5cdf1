// usage: the ledger's entries as a table or CSV.
import type { Command } from 'commander';
import { USAGE_CSV_COLUMNS, formatUsd, parseUsd, type UsageRow, type UsageSummary } from '@genrtl/contracts';
import type { BackendClient } from '../../../cloud/backend-client.ts';
import type { CliIo } from '../io.ts';
import { withBackend } from '../with-backend.ts';

/** RFC 4180, and a leading apostrophe where a spreadsheet would run a formula. */
function csvField(value: string): string {
  const safe = /^[=+@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvLine(row: UsageRow): string {
  return USAGE_CSV_COLUMNS.map((column) => csvField(row[column] ?? '')).join(',');
}

async function* allPages(client: BackendClient, jobId: string | null): AsyncGenerator<UsageSummary> {
  for (let cursor: string | null = null; ; ) {
    const page: UsageSummary = await client.usage({ jobId, cursor });
    yield page;
    cursor = page.next_cursor;
    if (cursor === null) return;
  }
}

export function registerUsage(program: Command, io: CliIo): void {
  program
    .command('usage')
    .description('every model call and every purchase, with its price')
    .option('--csv', 'comma-separated values')
    .option('--job <id>', 'only this job')
    .action((options: { csv?: boolean; job?: string }) =>
      withBackend(io, async (client) => {
        const rows: UsageRow[] = [];
        let summary: UsageSummary | null = null;
        if (options.csv) io.out(USAGE_CSV_COLUMNS.join(','));
        for await (const page of allPages(client, options.job ?? null)) {
          summary = page;
          if (options.csv) for (const row of page.rows) io.out(csvLine(row));
          else rows.push(...page.rows);
        }
        if (options.csv || !summary) return;
        if (io.json) {
          io.out(JSON.stringify({ event: 'result', status: 'done', ...summary, rows }));
          return;
        }
        for (const row of rows)
          io.out(
            `${row.time}  ${row.kind.padEnd(8)} ${`${row.item}@${row.version}`.padEnd(40)} ${row.amount_usd.padStart(10)}  ${row.bucket}`,
          );
        io.out(
          `total ${formatUsd(rows.reduce((sum, row) => sum + parseUsd(row.amount_usd), 0))} USD${summary.local ? '  (local ledger: no money moves)' : ''}`,
        );
      }),
    );
}
