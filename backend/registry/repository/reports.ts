// SQL of reports about packages, as maintainers and operators see them.
import { GenrtlError } from '@genrtl/contracts';
import { inTransaction, query, type Pool } from '../../db/index.ts';

export interface ReportRow {
  readonly report_id: string;
  readonly cbb_id: string;
  readonly version: string;
  readonly message: string;
  readonly evidence: string | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
}

const OF = `EXISTS (SELECT 1 FROM cbb_versions v
  WHERE v.cbb_id = r.cbb_id AND v.version = r.version AND v.account_id = ANY($1::text[]))`;

/** About packages of the accounts: open ones first, the newest first. */
export const reportsFor = (pool: Pool, accounts: readonly string[]): Promise<ReportRow[]> =>
  query<ReportRow>(
    pool,
    `SELECT r.report_id, r.cbb_id, r.version, r.message, r.evidence, r.created_at, r.closed_at FROM cbb_reports r
     WHERE ${OF} ORDER BY r.closed_at IS NOT NULL, r.created_at DESC LIMIT 500`,
    [accounts],
  );

/** NOT_FOUND for a report about another's package. */
export async function setReportState(
  pool: Pool,
  reportId: string,
  accounts: readonly string[],
  closed: boolean,
): Promise<void> {
  const { rowCount } = await inTransaction(pool, 'package.change', (tx) =>
    tx.query(
      `UPDATE cbb_reports r SET closed_at = CASE WHEN $3 THEN COALESCE(r.closed_at, now()) END
     WHERE r.report_id = $2 AND ${OF} RETURNING 1`,
      [accounts, reportId, closed],
    ),
  );
  if (rowCount === 0) throw new GenrtlError('NOT_FOUND', `No report ${reportId}`);
}

/** Who published a version. */
export async function maintainerOf(pool: Pool, cbbId: string, version: string): Promise<string | null> {
  const rows = await query<{ account_id: string }>(
    pool,
    'SELECT account_id FROM cbb_versions WHERE cbb_id = $1 AND version = $2',
    [cbbId, version],
  );
  return rows[0]?.account_id ?? null;
}

/** Versions with open reports, those with most first. */
export async function reported(pool: Pool) {
  const rows = await query<{
    cbb_id: string;
    version: string;
    account: string;
    private: boolean;
    yanked: boolean;
    open_reports: number;
    oldest_at: Date;
  }>(
    pool,
    `SELECT r.cbb_id, r.version, COALESCE(NULLIF(a.name, ''), v.account_id) AS account,
       COALESCE(p.visibility = 'private', false) AS private, y.version IS NOT NULL AS yanked,
       count(*) AS open_reports, min(r.created_at) AS oldest_at
     FROM cbb_reports r JOIN cbb_versions v USING (cbb_id, version) JOIN accounts a ON a.account_id = v.account_id
     LEFT JOIN cbb_packages p USING (cbb_id) LEFT JOIN cbb_yanks y USING (cbb_id, version)
     WHERE r.closed_at IS NULL GROUP BY r.cbb_id, r.version, a.name, v.account_id, p.visibility, y.version
     ORDER BY open_reports DESC, oldest_at LIMIT 200`,
  );
  return rows.map(({ oldest_at, ...row }) => ({ ...row, oldest_at: oldest_at.toISOString() }));
}
