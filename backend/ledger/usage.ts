// Usage as people see it: one row for each model call and each purchase, with what each bucket paid.
import { formatUsd, type UsageRow, type UsageSummary } from '@genrtl/contracts';
import type { Queryable } from '../db/index.ts';
import { grantsInForce, readBilling, type BillingRow, type GrantRow } from './grants.ts';
import { readBucket, readBuckets, type BucketRow } from './repository/buckets.ts';
import { usageEntries, type UsageEntryRow } from './repository/journal.ts';

export interface UsageQuery {
  readonly jobId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly cursor: string | null;
  readonly limit: number;
  readonly now?: Date;
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
  const now = ask.now ?? new Date();
  const buckets = await readBuckets(tx, account, now);
  const billing = await readBilling(tx, account);
  const grants = await grantsInForce(tx, account, now);
  return {
    included: includedUse(buckets, grants, billing, now),
    on_demand: onDemandUse(await readBucket(tx, account, 'on_demand')),
    ...(billing === null ? {} : { promotion: left(grants, 'promotion'), prepaid: left(grants, 'prepaid') }),
    local: account === 'local',
    rows: shown.map((entry, index) => usageRow(entry, shown[index - 1]?.ordinal !== entry.ordinal)),
    next_cursor: more && last !== undefined ? String(last) : null,
  };
}

/** What the base bucket and the grants of the present period have given and still hold. */
function includedUse(
  buckets: readonly BucketRow[],
  grants: readonly GrantRow[],
  billing: BillingRow | null,
  now: Date,
): UsageSummary['included'] {
  const base = buckets.find((bucket) => bucket.code === 'included');
  const periods = grants.filter((grant) => grant.kind === 'period');
  const used = periods.reduce(
    (sum, grant) => sum + grant.amount_micro - grant.posted_micro,
    -(base?.posted_micro ?? 0),
  );
  const unlimited = base !== undefined && base.floor_micro === null;
  const limit = periods.reduce((sum, grant) => sum + grant.amount_micro, -(base?.floor_micro ?? 0));
  const end = billing?.period_end ?? null;
  return {
    used_usd: formatUsd(used),
    limit_usd: unlimited ? null : formatUsd(limit),
    renews_at: end !== null && end > now ? end.toISOString() : null,
  };
}

function onDemandUse(bucket: BucketRow | null): UsageSummary['on_demand'] {
  if (bucket === null) return { used_usd: '0.00', limit_usd: '0.00' };
  return {
    used_usd: formatUsd(-bucket.posted_micro),
    limit_usd: bucket.floor_micro === null ? null : formatUsd(-bucket.floor_micro),
  };
}

function left(grants: readonly GrantRow[], kind: GrantRow['kind']): { left_usd: string; next_end: string | null } {
  const open = grants.filter((grant) => grant.kind === kind && grant.frozen_at === null && grant.posted_micro > 0);
  return {
    left_usd: formatUsd(open.reduce((sum, grant) => sum + grant.posted_micro, 0)),
    next_end: open.find((grant) => grant.expires_at !== null)?.expires_at?.toISOString() ?? null,
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
    cache_write_tokens: tokens?.cache_write_tokens ?? null,
    first_token_ms: tokens?.first_token_ms ?? null,
    duration_ms: tokens?.duration_ms ?? null,
    estimated: entry.usage?.estimated ?? false,
  };
}
