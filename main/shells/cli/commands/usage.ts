// usage: the ledger's entries as a table or CSV.
import type { Command } from 'commander';
import { formatUsd, parseUsd, usageCsvHeader, usageCsvLine, type UsageRow, type UsageSummary } from '@genrtl/contracts';
import type { BillingView } from '@genrtl/contracts/http/billing.ts';
import type { BackendClient } from '../../../cloud/backend-client.ts';
import type { CliIo } from '../io.ts';
import { withBackend } from '../with-backend.ts';

async function* allPages(client: BackendClient, jobId: string | null): AsyncGenerator<UsageSummary> {
  for (let cursor: string | null = null; ; ) {
    const page: UsageSummary = await client.usage({ jobId, cursor });
    yield page;
    cursor = page.next_cursor;
    if (cursor === null) return;
  }
}

/** What is left, by the bucket that is drawn next; nothing to tell on this machine. */
function bucketLines(usage: UsageSummary, billing: BillingView): string[] {
  const { plan, period, on_demand: onDemand } = billing;
  if (plan === null) return [];
  const closed = onDemand.limit_usd === '0.00';
  return [
    `plan ${plan.name.en}${period === null ? '' : `, period until ${period.end.slice(0, 10)}`}${billing.standing === 'good' ? '' : `, ${billing.standing}`}`,
    `  included       ${usage.included.used_usd} of ${usage.included.limit_usd ?? 'no limit'} used`,
    ...(usage.promotion === undefined ? [] : [`  promotion      ${usage.promotion.left_usd} left`]),
    ...(usage.prepaid === undefined ? [] : [`  prepaid        ${usage.prepaid.left_usd} left`]),
    `  pay-as-you-go  ${closed ? 'closed' : `${onDemand.used_usd} of ${onDemand.limit_usd ?? 'no limit'} used, billed in addition`}${
      !closed && onDemand.consented_until === null ? '; not agreed to in this period: `npx genrtl usage --consent`' : ''
    }`,
    ...(billing.page === null ? [] : [`plan and payment: ${billing.page}`]),
  ];
}

export function registerUsage(program: Command, io: CliIo): void {
  program
    .command('usage')
    .description('what is left, every model call and every purchase, with its price')
    .option('--csv', 'comma-separated values')
    .option('--job <id>', 'only this job')
    .option('--consent', 'agree to pay-as-you-go, billed in addition, until the period ends')
    .action((options: { csv?: boolean; job?: string; consent?: boolean }) =>
      withBackend(io, async (client) => {
        if (options.consent) {
          const { consented_until } = await client.consentToOnDemand();
          if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', consented_until }));
          else io.out(`Agreed to pay-as-you-go, billed in addition, until ${consented_until.slice(0, 10)}.`);
          return;
        }
        const rows: UsageRow[] = [];
        let summary: UsageSummary | null = null;
        if (options.csv) io.out(usageCsvHeader());
        for await (const page of allPages(client, options.job ?? null)) {
          summary ??= page;
          if (options.csv) for (const row of page.rows) io.out(usageCsvLine(row));
          else rows.push(...page.rows);
        }
        if (options.csv || !summary) return;
        const billing = summary.local ? null : await client.billing();
        if (io.json) {
          io.out(
            JSON.stringify({
              event: 'result',
              status: 'done',
              ...summary,
              rows,
              next_cursor: null,
              ...(billing === null ? {} : { billing }),
            }),
          );
          return;
        }
        for (const row of rows)
          io.out(
            `${row.time}  ${row.kind.padEnd(8)} ${`${row.item}@${row.version}`.padEnd(40)} ${row.amount_usd.padStart(10)}  ${row.bucket}`,
          );
        io.out(
          `total ${formatUsd(rows.reduce((sum, row) => sum + parseUsd(row.amount_usd), 0))} USD${summary.local ? '  (local ledger: no money moves)' : ''}`,
        );
        if (billing !== null) for (const line of bucketLines(summary, billing)) io.out(line);
      }),
    );
}
