// What waits a moment: each act once and in its order, none after another turn of the loop than it has to be.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('acts once each, in the order of asking, however often it is asked', async () => {
  const pace = new Pace({ leastMs: 5, mostMs: 5, eachMs: 0 });
  const done: number[] = [];
  const acts = Array.from({ length: 30 }, (_, nth) => () => {
    done.push(nth);
  });
  for (const act of [...acts, ...acts]) pace.later(act);
  await delay(50);
  expect(done).toEqual(acts.map((_, nth) => nth));
  pace.later(acts[3] as () => void);
  await delay(50);
  expect(done.at(-1)).toBe(3);
});

it('lets others in between when much is due', async () => {
  const pace = new Pace({ leastMs: 5, mostMs: 5, eachMs: 0 });
  let done = 0;
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  for (let nth = 0; nth < 100; nth += 1)
    pace.later(() => {
      done += 1;
      resolve();
    });
  await begun;
  const seen = [done];
  while (done < 100) {
    await nextTurn();
    seen.push(done);
  }
  expect(seen.length).toBeGreaterThan(3);
});

it('goes slower the more wait, within its bounds, and faster again', async () => {
  const pace = new Pace({ leastMs: 2, mostMs: 40, eachMs: 0.1 });
  const round = async (acts: number): Promise<number> => {
    for (let nth = 0; nth < acts; nth += 1) pace.later(() => undefined);
    await delay(2 * pace.everyMs + 20);
    return pace.everyMs;
  };
  expect(await round(10)).toBe(2);
  expect(await round(200)).toBe(20);
  expect(await round(2_000)).toBe(40);
  expect(await round(1)).toBe(2);
});
