import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { countTextTokens, maxTextTokens } from './tokens.ts';

describe('token counts', () => {
  it('equal the tokenizer’s on ordinary text', () => {
    for (const text of [
      '',
      'module top (input logic clk);\nendmodule\n',
      '规格说明：复位低有效。',
      'always_ff @(posedge clk or negedge rst_n)\n'.repeat(50),
    ]) {
      expect(countTextTokens(text)).toBe(encode(text).length);
    }
  });

  it('special tokens in a text are plain text', () => {
    expect(countTextTokens('<|endoftext|>')).toBeGreaterThan(1);
  });

  it.each([
    ['a', 200_000],
    [' ', 200_000],
    ['=', 200_000],
    ['\u{1f680}', 100_000],
    ['ab'.repeat(200), 500],
  ])('a run of %s is counted in bounded time', (piece, times) => {
    const started = process.cpuUsage();
    expect(countTextTokens(piece.repeat(times))).toBeGreaterThan(0);
    expect(process.cpuUsage(started).user).toBeLessThan(1500_000);
  });

  it('10 MB are extrapolated within 2 %', () => {
    const text = 'assign sum[7:0] = a ^ b ^ carry; // one line of logic\n'.repeat(200_000);
    const started = process.cpuUsage();
    const exact = encode(text.slice(0, 1_080_000)).length * (text.length / 1_080_000);
    const estimate = countTextTokens(text);
    expect(Math.abs(estimate - exact) / exact).toBeLessThan(0.02);
    expect(process.cpuUsage(started).user).toBeLessThan(5000_000);
  });

  it('the bound is no less than the count and no more than the bytes', () => {
    for (const text of ['x', 'héllo 世界', '0123456789'.repeat(30), 'the quick brown fox']) {
      expect(maxTextTokens(text)).toBeGreaterThanOrEqual(Math.min(countTextTokens(text), Buffer.byteLength(text)));
      expect(maxTextTokens(text)).toBeLessThanOrEqual(Buffer.byteLength(text));
    }
  });
});
