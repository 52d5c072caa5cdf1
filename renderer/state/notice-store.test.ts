// What is said again stays where it was, and offers what the last time offers.
import { afterEach, expect, test } from 'vitest';
import { useNotices } from './notice-store.ts';

afterEach(() => useNotices.getState().clear());

test('the same failure twice is one notice, whose button copies the later answer', () => {
  const copied: string[] = [];
  const fail = (answer: string): void =>
    useNotices
      .getState()
      .add({ tone: 'error', text: 'lost', action: { label: 'Copy', run: () => copied.push(answer) } });
  fail('first');
  useNotices.getState().add({ tone: 'info', text: 'else' });
  const [before] = useNotices.getState().notices;
  fail('second');
  const { notices } = useNotices.getState();
  expect(notices.map(({ id, text }) => [id, text])).toEqual([
    [before?.id, 'lost'],
    [(before?.id ?? 0) + 1, 'else'],
  ]);
  notices[0]?.action?.run();
  expect(copied).toEqual(['second']);
});
