import { describe, expect, it } from 'vitest';
import type { UsageRow } from '@genrtl/contracts';
import { MAX_DAYS, usageDays } from './usage-days.ts';

const row = (time: string, kind: UsageRow['kind'], amount_usd: string): UsageRow => ({
  time,
  job_id: null,
  step_id: null,
  kind,
  item: 'x',
  version: '1',
  amount_usd,
  bucket: 'included',
  receipt_id: null,
  input_tokens: null,
  output_tokens: null,
  cached_tokens: null,
  estimated: false,
});
const local = (day: number, hour = 9): string => new Date(2026, 10, day, hour).toISOString();
const now = new Date(2026, 10, 21, 23, 50).getTime();

describe('usage by day', () => {
  it('sums models and packages apart and shows idle days', () => {
    expect(
      usageDays(
        [
          row(local(19), 'model', '0.10'),
          row(local(19, 20), 'model', '0.000001'),
          row(local(21), 'cbb', '0.50'),
          row(local(21), 'reversal', '-0.50'),
        ],
        now,
      ),
    ).toEqual([
      { day: '2026-11-19', models: '0.100001', packages: '0.00', total: '0.100001' },
      { day: '2026-11-20', models: '0.00', packages: '0.00', total: '0.00' },
      { day: '2026-11-21', models: '0.00', packages: '0.00', total: '0.00' },
    ]);
  });
  it('is bounded and empty without use', () => {
    expect(usageDays([], now)).toEqual([]);
    expect(
      usageDays([row(local(21), 'cbb', '0.50')], now, 30)
        .map(({ total }) => total)
        .slice(-3),
    ).toEqual(['0.00', '0.00', '0.50']);
    expect(usageDays([row(local(21), 'cbb', '0.50')], now, 30)).toHaveLength(30);
    expect(usageDays([row('2020-01-01T00:00:00Z', 'model', '1')], now)).toHaveLength(MAX_DAYS);
  });
});
