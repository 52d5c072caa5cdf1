import { expect, test } from 'vitest';
import { wordsOfPlan } from './words-of-plan.ts';

test('a plan that is still arriving is read as words, wherever the piece begins and ends', () => {
  const whole = JSON.stringify({
    title: 'A "fast" bridge',
    top: { name: 'bridge', ports: [{ name: 'clk', direction: 'input', width: '1', description: 'System\nclock' }] },
    assumptions: ['none'],
  });
  expect(wordsOfPlan(whole)).toBe('A "fast" bridge\nbridge\nclk\nSystem clock');
  expect(wordsOfPlan(whole.slice(10, whole.indexOf('clock') + 2))).toBe('bridge\nclk\nSystem cl');
  expect(wordsOfPlan('{"title": "')).toBe('');
});
