// SQL of the steps of runs.
import type { ErrorBody } from '@genrtl/contracts';
import { prepared, toJsonb, type Queryable } from '../../db/index.ts';

export interface RunKey {
  readonly accountId: string;
  readonly runId: string;
}

export interface FlowStepRow {
  readonly attempt: number;
  readonly name: string;
  readonly type: 'llm' | 'tool' | 'branch' | 'map';
  readonly status: 'succeeded' | 'failed' | 'cancelled' | 'skipped';
  readonly deterministic: boolean;
  readonly retryable: boolean;
  readonly resumable: boolean;
  readonly inputHash: string;
  readonly outputHash: string | null;
  /** the object that holds input and output, where it is kept */
  readonly payloadRef: string | null;
  readonly error: ErrorBody | null;
  readonly retries: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** How each step ended when the run was worked on last, by name. */
export async function stepEnds(
  tx: Queryable,
  { accountId, runId }: RunKey,
): Promise<Map<string, FlowStepRow['status']>> {
  const { rows } = await tx.query<{ name: string; status: FlowStepRow['status'] }>(
    `SELECT name, status FROM flow_steps WHERE account_id = $1 AND run_id = $2
       AND attempt = (SELECT max(attempt) FROM flow_steps WHERE account_id = $1 AND run_id = $2) ORDER BY ordinal`,
    [accountId, runId],
  );
  return new Map(rows.map(({ name, status }) => [name, status]));
}

/** What one run has to record of its steps. */
export interface RunSteps {
  readonly rows: readonly FlowStepRow[];
  readonly artifacts: readonly RunArtifact[];
}

export interface RunArtifact {
  readonly attempt: number;
  readonly step: string;
  readonly kind: 'payload';
  readonly objectRef: string;
  readonly size: number;
}

/** Of many runs in one commit. What is done again under the same attempt replaces what was recorded of it. */
export async function insertFlowSteps(
  tx: Queryable,
  runs: readonly { readonly key: RunKey; readonly steps: RunSteps }[],
): Promise<void> {
  const each = runs.flatMap(({ key, steps: { rows } }) =>
    rows.map((row, index) => ({ ...key, ...row, ordinal: index + 1 })),
  );
  const nameOf = (row: (typeof each)[number]): string =>
    [row.accountId, row.runId, row.attempt, row.ordinal].join('\n');
  const steps = [...new Map(each.map((row) => [nameOf(row), row])).values()];
  const artifacts = runs.flatMap(({ key, steps }) => steps.artifacts.map((artifact) => ({ ...key, ...artifact })));
  if (steps.length > 0)
    await prepared(
      tx,
      'ai.steps',
      `INSERT INTO flow_steps (account_id, run_id, attempt, ordinal, name, type, status, deterministic, retryable,
         resumable, input_hash, output_hash, payload_ref, error, retries, started_at, ended_at)
       SELECT s."accountId", s."runId", s.attempt, s.ordinal, s.name, s.type, s.status, s.deterministic, s.retryable,
         s.resumable, s."inputHash", s."outputHash", s."payloadRef", s.error, s.retries, s."startedAt", s."endedAt"
       FROM jsonb_to_recordset($1::jsonb) AS s ("accountId" text, "runId" text, attempt integer, ordinal integer,
         name text, type text, status text, deterministic boolean, retryable boolean, resumable boolean,
         "inputHash" text, "outputHash" text, "payloadRef" text, error jsonb, retries integer,
         "startedAt" timestamptz, "endedAt" timestamptz)
       ON CONFLICT (account_id, run_id, attempt, ordinal) DO UPDATE SET name = EXCLUDED.name, type = EXCLUDED.type,
         status = EXCLUDED.status, input_hash = EXCLUDED.input_hash, output_hash = EXCLUDED.output_hash,
         payload_ref = EXCLUDED.payload_ref, error = EXCLUDED.error, retries = EXCLUDED.retries,
         started_at = EXCLUDED.started_at, ended_at = EXCLUDED.ended_at`,
      [toJsonb(steps)],
    );
  if (artifacts.length > 0)
    await tx.query(
      `INSERT INTO run_artifacts (account_id, run_id, attempt, step, kind, object_ref, size)
       SELECT a."accountId", a."runId", a.attempt, a.step, a.kind, a."objectRef", a.size
       FROM jsonb_to_recordset($1::jsonb) AS a ("accountId" text, "runId" text, attempt integer, step text, kind text,
         "objectRef" text, size bigint)
       ON CONFLICT DO NOTHING`,
      [toJsonb(artifacts)],
    );
}
