import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import { expect, test } from 'vitest';
import { afterEvent, hasEnded, refused, startedRun, stopped } from './run-state.ts';

let seq = 0;
type Bare<T> = T extends AiEvent ? Omit<T, 'seq' | 'runId'> : never;
const event = (bare: Bare<AiEvent>, own: { seq?: number; runId?: string } = {}): AiEvent =>
  ({ runId: 'r1', seq: (seq += 1), ...bare, ...own }) as AiEvent;
const start = (attempt = 1, renderMode: 'streaming-text' | 'atomic-patch' = 'streaming-text'): AiEvent =>
  event({
    type: 'step',
    phase: 'start',
    name: 'draft',
    renderMode,
    docVersion: 7,
    attempt,
    model: 'fake/one',
    flow: 'continue-writing@1',
    ...(attempt > 1 ? { replaces: attempt - 1 } : {}),
  });
const token = (text: string): AiEvent => event({ type: 'token', text });
const fold = (...events: AiEvent[]) => events.reduce(afterEvent, startedRun('r1'));

test('tokens make the text; usage and the end are kept', () => {
  const state = fold(
    start(),
    token('assign '),
    token('q = d;'),
    event({ type: 'usage', model: 'fake/one', input_tokens: 10, output_tokens: 4, cost_usd: '0.000012' }),
    event({ type: 'usage', model: 'fake/one', input_tokens: 1, output_tokens: 1, cost_usd: '0.0001', estimated: true }),
    event({ type: 'final', status: 'succeeded' }),
  );
  expect(state).toMatchObject({
    status: 'succeeded',
    text: 'assign q = d;',
    docVersion: 7,
    usage: { inputTokens: 11, outputTokens: 5, costMicroUsd: 112, estimated: true, cached: false },
  });
});

test('a second attempt takes the place of the first one’s text', () => {
  expect(fold(start(), token('half a lin'), start(2), token('whole')).text).toBe('whole');
  expect(fold(start(2), token('whole'), start(1)).text).toBe('whole');
});

test('frames of another run, repeated ones and those behind the end are dropped', () => {
  const other = event({ type: 'token', text: 'ghost' }, { runId: 'r0' });
  const first = start();
  const once = token('a');
  const state = fold(first, once, once, other, event({ type: 'final', status: 'cancelled' }), token('late'));
  expect(state).toMatchObject({ status: 'cancelled', text: 'a' });
  expect(afterEvent(stopped(fold(start(), token('x'))), token('late')).text).toBe('x');
});

test('modes never mix: tokens of a patch and patches of a stream are no text', () => {
  const patch = (text: string): AiEvent =>
    event({ type: 'patch', op: 'replace_text', target: { type: 'selectionRef', ref: {} }, text });
  expect(fold(start(1, 'atomic-patch'), token('t'), patch('p'), patch('q'))).toMatchObject({ text: '', patch: 'p' });
  expect(fold(start(), token('t'), patch('p'))).toMatchObject({ text: 't', patch: null });
});

test('a budget that is spent ends with its error; others end at once; a refusal is an end', () => {
  const error = (code: string): AiEvent =>
    event({ type: 'error', code, message: 'm', retryable: false } as Bare<AiEvent>);
  const spent = fold(start(), token('a'), error('BUDGET_EXCEEDED'));
  expect(hasEnded(spent)).toBe(false);
  expect(afterEvent(spent, event({ type: 'final', status: 'cancelled' }))).toMatchObject({
    status: 'failed',
    error: { code: 'BUDGET_EXCEEDED' },
  });
  expect(fold(start(), error('MODEL_UNAVAILABLE')).status).toBe('failed');
  expect(refused(startedRun('r1'), { code: 'CANCELLED', message: '', retryable: true }).status).toBe('cancelled');
});
