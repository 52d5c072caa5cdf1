import { describe, expect, it } from 'vitest';
import type { GenrtlError } from '@genrtl/contracts';
import { RequestLimiter } from './request-limits.ts';

describe('rates of requests', () => {
  const limits = { perMinute: 60, burst: 3 };
  const refused = (act: () => void): unknown => {
    try {
      act();
      return null;
    } catch (error) {
      return (error as GenrtlError).toBody();
    }
  };

  it('lets a burst through, then the rate, and says how long to wait', () => {
    let nowMs = 0;
    const limiter = new RequestLimiter(() => nowMs);
    const ask = () => refused(() => limiter.count('user', 'ada', limits));
    expect([ask(), ask(), ask()]).toEqual([null, null, null]);
    expect(ask()).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      details: { limit: 'user', retry_after_ms: 1_000 },
    });
    nowMs += 500;
    expect(ask()).toMatchObject({ details: { retry_after_ms: 500 } });
    nowMs += 500;
    expect([ask(), ask()]).toEqual([null, expect.objectContaining({ code: 'RATE_LIMITED' })]);
    nowMs += 3_600_000;
    expect([ask(), ask(), ask()]).toEqual([null, null, null]);
    expect(ask()).not.toBeNull();
  });

  it('counts persons, addresses and projects apart', () => {
    const limiter = new RequestLimiter(() => 0);
    for (let n = 0; n < 3; n++) limiter.count('user', 'ada', limits);
    expect(refused(() => limiter.count('user', 'bob', limits))).toBeNull();
    expect(refused(() => limiter.count('project', 'ada', limits))).toBeNull();
    for (let n = 0; n < 30; n++) limiter.count('address', '10.0.0.1', limits);
    expect(refused(() => limiter.count('address', '10.0.0.1', limits))).toMatchObject({
      details: { limit: 'address' },
    });
  });
});
