// SQL of the steps of interactive runs.
import type { ErrorBody } from '@genrtl/contracts';
import { toJsonb, type Queryable } from '../../db/index.ts';
import type { RunKey } from './runs.ts';

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
  readonly error: ErrorBody | null;
  readonly retries: number;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

export async function insertFlowSteps(
  tx: Queryable,
  { accountId, runId }: RunKey,
  steps: readonly FlowStepRow[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.query(
    `INSERT INTO flow_steps (account_id, run_id, attempt, ordinal, name, type, status, deterministic, retryable, resumable,
       input_hash, output_hash, error, retries, started_at, ended_at)
     SELECT $1, $2, s.attempt, s.ordinal, s.name, s.type, s.status, s.deterministic, s.retryable, s.resumable,
       s."inputHash", s."outputHash", s.error, s.retries, s."startedAt", s."endedAt"
     FROM jsonb_to_recordset($3::jsonb) AS s (attempt integer, ordinal integer, name text, type text, status text,
       deterministic boolean, retryable boolean, resumable boolean, "inputHash" text, "outputHash" text, error jsonb,
       retries integer, "startedAt" timestamptz, "endedAt" timestamptz)
     ON CONFLICT DO NOTHING`,
    [accountId, runId, toJsonb(steps.map((step, index) => ({ ...step, ordinal: index + 1 })))],
  );
}
