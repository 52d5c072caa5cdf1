// Streamed text is gathered, bounded and never overtaken by the step that ends it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { JobUpdate, StepRecord } from '@genrtl/contracts';
import { PushHub } from './push-hub.ts';
import { UpdateFeed } from './update-feed.ts';

const step: StepRecord = {
  step_id: 'lint_1',
  step: 'lint',
  status: 'ok',
  outcome: 'pass',
  summary: '',
  started_at: '2026-01-01T00:00:00Z',
  duration_ms: 1,
  cost_usd: '0',
};

function recorded(): { feed: UpdateFeed; updates: JobUpdate[] } {
  const hub = new PushHub();
  const updates: JobUpdate[] = [];
  hub.subscribe((message) => {
    if (message.push === 'job.update') updates.push(message.payload.update);
  });
  return { feed: new UpdateFeed('/w', hub), updates };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('many small pieces of one stream become one push', () => {
  const { feed, updates } = recorded();
  for (let at = 0; at < 1000; at += 1) feed.accept({ type: 'token', step_id: 'plan_1', text: 'x' });
  expect(updates).toEqual([]);
  vi.advanceTimersByTime(60);
  expect(updates).toEqual([{ type: 'token', step_id: 'plan_1', text: 'x'.repeat(1000) }]);
});

test('text that came before the end of a step is shown before it', () => {
  const { feed, updates } = recorded();
  feed.accept({ type: 'log', step_id: 'lint_1', stream: 'stdout', text: 'last words' });
  feed.accept({ type: 'step', step });
  expect(updates.map((update) => update.type)).toEqual(['log', 'step']);
});

test('stdout and stderr keep apart', () => {
  const { feed, updates } = recorded();
  feed.accept({ type: 'log', step_id: 'lint_1', stream: 'stdout', text: 'a' });
  feed.accept({ type: 'log', step_id: 'lint_1', stream: 'stderr', text: 'b' });
  feed.flush();
  expect(updates).toHaveLength(2);
});

test('a flood of log keeps its end and stays bounded', () => {
  const { feed, updates } = recorded();
  for (let at = 0; at < 100; at += 1)
    feed.accept({ type: 'log', step_id: 'sim_1', stream: 'stdout', text: `${'y'.repeat(10_000)}${at}` });
  feed.flush();
  const [only] = updates;
  expect(only?.type === 'log' ? only.text.length : 0).toBeLessThanOrEqual(32_768);
  expect(only?.type === 'log' ? only.text.endsWith('99') : false).toBe(true);
});
