// Updates are off without a feed, and a feed that could be read or changed on the way is no feed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { feedFrom, followUpdates } from './updates.ts';
import type { Updater } from './updates.ts';

let loads: number;
let checks: number;
let feed: unknown;
const updater: Updater = {
  autoDownload: false,
  autoInstallOnAppQuit: false,
  allowDowngrade: true,
  allowPrerelease: true,
  setFeedURL: (options) => {
    feed = options;
  },
  checkForUpdates: async () => {
    checks += 1;
  },
};
const told: unknown[] = [];
const follow = (feedUrl: string | undefined, packaged = true): (() => void) =>
  followUpdates({
    feedUrl,
    packaged,
    updater: async () => {
      loads += 1;
      return updater;
    },
    onUnexpected: (_where, error) => told.push(error),
  });

beforeEach(() => {
  vi.useFakeTimers();
  [loads, checks, feed, told.length] = [0, 0, null, 0];
});
afterEach(() => void vi.useRealTimers());

test.each([undefined, '', 'http://updates.example/', 'file:///tmp/x', 'https://user:pw@updates.example/', 'not a url'])(
  '%j: nothing is loaded and nothing is asked',
  async (url) => {
    follow(url);
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    expect([loads, checks]).toEqual([0, 0]);
    expect(told).toHaveLength(url === undefined || url === '' ? 0 : 1);
  },
);

test('a checkout never updates itself', async () => {
  follow('https://updates.example/genrtl/', false);
  await vi.advanceTimersByTimeAsync(0);
  expect(loads).toBe(0);
});

test('with a feed it looks at once and every six hours, never at older or unfinished versions, until it is ended', async () => {
  const stop = follow('https://updates.example/genrtl/');
  await vi.advanceTimersByTimeAsync(12 * 3_600_000);
  expect([loads, checks]).toEqual([1, 3]);
  expect(feed).toEqual({ provider: 'generic', url: 'https://updates.example/genrtl/' });
  expect([updater.allowDowngrade, updater.allowPrerelease, updater.autoInstallOnAppQuit]).toEqual([false, false, true]);
  stop();
  await vi.advanceTimersByTimeAsync(12 * 3_600_000);
  expect(checks).toBe(3);
});

test('a feed that does not answer is told and does not stop the app', async () => {
  const failing: Updater = {
    ...updater,
    checkForUpdates: async () => {
      throw new Error('ENOTFOUND');
    },
  };
  followUpdates({
    feedUrl: 'https://updates.example/',
    packaged: true,
    updater: async () => failing,
    onUnexpected: (_where, error) => told.push(error),
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(String(told[0])).toContain('ENOTFOUND');
});

test('feedFrom keeps https only', () => expect(feedFrom('https://a.example/x')).toBe('https://a.example/x'));
