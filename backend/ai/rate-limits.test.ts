// A burst, then a steady pace, for each of the three who are counted.
import { describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { RateLimits, type Rates } from './rate-limits.ts';

const rates: Rates = {
  user: { burst: 3, perMinute: 60 },
  address: { burst: 5, perMinute: 600 },
  project: { burst: 100, perMinute: 600 },
};

describe('limits', () => {
  it('let a burst through, then a steady pace; who waits as told is let in', () => {
    let now = 0;
    const limits = new RateLimits(
      () => rates,
      () => now,
    );
    const refused = (user: string): Record<string, unknown> | null => {
      try {
        limits.take({ user, address: 'one', project: 'p' });
        return null;
      } catch (error) {
        return error instanceof GenrtlError ? { code: error.code, ...error.details } : {};
      }
    };
    expect([refused('a'), refused('a'), refused('a')]).toEqual([null, null, null]);
    expect(refused('a')).toEqual({ code: 'RATE_LIMITED', limit: 'user', retry_after_ms: 1_000 });
    expect([refused('b'), refused('b')]).toEqual([null, null]);
    // The address has had its burst; what is refused counts for nobody.
    expect(refused('c')).toMatchObject({ limit: 'address', retry_after_ms: 100 });
    now = 1_000;
    expect([refused('a'), refused('c'), refused('c'), refused('c')]).toEqual([null, null, null, null]);
    expect(refused('a')).toMatchObject({ limit: 'user' });
  });
});
