import { describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { retryAfter } from './failures.ts';
import { showable } from './redact.ts';
import { retryDelayMs } from './retry.ts';

const half = (): number => 0.5;

describe('retries', () => {
  it('double from half a second and end', () => {
    const error = new GenrtlError('MODEL_UNAVAILABLE', 'x');
    expect([1, 2, 3, 4].map((n) => retryDelayMs(error, n, half))).toEqual([500, 1000, 2000, null]);
    expect(retryDelayMs(error, 1, () => 0)).toBe(375);
    expect(retryDelayMs(error, 1, () => 1)).toBe(625);
  });

  it('follow the server’s wish, within patience', () => {
    const wish = (ms: number) => new GenrtlError('MODEL_RATE_LIMITED', 'x', { details: { retry_after_ms: ms } });
    expect(retryDelayMs(wish(0), 1)).toBe(0);
    expect(retryDelayMs(wish(60_000), 4)).toBe(60_000);
    expect(retryDelayMs(wish(60_001), 1)).toBeNull();
    expect(retryDelayMs(wish(10), 5)).toBeNull();
  });

  it.each([
    'MODEL_AUTH',
    'MODEL_CONTEXT_EXCEEDED',
    'MODEL_REFUSED',
    'MODEL_UNKNOWN',
    'CANCELLED',
    'SPEC_NEEDS_MODEL',
    'DESIGN_FAILED',
  ] as const)('%s is never repeated', (code) => {
    expect(retryDelayMs(new GenrtlError(code, 'x'), 1)).toBeNull();
  });

  it('nor is an unknown error', () => {
    expect(retryDelayMs(new Error('bug'), 1)).toBeNull();
  });
});

describe('retry-after', () => {
  const now = Date.parse('2026-11-21T08:00:00Z');
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': 'Sat, 21 Nov 2026 08:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Sat, 21 Nov 2026 07:00:00 GMT' }, 0],
    [{ 'retry-after-ms': '40', 'retry-after': '9' }, 40],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{}, null],
  ] as [Record<string, string>, number | null][])('%j', (headers, expected) => {
    expect(retryAfter(headers, now)).toBe(expected);
  });
});

describe('what may be shown', () => {
  it.each([
    ['key sk-proj-abcDEF123456 refused', 'key [key] refused'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: [key]'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig', 'token [key]'],
    ['my own plain-key-99 leaked', 'my own [key] leaked'],
    ['line\nbreak\r\n\u001b[31mred\u202e', 'line break [31mred'],
  ])('%j', (text, expected) => {
    expect(showable(text, ['plain-key-99'])).toBe(expected);
  });

  it('is bounded, and a secret cut at the border does not slip through', () => {
    expect(showable('x'.repeat(10_000), [])).toHaveLength(300);
    const secret = 'plain-key-0123456789';
    for (let pad = 2380; pad < 2420; pad += 1)
      expect(showable('y'.repeat(pad) + secret, [secret])).not.toContain('plain');
    for (let pad = 280; pad < 305; pad += 1)
      expect(showable('y'.repeat(pad) + secret, [secret])).not.toMatch(/plain-key-0/);
  });
});
