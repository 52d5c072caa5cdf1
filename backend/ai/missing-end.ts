// What a reader has not been told of a run that has ended, where its process died between the commit of the end and its
// last events: made of its row, under numbers above all that can have been sent.
import { formatUsd } from '@genrtl/contracts';
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { Pool } from '../db/index.ts';
import type { Draft } from '../flows/context.ts';
import { usageOfFlowRun } from './repository/attempts.ts';
import { findFlowRun, type FlowRunRow, type RunKey } from './repository/runs.ts';
import { segmentsAfter } from './repository/segments.ts';
import { patchEvent, startEvent } from './run-events.ts';

const SEGMENTS = 200;
/** The final event's number lies above that of the row. */
const FINAL = 1;

/** Nothing for who has seen the end. `seq`: the last number that the reader has. */
export async function missingEnd(pool: Pool, key: RunKey, seq: number): Promise<AiEvent[]> {
  const run = await findFlowRun(pool, key);
  if (run === null) return [];
  // Who has seen the end asks for what comes after it: nothing.
  if (run.last_seq > 0 && seq >= run.last_seq + FINAL) return [];
  const events: Draft[] = seq < run.last_seq ? await lostText(pool, key, run) : [];
  const last = (await usageOfFlowRun(pool, key)).at(-1);
  if (last !== undefined)
    events.push({
      type: 'usage',
      model: last.usage.model,
      input_tokens: last.usage.input_tokens,
      output_tokens: last.usage.output_tokens,
      cost_usd: formatUsd(last.paid_micro),
    });
  if (run.error !== null) events.push({ type: 'error', ...run.error });
  if (run.status !== 'failed')
    events.push({ type: 'final', status: run.status === 'succeeded' ? 'succeeded' : 'cancelled' });
  const before = Math.max(seq, run.last_seq);
  return events.map((event, nth) => ({ ...event, seq: before + nth + 1, runId: key.runId }) as AiEvent);
}

/** The answer again, in place of an attempt whose last text was neither stored nor, perhaps, sent. */
async function lostText(pool: Pool, key: RunKey, run: FlowRunRow): Promise<Draft[]> {
  const { answer, request, render_mode: renderMode, doc_version: docVersion, model, flow } = run;
  if (answer === null || request === null) return [];
  const stored = await storedText(pool, key);
  if (stored.text === answer) return [];
  const start = startEvent({ renderMode, docVersion, attempt: run.attempt + 1, model, flow });
  if (renderMode === 'atomic-patch') return [start, patchEvent(request, answer)];
  return [start, { type: stored.inParts || run.durable ? 'reduce:token' : 'token', text: answer }];
}

/** What the stored events of the last attempt show, and whether they are those of a document in parts. */
async function storedText(pool: Pool, key: RunKey): Promise<{ text: string; inParts: boolean }> {
  let text = '';
  let inParts = false;
  for (let seq = 0; ; ) {
    const segments = await segmentsAfter(pool, key, seq, SEGMENTS);
    for (const { last_seq: last, events } of segments) {
      seq = last;
      for (const event of events as unknown as AiEvent[]) {
        if (event.type === 'step' && event.phase === 'start') text = '';
        if (event.type === 'token' || event.type === 'reduce:token' || event.type === 'patch') text += event.text;
        inParts ||= /^(plan|map:|reduce:)/.test(event.type);
      }
    }
    if (segments.length < SEGMENTS) return { text, inParts };
  }
}
