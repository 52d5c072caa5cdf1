// Usage as people see it: one row for each model call and each purchase, with what each bucket paid.
import { formatUsd, type UsageRow, type UsageSummary } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { readBuckets, type BucketRow } from './repository/buckets.ts';
import { usageEntries, type UsageEntryRow } from './repository/journal.ts';

export interface UsageQuery {
  readonly jobId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly cursor: string | null;
  readonly limit: number;
}

export async function usageSummary(tx: Queryable, account: string, ask: UsageQuery): Promise<UsageSummary> {
  const entries = await usageEntries(tx, {
    account,
    jobId: ask.jobId,
    from: ask.from,
    to: ask.to,
    after: Number(ask.cursor ?? 0),
    limit: ask.limit + 1,
  });
  const ordinals = [...new Set(entries.map((entry) => entry.ordinal))];
  const last = ordinals[ask.limit - 1];
  const more = ordinals.length > ask.limit;
  const shown = more && last !== undefined ? entries.filter((entry) => entry.ordinal <= last) : entries;
  const buckets = await readBuckets(tx, account);
  return {
    included: { ...bucketUse(buckets, 'included'), renews_at: null },
    on_demand: bucketUse(buckets, 'on_demand'),
    local: account === 'local',
    rows: shown.map((entry, index) => usageRow(entry, shown[index - 1]?.ordinal !== entry.ordinal)),
    next_cursor: more && last !== undefined ? String(last) : null,
  };
}

function bucketUse(
  buckets: readonly BucketRow[],
  code: BucketRow['code'],
): { used_usd: string; limit_usd: string | null } {
  const bucket = buckets.find((candidate) => candidate.code === code);
  if (bucket === undefined) return { used_usd: '0.00', limit_usd: '0.00' };
  return {
    used_usd: formatUsd(-bucket.posted_micro),
    limit_usd: bucket.floor_micro === null ? null : formatUsd(-bucket.floor_micro),
  };
}

/** Tokens stand in the first row of an entry only, so that sums over rows are right. */
function usageRow(entry: UsageEntryRow, first: boolean): UsageRow {
  const tokens = entry.kind === 'model' && first ? entry.usage : null;
  return {
    time: entry.created_at.toISOString(),
    job_id: entry.job_id,
    step_id: entry.step_id,
    kind: entry.kind,
    item: entry.item,
    version: entry.version,
    amount_usd: formatUsd(entry.charged_micro),
    bucket: entry.bucket,
    receipt_id: entry.receipt_id,
    input_tokens: tokens?.input_tokens ?? null,
    output_tokens: tokens?.output_tokens ?? null,
    cached_tokens: tokens?.cached_tokens ?? null,
    estimated: entry.usage?.estimated ?? false,
  };
}
