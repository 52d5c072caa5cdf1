import { expect, it } from 'vitest';
import { fit, mostTokens, tokensOf } from './window.ts';

const TEXTS = [
  '',
  'module top;\nendmodule\n',
  '计数器的复位值为零。',
  '\u{1F600}\ud800 \u0000',
  'x'.repeat(900),
  '<|endoftext|>',
];

it('what fits is decided by the count, whatever the bytes say first', () => {
  const exact = TEXTS.reduce((sum, text) => sum + tokensOf(text), 0);
  expect(mostTokens(TEXTS)).toBeGreaterThan(exact);
  for (const room of [0, exact - 1, exact, exact + 1, mostTokens(TEXTS) - 1, mostTokens(TEXTS), 1e6])
    expect(fit(TEXTS, room), String(room)).toBe(exact <= room);
  expect(fit([], 0)).toBe(true);
});
