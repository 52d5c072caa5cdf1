// Metrics of interactive runs and of work on long documents. Labels are names of flows, steps and models, never ids.
import { Counter, Histogram, type Registry } from 'prom-client';
import { onSignal } from './signals.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 8, 15, 30, 60, 300, 1800];
const CHUNKS = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];
const TOKENS = [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
const SHARES = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1];

/** Returns what ends them. */
export function aiMetrics(registers: Registry[]): (() => void)[] {
  const histogram = (name: string, help: string, buckets: number[], labelNames: string[] = []): Histogram =>
    new Histogram({ name, help, labelNames, buckets, registers });
  const counter = (name: string, help: string, labelNames: string[] = []): Counter =>
    new Counter({ name, help, labelNames, registers });

  const runs = histogram('genrtl_ai_run_seconds', 'Interactive runs, from the request to the end', SECONDS, [
    'intent',
    'flow',
    'status',
  ]);
  const firstTexts = histogram('genrtl_ai_first_token_seconds', 'From the request to the first visible text', SECONDS, [
    'intent',
  ]);
  const errors = counter('genrtl_ai_errors_total', 'Interactive runs that an error ended, by code', ['intent', 'code']);
  const budgets = counter('genrtl_ai_budget_exceeded_total', 'Interactive runs that their budget ended', ['intent']);
  const replaced = counter('genrtl_ai_replaced_attempts_total', 'Attempts that a later one replaced', ['intent']);
  const fallbacks = counter('genrtl_ai_fallbacks_total', 'Runs that another model than the first choice answered', [
    'intent',
  ]);
  const hits = counter('genrtl_ai_cached_runs_total', 'Runs that were answered from what was known', ['intent']);
  const tokens = counter('genrtl_ai_tokens_total', 'Tokens of interactive runs', ['intent', 'direction']);
  const cost = counter('genrtl_ai_cost_micro_usd_total', 'What interactive runs cost, in micro-dollars', ['intent']);
  const steps = histogram('genrtl_flow_step_seconds', 'Steps of flows, of both runners', SECONDS, [
    'flow',
    'step',
    'type',
    'status',
  ]);

  const chunks = histogram('genrtl_long_chunks', 'Parts of a long document', CHUNKS, ['intent']);
  const chunkTokens = histogram('genrtl_long_chunk_tokens', 'Tokens of a part, on average of its document', TOKENS, [
    'intent',
  ]);
  const overlap = histogram('genrtl_long_overlap_ratio', 'Share of a part that is repeated before it', SHARES, [
    'intent',
  ]);
  const concurrency = histogram('genrtl_long_map_concurrency', 'Parts that are worked on side by side', CHUNKS, [
    'intent',
  ]);
  const reuse = histogram('genrtl_long_reuse_rate', 'Share of a document’s parts whose answers were known', SHARES, [
    'intent',
  ]);
  const boundaries = histogram(
    'genrtl_long_boundary_error_rate',
    'Share of the boundaries between parts that lie inside a block',
    SHARES,
    ['intent'],
  );
  const calls = histogram('genrtl_long_call_seconds', 'Questions about parts and about what they gave', SECONDS, [
    'stage',
    'reused',
  ]);

  return [
    onSignal('ai_run', ({ intent, flow, status, code, durationMs, firstTokenMs, ...run }) => {
      runs.observe({ intent, flow, status }, durationMs / 1000);
      if (firstTokenMs !== null) firstTexts.observe({ intent }, firstTokenMs / 1000);
      if (code !== null) errors.inc({ intent, code });
      if (code === 'BUDGET_EXCEEDED') budgets.inc({ intent });
      if (run.replaced > 0) replaced.inc({ intent }, run.replaced);
      if (run.fellBack) fallbacks.inc({ intent });
      if (run.cached) hits.inc({ intent });
      tokens.inc({ intent, direction: 'input' }, run.inputTokens);
      tokens.inc({ intent, direction: 'output' }, run.outputTokens);
      cost.inc({ intent }, run.costMicro);
    }),
    onSignal('flow_step', ({ flow, step, type, status, durationMs }) => {
      steps.observe({ flow, step, type, status }, durationMs / 1000);
    }),
    onSignal('long_plan', (plan) => {
      const { intent } = plan;
      chunks.observe({ intent }, plan.chunks);
      chunkTokens.observe({ intent }, plan.chunks === 0 ? 0 : plan.chunkTokens / plan.chunks);
      overlap.observe({ intent }, plan.overlapRatio);
      concurrency.observe({ intent }, plan.concurrency);
      reuse.observe({ intent }, plan.chunks === 0 ? 0 : plan.reused / plan.chunks);
      boundaries.observe({ intent }, plan.boundaryErrorRate);
    }),
    onSignal('long_call', ({ stage, reused, durationMs }) => {
      calls.observe({ stage, reused: String(reused) }, durationMs / 1000);
    }),
  ];
}
