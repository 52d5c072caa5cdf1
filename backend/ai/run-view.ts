// An interactive run as it stands, for who asks about it.
import { formatUsd, GenrtlError } from '@genrtl/contracts';
import type { AiRunView } from '@genrtl/contracts/http/ai.ts';
import type { Pool } from '../db/index.ts';
import type { LiveRun } from './live-run.ts';
import { usageOfFlowRun } from './repository/attempts.ts';
import { findFlowRun, type RunKey } from './repository/runs.ts';

/** Throws NOT_FOUND. */
export async function viewOfRun(pool: Pool, key: RunKey, live: LiveRun | null): Promise<AiRunView> {
  const row = await findFlowRun(pool, key);
  if (row === null) throw new GenrtlError('NOT_FOUND', `No run ${key.runId}`);
  const usage = await usageOfFlowRun(pool, key);
  return {
    runId: row.run_id,
    intent: row.intent,
    flow: row.flow,
    status: row.status,
    renderMode: row.render_mode,
    docVersion: row.doc_version,
    attempt: live?.attempt ?? row.attempt,
    model: row.model,
    text: row.answer,
    error: row.error,
    usage: usage.map((each) => ({
      model: each.usage.model,
      input_tokens: each.usage.input_tokens,
      output_tokens: each.usage.output_tokens,
      cost_usd: formatUsd(each.paid_micro),
      ...(each.usage.estimated ? { estimated: true } : {}),
    })),
    costUsd: formatUsd(usage.reduce((sum, each) => sum + each.paid_micro, 0)),
    lastSeq: live?.lastSeq ?? row.last_seq,
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
