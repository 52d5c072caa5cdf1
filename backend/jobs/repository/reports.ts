// SQL of reports about packages.
import { storableText, type Queryable } from '../../db/index.ts';

export async function insertReport(
  tx: Queryable,
  report: {
    reportId: string;
    accountId: string;
    cbbId: string;
    version: string;
    message: string;
    evidence: string | null;
  },
): Promise<void> {
  await tx.query(
    'INSERT INTO cbb_reports (report_id, account_id, cbb_id, version, message, evidence) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING',
    [report.reportId, report.accountId, report.cbbId, report.version, storableText(report.message), report.evidence],
  );
}
