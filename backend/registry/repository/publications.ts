// SQL of attempts to publish, and of what operators look at.
import type { CbbPublications } from '@genrtl/contracts';
import { inTransaction, query, toJsonb, type Pool } from '../../db/index.ts';

export interface Attempt {
  readonly account: string;
  readonly source: string;
  readonly cbbId: string;
  readonly version: string;
}

/** Where publishing writes down what becomes of an archive. */
export interface PublicationLog {
  begin(attempt: Attempt): Promise<void>;
  part(attempt: Attempt, part: string): Promise<void>;
  /** no findings: it was published */
  end(attempt: Attempt, findings: readonly string[] | null): Promise<void>;
}

export function publicationLog(pool: Pool): PublicationLog {
  const set = async ({ account, source }: Attempt, what: string, values: readonly unknown[]): Promise<void> => {
    await inTransaction(pool, 'package.verify', (tx) =>
      tx.query(`UPDATE cbb_publications SET ${what} WHERE account_id = $1 AND source_sha256 = $2`, [
        account,
        source,
        ...values,
      ]),
    );
  };
  return {
    async begin({ account, source, cbbId, version }) {
      await inTransaction(pool, 'package.verify', (tx) =>
        tx.query(
          `INSERT INTO cbb_publications (account_id, source_sha256, cbb_id, version, status) VALUES ($1, $2, $3, $4, 'verifying')
         ON CONFLICT (account_id, source_sha256) DO UPDATE SET status = 'verifying', part = NULL, findings = '[]',
           started_at = now(), seen_at = now(), ended_at = NULL`,
          [account, source, cbbId, version],
        ),
      );
    },
    part: (attempt, part) => set(attempt, 'part = $3, seen_at = now()', [part]),
    end: (attempt, findings) =>
      set(attempt, 'status = $3, findings = $4, ended_at = now(), seen_at = now()', [
        findings === null ? 'published' : 'refused',
        toJsonb((findings ?? []).slice(0, 100)),
      ]),
  };
}

interface PublicationRow {
  readonly cbb_id: string;
  readonly version: string;
  readonly status: CbbPublications['publications'][number]['status'];
  readonly part: string | null;
  readonly findings: string[];
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly account: string;
}

/** A part of the gate takes minutes; a process that says nothing for longer is gone. */
const ROWS = `SELECT p.cbb_id, p.version, p.part, p.findings, p.started_at, p.ended_at, COALESCE(NULLIF(a.name, ''), p.account_id) AS account,
    CASE WHEN p.status = 'verifying' AND p.seen_at < now() - interval '30 minutes' THEN 'interrupted' ELSE p.status END AS status
  FROM cbb_publications p JOIN accounts a USING (account_id)`;

const shown = ({ started_at, ended_at, ...row }: PublicationRow) => ({
  ...row,
  started_at: started_at.toISOString(),
  ended_at: ended_at?.toISOString() ?? null,
});

export async function publicationsOf(pool: Pool, account: string): Promise<CbbPublications['publications']> {
  const rows = await query<PublicationRow>(
    pool,
    `${ROWS} WHERE p.account_id = $1 ORDER BY p.started_at DESC LIMIT 100`,
    [account],
  );
  return rows.map(shown).map(({ account: _own, ...row }) => row);
}

/** Not published, of the last 30 days. */
export async function unpublished(pool: Pool) {
  const rows = await query<PublicationRow>(
    pool,
    `${ROWS} WHERE p.status <> 'published' AND p.started_at > now() - interval '30 days'
     ORDER BY p.status = 'refused', p.started_at DESC LIMIT 200`,
  );
  return rows.map(shown);
}
