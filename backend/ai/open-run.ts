// The beginning of an interactive run: what is known of it, its first attempt and that attempt's hold are one commit,
// before any model is asked.

import { GenrtlError, intentSpec } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import { inTransaction } from '../db/index.ts';
import { dieAt } from '../death-points.ts';
import { flowId } from '../flows/flow.ts';
import type { AdmittedRun } from './admitted-run.ts';
import { admit, type Admission } from './admit.ts';
import { holdFor } from './asking.ts';
import { newAttempt, recordAttempt, workflowOf, type OpenFlowAttempt } from './attempts.ts';
import type { LiveRunParts } from './live-run.ts';
import { hasAttempt } from './repository/attempts.ts';
import { findFlowRun, insertFlowRun, type FlowRunRow, type NewFlowRun, type RunKey } from './repository/runs.ts';
import { cacheKey } from './response-cache.ts';
import type { AiServices } from './services.ts';

export interface AiCall {
  readonly accountId: string;
  readonly leaseId: string | null;
  /** sha256 of the exact request bytes */
  readonly requestHash: string;
  readonly request: AiRequest;
  /** the path that was asked, which the configuration may give a render mode */
  readonly path: string;
}

/** A run that this process works on from here. */
export interface RunStart {
  readonly request: AiRequest;
  readonly requestHash: string;
  readonly admitted: Omit<AdmittedRun, 'live'>;
  readonly live: Pick<LiveRunParts, 'renderMode' | 'attempt' | 'lastSeq' | 'retained'>;
}

/** Long documents are worked on to their end, unless nobody may keep what comes of them, or a reader is wanted. */
export const isDurable = ({ long }: Pick<Admission, 'long'>, { options }: AiRequest): boolean =>
  long !== null && options.retention !== 'none' && options.cancelOnDisconnect !== true;

/** The run, recorded; or the row of the one that there is under this id already. Throws what `admit` throws. */
export async function openRun(services: AiServices, key: RunKey, call: AiCall): Promise<RunStart | FlowRunRow> {
  const { pool, models, owner, cache, config } = services;
  const { request } = call;
  const router = models.routerOf(call.leaseId);
  const admission = await admit(services, call.accountId, router, request).catch(async (error: unknown) => {
    // A run that there is already is joined, whatever a new one would meet now.
    const there = await findFlowRun(pool, key);
    if (there === null) throw error;
    return there;
  });
  if ('run_id' in admission) return admission;
  const { flow, template, prompt } = admission;
  const [model] = admission.models;
  if (model === undefined) throw new GenrtlError('AI_NEEDS_MODEL', 'No model is configured.');
  const renderMode =
    request.renderMode ?? config.current.rendering.defaults[call.path] ?? intentSpec(request.intent).renderMode;
  const retained = request.options.retention !== 'none';
  const durable = isDurable(admission, request);
  const asked = cacheKey({ accountId: call.accountId, flow, template, model, request, renderMode, prompt });
  const known = request.options.refresh === true || !admission.features.response_cache ? null : cache.get(asked);
  const row = {
    request,
    requestHash: call.requestHash,
    contextHash: admission.contextHash,
    flow: flowId(flow),
    template: template.id,
    renderMode,
    model: model.id,
    owner,
    retained,
    durable,
  };
  // A known answer asks nobody, so nothing is held for it.
  const wanted =
    known !== null || prompt === null ? null : newAttempt(1, 'draft', prompt, model, holdFor(admission, model, prompt));
  // When the commit is on its way.
  if (wanted !== null) setImmediate(() => router.expect?.(model));
  const recorded = await record(services, key, row, wanted);
  if (recorded === null) {
    const there = await findFlowRun(pool, key);
    // a job of the account
    if (there === null) throw new GenrtlError('IDEMPOTENCY_MISMATCH', 'This runId names something else');
    return there;
  }
  const { first } = recorded;
  return {
    request,
    requestHash: call.requestHash,
    admitted: { ...admission, durable, first, known, cacheKey: asked, recovery: null, paid: false },
    live: { renderMode, attempt: 1, lastSeq: 0, retained },
  };
}

/** Null: the account has a run of this id already, and it is another one. */
async function record(
  services: AiServices,
  key: RunKey,
  row: NewFlowRun,
  wanted: OpenFlowAttempt | null,
): Promise<{ first: OpenFlowAttempt | null } | null> {
  const { slices } = services;
  const slice = wanted === null ? null : await slices.takeSoon(key.accountId, wanted.hold);
  if (wanted !== null && slice !== null) {
    const first = { ...wanted, holdId: slice.holdId };
    dieAt('after_slice_taken');
    const workflowId = workflowOf(key);
    const begun = await services.beginnings.record({
      key,
      run: row,
      first: { ...first, rateCard: first.model.rateCard, workflowId },
    });
    dieAt('after_run_begun');
    // Without the hold, which somebody gave back, the attempt opens like any later one.
    if (begun.made) return { first: begun.taken ? first : null };
    if (await hasAttempt(services.pool, first.attemptId)) return { first };
    if (begun.usable) {
      slices.putBack(slice);
      return null;
    }
  }
  return recordHolding(services, key, row, wanted);
}

/** With a hold that is placed in the same commit. */
async function recordHolding(
  { pool }: AiServices,
  key: RunKey,
  row: NewFlowRun,
  first: OpenFlowAttempt | null,
): Promise<{ first: OpenFlowAttempt | null } | null> {
  let inserted = false;
  const mine = await inTransaction(pool, 'ai.open', async (tx) => {
    const made = await insertFlowRun(tx, key, row);
    // Somebody else's, or this very call's, whose commit was not heard of: its hold tells.
    if (first === null) {
      // A row that is there already is ours when this body had put it there, and its commit was not heard of.
      inserted ||= made;
      return inserted;
    }
    if (made) await recordAttempt(tx, key, first);
    return made || (await hasAttempt(tx, first.attemptId));
  });
  return mine ? { first } : null;
}
